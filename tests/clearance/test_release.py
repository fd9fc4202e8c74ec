"""Release: what lets the goods go, and each thing that holds them."""

import pytest

from clearance import selectors, services
from clearance.models import Case
from declarations.models import Declaration, Event, Status
from declarations.services import ending
from lib.violations import Rejected
from tests import make
from tests.clearance import make as clearance

pytestmark = pytest.mark.django_db


def status(case: Case) -> str:
    return Declaration.objects.get(pk=case.declaration_id).status


@pytest.mark.parametrize("lane", ["green", "blue"])
def test_green_and_blue_are_released_when_paid_without_an_officer(lane: str) -> None:
    case = clearance.paid(lane)
    assert services.release_if_clear(case.declaration_id, at=make.AT)
    assert status(case) == Status.RELEASED
    assert Case.objects.get(pk=case.pk).closed_as == Case.End.RELEASED


def test_an_unpaid_declaration_is_not_released() -> None:
    case = clearance.routed("green")
    assert not services.release_if_clear(case.declaration_id, at=make.AT)
    assert status(case) == Status.ASSESSED


def test_a_declaration_without_a_lane_is_not_released() -> None:
    declaration = make.paid()
    assert not services.release_if_clear(declaration.pk, at=make.AT)
    declaration.refresh_from_db()
    assert declaration.status == Status.PAID


@pytest.mark.parametrize("lane", ["yellow", "red"])
def test_yellow_and_red_wait_for_the_officers_decision(lane: str) -> None:
    case = clearance.paid(lane)
    assert not services.release_if_clear(case.declaration_id, at=make.AT)
    assert status(case) == Status.PAID


def test_releasing_twice_changes_nothing() -> None:
    case = clearance.paid("green")
    assert services.release_if_clear(case.declaration_id, at=make.AT)
    assert not services.release_if_clear(case.declaration_id, at=clearance.LATER)
    assert Event.objects.filter(declaration=case.declaration_id, verb="release").count() == 1


def test_a_yellow_file_is_released_by_the_decision_of_its_officer() -> None:
    case = clearance.claimed("yellow")
    services.decide_release(case, by=clearance.yellow_officer(), at=make.AT)
    assert status(case) == Status.RELEASED
    assert Event.objects.get(declaration=case.declaration_id, verb="release").by == clearance.yellow_officer()


def test_a_decision_before_the_money_releases_when_the_money_comes() -> None:
    officer = clearance.yellow_officer()
    case = clearance.taken(clearance.routed("yellow"), by=officer)
    services.decide_release(case, by=officer, at=make.AT)
    assert status(case) == Status.ASSESSED
    clearance.pay(case.declaration)
    assert services.release_if_clear(case.declaration_id, at=make.AT)
    assert status(case) == Status.RELEASED


def test_nobody_decides_on_a_file_the_officer_does_not_hold() -> None:
    case = clearance.paid("yellow")
    with pytest.raises(Rejected, match="C003"):
        services.decide_release(case, by=clearance.yellow_officer(), at=make.AT)


def test_a_documentary_officer_does_not_decide_on_red() -> None:
    case = clearance.claimed("red")
    with pytest.raises(Rejected, match="C002"):
        services.decide_release(case, by=clearance.yellow_officer(), at=make.AT)


def test_red_goods_are_examined_before_they_are_released() -> None:
    case = clearance.claimed("red")
    with pytest.raises(Rejected, match="C032"):
        services.decide_release(case, by=clearance.red_officer(), at=make.AT)
    case = clearance.examined(lrn="second")
    services.decide_release(case, by=clearance.red_officer(), at=make.AT)
    assert status(case) == Status.RELEASED


def test_a_discrepancy_is_released_only_when_something_came_of_it() -> None:
    case = clearance.examined("quantity", "42 cartons, 40 declared")
    officer = clearance.red_officer()
    with pytest.raises(Rejected, match="C034"):
        services.decide_release(case, note="never mind", by=officer, at=make.AT)
    found = list(selectors.unsettled(case.mrn))
    with pytest.raises(Rejected, match="C060"):
        services.close_findings(case, findings=found, reason="ok.......", by=officer, at=make.AT)
    services.close_findings(case, findings=found, reason="Two cartons were empty.", by=officer, at=make.AT)
    services.decide_release(case, by=officer, at=make.AT)
    assert status(case) == Status.RELEASED


def test_a_question_holds_the_release() -> None:
    query = clearance.queried()
    with pytest.raises(Rejected, match="C030"):
        services.decide_release(query.case, by=clearance.yellow_officer(), at=make.AT)


def test_an_examination_under_way_holds_the_release() -> None:
    case = clearance.claimed("yellow")
    services.start_examination(case, kind="documents", by=clearance.yellow_officer(), at=make.AT)
    with pytest.raises(Rejected, match="C031"):
        services.decide_release(case, by=clearance.yellow_officer(), at=make.AT)


def test_an_officer_rejects_with_a_reason_that_closes_the_file() -> None:
    case = clearance.claimed("yellow")
    with pytest.raises(Rejected, match="C005"):
        services.reject(case, reason=" ", by=clearance.yellow_officer(), at=make.AT)
    services.reject(case, reason="Forged invoice", by=clearance.yellow_officer(), at=make.AT)
    assert status(case) == Status.REJECTED
    assert Case.objects.get(pk=case.pk).closed_as == Case.End.REJECTED


def test_a_cancelled_declaration_closes_its_file_and_is_never_released() -> None:
    case = clearance.routed("green")
    services.cancel(case.declaration, reason="wrong goods", by=make.trader(), at=make.AT)
    assert Case.objects.get(pk=case.pk).closed_as == Case.End.CANCELLED
    assert not services.release_if_clear(case.declaration_id, at=make.AT)


def test_an_amendment_opens_a_file_of_its_own_and_keeps_the_officer() -> None:
    officer = clearance.yellow_officer()
    old = services.claim(clearance.routed("yellow"), by=officer, at=make.AT)
    new = clearance.amended(old.declaration, comments="corrected")
    clearance.score(new.pk, at=clearance.LATER)
    case = services.route(new.pk, at=clearance.LATER)
    assert case is not None
    assert (case.claimed_by, case.lodged_at) == (officer, old.lodged_at)
    assert Case.objects.get(pk=old.pk).closed_as == Case.End.SUPERSEDED


def test_routing_twice_makes_one_file() -> None:
    case = clearance.routed("green")
    assert services.route(case.declaration_id, at=clearance.LATER) == case


def test_an_unscored_declaration_has_no_file() -> None:
    assert services.route(make.assessed().pk, at=make.AT) is None


def test_the_target_comes_from_the_country(country: object) -> None:
    services.load_targets(country, at=make.AT)  # type: ignore[arg-type]
    case = clearance.routed("yellow")
    assert (case.due_at - case.opened_at).total_seconds() == 4 * 3600


def test_a_file_left_by_a_cancellation_elsewhere_is_closed() -> None:
    case = clearance.routed("yellow")
    ending.cancel(case.declaration, reason="wrong goods", by=make.trader(), at=make.AT)
    services.close_ended(case.declaration_id, at=make.AT)
    assert Case.objects.get(pk=case.pk).closed_as == Case.End.CANCELLED
