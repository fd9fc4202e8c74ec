"""An amendment undoes nothing that officers did: lane, question, examination and whoever may go on with them."""

import uuid
from collections.abc import Callable
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import OfficerRole, Role, User
from accounts.services import end_role
from clearance import selectors, services
from clearance.models import Case, Examination, ExaminationPhoto, Query, Reroute
from clearance.selectors.clients import clients_of, due_first
from lib.violations import Rejected
from risk.services import score
from tests import make
from tests.clearance import make as clearance
from tests.clearance.test_traces import picture, second_supervisor
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
WHY = "The seller is known to us."


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Rejected) as refused:
        act()
    return refused.value.violations[0].code


def amended(case: Case, *, lane: str) -> Case:
    """The file of the next version, which criteria put on this lane."""
    clearance.all_on(lane)
    new = clearance.amended(Case.objects.get(pk=case.pk).declaration)
    score(new.pk, at=make.AT)
    made = services.route(new.pk, at=make.AT)
    assert made is not None
    return made


def leaves(officer: User) -> None:
    admin = make.officer(Role.ADMIN, None)
    end_role(OfficerRole.objects.get(user=officer), reason="moves on", by=admin, on=make.ON, at=make.AT)


# The lane -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("lane", ["yellow", "green"])
def test_a_lane_that_was_raised_by_hand_does_not_sink_with_an_amendment(lane: str) -> None:
    case = clearance.routed("yellow")
    services.reroute(case, lane="red", reason=WHY, by=make.supervisor(), at=make.AT)
    second = amended(case, lane=lane)
    assert second.lane == "red"
    assert amended(second, lane=lane).lane == "red", "nor with the one after"
    assert selectors.was_rerouted_by(make.supervisor(), second)


def test_a_lane_that_two_officers_lowered_is_that_of_the_criteria_again() -> None:
    case = clearance.routed("red")
    services.reroute(case, lane="yellow", reason=WHY, by=make.supervisor(), at=make.AT)
    services.agree_to_reroute(Reroute.objects.get(), by=second_supervisor(), at=make.AT)
    assert amended(case, lane="red").lane == "red"


def test_a_file_on_which_nothing_was_begun_goes_where_its_new_version_belongs() -> None:
    case = clearance.taken(clearance.routed("red"), by=clearance.red_officer())
    assert amended(case, lane="green").lane == "green"


@pytest.mark.parametrize(("lane", "keeps"), [("red", False), ("yellow", True)])
def test_the_officer_keeps_a_new_version_only_on_a_lane_of_the_officers(lane: str, keeps: bool) -> None:
    officer = clearance.yellow_officer()
    case = clearance.taken(clearance.routed("yellow"), by=officer)
    assert amended(case, lane=lane).claimed_by == (officer if keeps else None)


def test_an_officer_who_has_left_does_not_get_the_new_version() -> None:
    case = clearance.taken(clearance.routed("yellow"), by=clearance.yellow_officer())
    leaves(clearance.yellow_officer())
    assert amended(case, lane="yellow").claimed_by is None


# A question ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("lane", ["yellow", "green"])
def test_a_question_is_asked_of_the_new_version_and_holds_it(lane: str) -> None:
    officer = clearance.yellow_officer()
    case = clearance.taken(clearance.routed("yellow"), by=officer)
    first = services.ask(case, question="Where is the contract?", due=clearance.DUE, by=officer, at=make.AT)
    second = amended(case, lane=lane)
    again = Query.objects.get(case=second)
    assert (again.question, again.asked_by, again.due) == (first.question, officer, first.due)
    assert (second.lane, Case.objects.get(pk=second.pk).waits_for) == ("yellow", "answer")
    first.refresh_from_db()
    assert first.answer.is_withdrawal
    clearance.checked(second, by=officer)
    assert code(partial(services.decide_release, second, by=officer, at=make.AT)) == "C030"
    page = client_of(make.trader()).get(reverse("desk")).content.decode()
    assert reverse("declaration", args=[second.declaration.public_id]) in page
    services.answer(again, text="It is here.", by=make.trader(), at=make.AT)
    assert services.decide_release(second, by=officer, at=make.AT).decided_by == officer


# An examination -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("lane", ["green", "red"])
def test_an_examination_that_was_begun_goes_on_and_holds_the_new_version(lane: str, client: Client) -> None:
    officer = clearance.red_officer()
    case = clearance.taken(clearance.paid("red"), by=officer)
    begun = services.start_examination(case, kind="goods", by=officer, at=make.AT)
    door = reverse("phone_photos", args=[selectors.photo_link(begun, by=officer, at=timezone.now())])
    second = amended(case, lane=lane)
    assert second.lane == "red"
    assert code(partial(services.decide_release, second, by=officer, at=make.AT)) == "C031"
    pages, key = client_of(officer), second.declaration.public_id
    finding = {"finding-item_number": "1", "finding-code": "conform"}
    assert f'action="{reverse("case_finding", args=[key, begun.pk])}' in pages.get(
        reverse("case", args=[key])
    ).content.decode()  # fmt: skip
    assert pages.post(reverse("case_finding", args=[key, begun.pk]), finding).status_code == 302
    assert client.get(door).status_code == 200, "the phone goes on too"
    due = due_first(clients_of(make.trader(), on=make.ON), on=make.ON)
    assert [each.declaration for each in due if each.kind == "examination"] == [second.declaration], "the trader knows"
    if lane == "red":
        assert code(partial(services.finish_examination, begun, by=officer, at=make.AT)) == "C083", (
            "its own instructions"
        )
    clearance.checked(second, by=officer)
    services.finish_examination(begun, by=officer, at=make.AT)
    assert pages.post(reverse("case_finding", args=[key, begun.pk]), finding).status_code == 404
    assert services.decide_release(second, by=officer, at=make.AT).closed_as == Case.End.RELEASED


def test_an_examination_after_release_goes_on_when_its_officer_has_left() -> None:
    case, left, other = clearance.released(), clearance.yellow_officer(), clearance.red_officer()
    begun = services.start_audit(case, by=left, at=make.AT)
    assert code(partial(services.start_audit, case, by=other, at=make.AT)) == "C021"
    leaves(left)
    assert services.start_audit(case, by=other, at=make.AT).pk == begun.pk
    begun.refresh_from_db()
    assert begun.officer == other
    services.record_finding(begun, item_number=1, code="conform", by=other, at=make.AT)
    assert services.finish_examination(begun, by=other, at=make.AT).outcome == Examination.Result.CONFORM


def test_a_phone_sends_photographs_to_an_examination_after_release(client: Client) -> None:
    officer, case = clearance.yellow_officer(), clearance.released()
    begun = services.start_audit(case, by=officer, at=make.AT)
    door = reverse("phone_photos", args=[selectors.photo_link(begun, by=officer, at=timezone.now())])
    assert client.get(door).status_code == 200
    services.keep_photo(begun, content=picture(), key=uuid.uuid4(), by=officer, at=make.AT)
    assert ExaminationPhoto.objects.get().by == officer
    other = reverse("phone_photos", args=[selectors.photo_link(begun, by=make.supervisor(), at=timezone.now())])
    assert client.get(other).status_code == 410, "it is not the supervisor's"
