"""The clock of a file runs while the office is waited for, and stands while the trader or money is."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from clearance import selectors, services
from clearance.models import Case, Wait
from clearance.selectors import Wanted
from tests import make
from tests.clearance import correcting
from tests.clearance import make as clearance

pytestmark = pytest.mark.django_db


def hour(number: float) -> datetime:
    return make.AT + timedelta(hours=number)


def steps(case: Case) -> list[tuple[str, float]]:
    """What the file waited for, and how many hours each time."""
    rows = Wait.objects.filter(case=case).order_by("pk")
    return [(row.what, (row.until - row.since) / timedelta(hours=1)) for row in rows]


def board(at: datetime) -> dict[str, int]:
    powers = selectors.powers_of(clearance.yellow_officer(), on=make.ON)
    return vars(selectors.board_of(powers, by=clearance.yellow_officer(), at=at))


def held(case: Case, waits: str = "") -> list[Case]:
    by = clearance.yellow_officer()
    powers = selectors.powers_of(by, on=make.ON)
    return list(selectors.queue(powers, Wanted(held="mine", waits=waits), by=by, at=hour(0)))


def test_a_question_and_a_payment_stop_the_clock_and_leave_the_board() -> None:
    officer = clearance.yellow_officer()
    case = clearance.taken(clearance.routed("yellow"), by=officer)
    first = case.due_at
    query = services.ask(case, question="Which?", due=clearance.DUE, by=officer, at=hour(1))
    assert board(hour(1)) == {"office": 0, "free": 0, "mine": 0, "late": 0, "trader": 1, "money": 0}
    assert (held(case), held(case, "trader")) == ([], [case])
    services.answer(query, text="This.", by=make.trader(), at=hour(6))
    assert Case.objects.get(pk=case.pk).due_at == first + timedelta(hours=5), "the trader's five hours"
    assert (board(hour(6))["mine"], held(case)) == (1, [case])
    services.decide_release(case, by=officer, at=hour(7))
    assert board(hour(7)) == {"office": 0, "free": 0, "mine": 0, "late": 0, "trader": 0, "money": 1}
    assert held(case, "all") == [], "a decided file has left mine"
    clearance.pay(case.declaration)
    assert services.release_if_clear(case.declaration_id, at=hour(10))
    assert steps(case) == [("office", 1), ("answer", 5), ("office", 1), ("money", 3)]


def test_a_proposal_stops_the_clock_until_it_is_answered_and_another_lane_begins_it_anew() -> None:
    case = correcting.at_moment("paid")
    proposal = correcting.proposed(case, price="2400")
    assert Case.objects.get(pk=case.pk).waits_for == "consent"
    services.corrections.contest(proposal, reason="The invoice is right.", by=make.trader(), at=hour(9))
    assert [what for what, _hours in steps(case)] == ["office", "consent"]
    moved = services.reroute(case, lane="red", reason="The seller is known to us.", by=make.supervisor(), at=hour(20))
    assert (moved.waits_for, moved.due_at - hour(20)) == ("office", timedelta(days=1)), "without a target: a day"


@pytest.mark.usefixtures("as_owner")
def test_a_step_that_is_stamped_stays() -> None:
    case = clearance.released()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM clearance_wait WHERE case_id = %s", [case.pk])
