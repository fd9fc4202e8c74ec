"""What a lost message left behind is found in the database and done."""

from datetime import timedelta

import pytest

from clearance import services, tasks
from clearance.models import Case
from declarations.models import Declaration, IssuedPaper, Status
from declarations.services import ending
from risk.models import Score
from tests import make
from tests.clearance import make as clearance

pytestmark = pytest.mark.django_db


def test_an_unscored_declaration_is_scored_and_filed() -> None:
    declaration = make.assessed()
    done = services.sweep(at=make.AT)
    assert (done["score"], done["route"]) == (1, 1)
    assert Score.objects.filter(declaration=declaration).exists()
    assert Case.objects.filter(declaration=declaration).exists()


def test_a_paid_green_declaration_goes_all_the_way() -> None:
    declaration = make.paid()
    services.sweep(at=make.AT)
    declaration.refresh_from_db()
    assert declaration.status == Status.RELEASED
    assert IssuedPaper.objects.filter(declaration=declaration, kind="release_note").exists()


def test_a_scored_declaration_without_a_file_gets_one() -> None:
    declaration = make.assessed()
    clearance.score(declaration.pk, at=make.AT)
    assert services.sweep(at=make.AT)["route"] == 1


def test_a_decided_file_whose_payment_came_unheard_is_released() -> None:
    officer = clearance.yellow_officer()
    case = clearance.taken(clearance.routed("yellow"), by=officer)
    services.decide_release(case, by=officer, at=make.AT)
    clearance.pay(case.declaration)
    assert services.sweep(at=make.AT)["release"] == 1


def test_a_released_declaration_without_its_note_gets_it() -> None:
    case = clearance.paid("green")
    services.release_if_clear(case.declaration_id, at=make.AT)
    assert services.sweep(at=make.AT + timedelta(minutes=1))["release_note"] == 1
    assert services.sweep(at=make.AT + timedelta(minutes=2))["release_note"] == 0


def test_the_file_of_a_cancelled_declaration_is_closed() -> None:
    case = clearance.routed("yellow")
    ending.cancel(case.declaration, reason="wrong goods", by=make.trader(), at=make.AT)
    assert services.sweep(at=make.AT)["close"] == 1


def test_what_waits_for_an_officer_or_for_money_is_left_alone() -> None:
    clearance.paid("yellow", lrn="a")
    clearance.routed("yellow", lrn="b")
    assert not any(services.sweep(at=make.AT).values())


def test_one_declaration_that_fails_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    broken, sound = make.assessed(lrn="broken"), make.assessed(lrn="sound")
    score = services.sweep.__globals__["score"]

    def fail_on_one(pk: int, **given: object) -> object:
        if pk == broken.pk:
            raise RuntimeError("a fault of ours")
        return score(pk, **given)

    monkeypatch.setitem(services.sweep.__globals__, "score", fail_on_one)
    assert services.sweep(at=make.AT)["score"] == 1
    assert list(Score.objects.values_list("declaration", flat=True)) == [sound.pk]


def test_each_task_does_its_one_thing() -> None:
    declaration = make.paid()
    tasks.sweep()
    tasks.take_up(declaration.pk)
    tasks.release_if_clear(declaration.pk)
    tasks.issue_release_note(declaration.pk)
    assert Declaration.objects.get(pk=declaration.pk).status == Status.RELEASED
    assert IssuedPaper.objects.filter(declaration=declaration, kind="release_note").count() == 1
