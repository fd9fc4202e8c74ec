"""Verbs at the way out, killed before and after each commit: asked again and swept, all is as if never killed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.db.models import Sum
from django.db.models.functions import Now

from accounts.models import FollowUp
from accounts.services import followups
from passengers import services
from passengers.models import CashOut, ClaimShare, Event, ExitClaim, TravelDeclaration, VehicleStay
from passengers.services import claims, stays
from payments import bank
from payments.models import Posting, TravelRefund
from tests import make
from tests.ops.killing import moments
from tests.passengers import travelling as way
from tests.passengers.test_travel_leaving import cash, claimed, entered, leaving
from tests.passengers.test_travel_stays import asked, crossed, with_car

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Verb:
    """`begin` makes a declaration, `do` is the verb under test."""

    begin: Callable[[], TravelDeclaration]
    do: Callable[[TravelDeclaration], Any]


def presented_with_car() -> TravelDeclaration:
    return services.present(with_car(), post="TJ04", by=make.officer(), at=make.AT, on=make.ON)


def presented_with_cash() -> TravelDeclaration:
    entered(cash("8000"))
    return services.present(leaving(cash("8000")), post=way.POST, by=make.officer(), at=make.AT, on=make.ON)


def release(made: TravelDeclaration) -> TravelDeclaration:
    return services.release(made, by=make.officer(), at=make.AT)


def stay_of(made: TravelDeclaration) -> VehicleStay:
    found: VehicleStay = VehicleStay.objects.get(declaration=made)
    return found


def here() -> TravelDeclaration:
    return crossed(with_car())


def let_out(made: TravelDeclaration) -> VehicleStay:
    return stays.let_out(stay_of(made), post="TJ04", by=make.officer(), at=make.AT, on=make.ON)


def waiting_for_time() -> TravelDeclaration:
    made = here()
    asked(stay_of(made))
    return made


def grant(made: TravelDeclaration) -> Any:
    extension, until = stay_of(made).extensions.get(), make.ON + timedelta(days=40)
    return stays.grant_extension(extension, until=until, reason="Ok", by=make.officer(), at=make.AT, on=make.ON)


def with_claim() -> TravelDeclaration:
    made = bought_again()
    claimed(made, 1)
    return made


def bought_again() -> TravelDeclaration:
    number = TravelDeclaration.objects.count()
    made = way.paid(way.sent(way.with_clothes()), transaction=f"TX-{number}")
    services.present(made, post=way.POST, by=make.officer(), at=way.LATER, on=make.ON)
    return services.release(made, by=make.officer(), at=way.LATER)


def confirm(made: TravelDeclaration) -> ExitClaim:
    found = ExitClaim.objects.get(declaration=made)
    return claims.confirm_claim(found, post=way.POST, by=make.officer(), at=make.AT, on=make.ON)


VERBS = {
    "let in with a car": Verb(presented_with_car, release),
    "let out with cash": Verb(presented_with_cash, release),
    "let a vehicle out": Verb(here, let_out),
    "grant more time": Verb(waiting_for_time, grant),
    "claim": Verb(bought_again, lambda made: claimed(made, 1)),
    "confirm a claim": Verb(with_claim, confirm),
}


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_that_is_killed_at_any_commit_is_whole(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    verb = VERBS[name]
    current_app.loader.import_default_modules()
    monkeypatch.setattr(followups, "_send", lambda due: followups.visit(due.key))
    started = bank.Started(bank_reference="B-7", url="http://127.0.0.1/pay/")
    monkeypatch.setattr(bank, "start", lambda **_message: started)
    monkeypatch.setattr(bank, "refund", lambda **_message: None)
    make.officer()
    never_killed = verb.begin()
    verb.do(never_killed)
    repair()
    expected = facts(never_killed)
    for moment in moments():
        made = verb.begin()
        repair()
        trace = Event.objects.filter(declaration=made).count()
        came_so_far = moment.kills(lambda d=made: verb.do(d))  # type: ignore[misc]
        if Event.objects.filter(declaration=made).count() == trace:
            assert came_so_far
            assert moment.at_commit == 1, "what is committed has left its trace"
            verb.do(made)
        repair()
        assert facts(made) == expected, (name, moment)


def repair() -> None:
    """What the worker does in its time, until nothing is left to do."""
    for _round in range(20):
        FollowUp.objects.update(due_at=Now() - timedelta(minutes=1))
        if not followups.sweep(seconds=30):
            assert not FollowUp.objects.exists()
            return
    raise AssertionError("the sweep finds something to do for ever")


def facts(made: TravelDeclaration) -> dict[str, Any]:
    made = TravelDeclaration.objects.get(pk=made.pk)
    postings = Posting.objects.filter(entry__travel=made)
    sums = postings.values_list("account__kind", "account__tax_code").annotate(Sum("debit"), Sum("credit"))
    return {
        "status": (made.status, made.payable, made.paid),
        "history": sorted(Event.objects.filter(declaration=made).values_list("verb", "new_status")),
        "stays": sorted(VehicleStay.objects.filter(declaration=made).values_list("status", "leave_by", "ended_post")),
        "cash": sorted(CashOut.objects.filter(declaration=made).values_list("amount", flat=True)),
        "claims": sorted(ExitClaim.objects.filter(declaration=made).values_list("status", "amount")),
        "shares": sorted(ClaimShare.objects.filter(claim__declaration=made).values_list("tax_code", "amount")),
        "refunds": sorted(TravelRefund.objects.filter(attempt__declaration=made).values_list("amount", "status")),
        "money": sorted(sums),
    }
