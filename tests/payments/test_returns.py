"""What is cancelled, rejected or amended downwards keeps no money: it goes back, once, to the account that paid."""

import sys
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearance import services as clearance
from clearance.models import Case
from clearance.services.ending import wind_up
from declarations.models import Declaration, Event, Status
from declarations.services import ending
from lib.figures import ZERO
from lib.violations import Rejected
from payments import bank, selectors, services
from payments.models import Account, Entry, Payment, Posting, Reservation
from tests import make
from tests.clearance import make as files
from tests.declarations.test_lodge import at_the_same_time
from tests.payments.money_steps import DEFERRED, GUARANTEE, LATER, begin, confirm, move, pay
from tests.payments.test_paying import amended, suspended

pytestmark = pytest.mark.django_db


def cancel(declaration: Declaration) -> Declaration:
    return clearance.cancel(declaration, reason="sent back", by=make.trader(), at=LATER)


def reject(declaration: Declaration) -> Declaration:
    with transaction.atomic():
        gone = ending.reject(declaration, reason="not genuine", by=make.officer(), at=LATER)
        return wind_up(gone, Case.End.REJECTED, at=LATER)


def deferred(limit: str = "100000") -> Account:
    account = services.open_account(make.company(), DEFERRED, at=make.AT)
    return make.limit(account, Decimal(limit))


def secured() -> Declaration:
    declaration = suspended()
    make.funds()
    move(GUARANTEE, str(declaration.guaranteed))
    return pay(declaration)


# What goes back -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("end", [cancel, reject])
def test_what_was_paid_is_credited_to_the_account_that_paid(end: Callable[[Declaration], Declaration]) -> None:
    declaration = make.paid()
    end(declaration)
    assert selectors.balance(make.company()) == make.FUNDS
    assert set(selectors.paid_by_tax(declaration.mrn).values()) == {ZERO}
    assert [entry.kind for entry in Entry.objects.filter(declaration=declaration)] == ["payment", "credit"]
    told = Event.objects.get(declaration=declaration, verb="money_back")
    assert told.data == {"amount": f"{declaration.payable:.2f}"}


@pytest.mark.parametrize("end", [cancel, reject])
def test_what_was_held_is_free_again(end: Callable[[Declaration], Declaration]) -> None:
    declaration = secured()
    end(declaration)
    guarantee = selectors.account_of(make.company(), GUARANTEE)
    assert guarantee is not None
    assert (guarantee.reserved, guarantee.available) == (0, declaration.guaranteed)
    ended = Reservation.objects.get()
    assert (ended.status, ended.ended_at) == (Reservation.Status.VOIDED, LATER)
    assert selectors.returned(Declaration.objects.get(pk=declaration.pk)).freed == declaration.guaranteed


def test_each_account_gets_back_what_it_paid_and_who_paid_last_is_served_first() -> None:
    first = make.assessed()
    credit = deferred()
    pay(first, key="first", account=credit)
    second = amended(first, price="2400.00")
    make.funds()
    pay(second, key="second")
    third = amended(second, price="1100.00")
    assert selectors.balance(make.company()) == make.FUNDS
    credit.refresh_from_db()
    assert first.payable is not None
    assert third.payable is not None
    assert credit.balance == -third.payable > -first.payable
    cancel(third)
    credit.refresh_from_db()
    assert (credit.balance, selectors.balance(make.company())) == (0, make.FUNDS)


def test_money_at_the_bank_that_comes_after_the_end_is_credited(told: list[Any], as_trader: Client) -> None:
    declaration = make.assessed()
    begun = begin(declaration=declaration, amount=str(declaration.payable))
    cancel(declaration)
    page = as_trader.get(reverse("declaration", args=[declaration.public_id])).content.decode()
    assert "still under way at the bank" in page
    confirm(begun, str(declaration.payable))
    assert selectors.balance(make.company()) == declaration.payable
    assert not Payment.objects.exists()


def test_money_at_the_bank_pays_the_version_that_has_taken_the_place(told: list[Any]) -> None:
    first = make.assessed()
    begun = begin(declaration=first, amount=str(first.payable))
    second = amended(amended(first, price="1100.00"), price="900.00")
    confirm(begun, str(first.payable))
    second.refresh_from_db()
    assert second.status == Status.PAID
    assert first.payable is not None
    assert second.payable is not None
    assert selectors.balance(make.company()) == first.payable - second.payable


def test_a_smaller_guarantee_stays_on_the_account_that_gave_it() -> None:
    first = secured()
    second = amended(first, price="600.00")
    held = Reservation.objects.get(status=Reservation.Status.HELD)
    assert second.status == Status.PAID
    assert (held.amount, held.account) == (second.guaranteed, Reservation.objects.earliest("pk").account)
    told = Event.objects.get(declaration=second, verb="money_back").data
    assert first.guaranteed is not None
    assert second.guaranteed is not None
    assert Decimal(told["freed"]) == first.guaranteed - second.guaranteed


# What people read ---------------------------------------------------------------------------------------------
def test_the_page_and_the_history_say_it_with_amounts(as_trader: Client) -> None:
    declaration = make.paid()
    door = reverse("declaration_cancel", args=[declaration.public_id])
    page = as_trader.post(door, {"cancel-reason": "Wrong goods"}, follow=True).content.decode()
    assert f"{declaration.payable:,.2f}\N{NO-BREAK SPACE}TJS was given back on" in page
    assert f"{declaration.payable:,.2f}\N{NO-BREAK SPACE}TJS given back to the account that paid" in page
    assert "Still due" not in page


def test_the_machine_door_gives_back_as_well(as_trader: Client) -> None:
    declaration = make.paid()
    address = reverse("api-declaration-cancel", args=[declaration.public_id])
    answer = as_trader.post(address, {"reason": "Wrong goods"}, content_type="application/json")
    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    assert selectors.balance(make.company()) == make.FUNDS


def test_an_officer_who_rejects_is_not_taken_for_a_trader_of_the_file(as_trader: Client) -> None:
    case = files.claimed("yellow")
    clearance.reject(case, reason="Forged invoice", by=files.yellow_officer(), at=LATER)
    assert selectors.balance(make.company()) == make.FUNDS
    assert not Entry.objects.filter(declaration=case.declaration, by=files.yellow_officer()).exists()


# What cannot happen -------------------------------------------------------------------------------------------
def test_nothing_ends_with_its_money_kept() -> None:
    for declaration in (make.paid(), secured()):
        with transaction.atomic():
            ending.cancel(declaration, reason="sent back", by=make.trader(), at=LATER)
            with pytest.raises(IntegrityError, match="still booked or held"):
                connection.check_constraints()
            transaction.set_rollback(True)


def test_the_sweep_gives_back_what_was_kept_once_and_in_bounded_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = [make.paid(), secured(), make.paid()]
    make.paid()
    before = selectors.balance(make.company())
    for declaration in kept:
        ending.cancel(declaration, reason="sent back", by=make.trader(), at=LATER)
    monkeypatch.setattr(sys.modules[clearance.sweep.__module__], "BATCH", 2)
    assert [clearance.sweep(at=LATER)["give_back"] for _time in range(3)] == [2, 1, 0]
    paid = sum((each.payable or ZERO for each in kept), ZERO)
    assert selectors.balance(make.company()) == before + paid
    assert not Reservation.objects.filter(status=Reservation.Status.HELD).exists()


@pytest.mark.django_db(transaction=True)
def test_paying_and_cancelling_at_once_keep_no_money() -> None:
    make.funds()
    trader = make.trader()
    for number in range(4):
        declaration = make.assessed()
        more = {"by": trader, "at": make.AT, "idempotency_key": f"race-{number}"}
        done = at_the_same_time(partial(services.pay_from_account, declaration, **more), partial(cancel, declaration))
        assert isinstance(done[0], Declaration | Rejected)
        assert done[1].status == Status.CANCELLED
        assert set(selectors.paid_by_tax(declaration.mrn).values()) <= {ZERO}
    assert selectors.balance(make.company()) == make.FUNDS


STEPS = st.sampled_from(["pay", "pay later", "bank", "arrives", "dearer", "cheaper", "cancel", "reject", "again"])


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(secures=st.booleans(), steps=st.lists(STEPS, max_size=7))
def test_whatever_happens_the_ledger_is_even_and_what_has_ended_holds_nothing(secures: bool, steps: list[str]) -> None:
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        _live(patch, secures=secures, steps=steps)
        connection.check_constraints()
        transaction.set_rollback(True)


def _live(patch: pytest.MonkeyPatch, *, secures: bool, steps: list[str]) -> None:
    patch.setattr(bank, "start", lambda **_said: bank.Started(bank_reference="B-7", url="http://bank/pay/"))
    life = {"now": suspended() if secures else make.assessed()}
    make.funds()
    move(GUARANTEE, "20000")
    credit, begun, price = deferred(), [], Decimal(1200)
    for number, step in enumerate(steps):
        declaration = life["now"]
        try:
            with transaction.atomic():
                if step == "pay" or step == "pay later":
                    pay(declaration, key=f"key-{number}", account=credit if step == "pay later" else None)
                elif step == "bank":
                    begun.append(begin(declaration=declaration, amount=str(selectors.due(declaration))))
                elif step in ("arrives", "again") and begun:
                    confirm(begun[-1], str(begun[-1].amount), transaction=f"TX-{begun[-1].pk}")
                elif step in ("dearer", "cheaper"):
                    price += 300 if step == "dearer" else -150
                    life["now"] = amended(declaration, price=f"{price:.2f}")
                elif step in ("cancel", "reject"):
                    (cancel if step == "cancel" else reject)(declaration)
        except Rejected:
            pass
        _judge(life["now"])


def _judge(declaration: Declaration) -> None:
    declaration.refresh_from_db()
    assert sum((line.credit - line.debit for line in Posting.objects.all()), ZERO) == 0
    assert all(account.available >= 0 for account in Account.objects.exclude(company=None))
    booked, held = selectors.paid_by_tax(declaration.mrn), selectors.held_for(declaration.mrn)
    if declaration.status in (Status.CANCELLED, Status.REJECTED):
        assert set(booked.values()) <= {ZERO}
        assert held is None
    if declaration.status == Status.PAID:
        assert selectors.due(declaration) == 0
        assert (held.amount if held else ZERO) == declaration.guaranteed
    if declaration.status == Status.ASSESSED:
        assert selectors.due(declaration) >= 0
        assert selectors.to_secure(declaration) >= 0
    arrived = sum((line.credit for line in Posting.objects.filter(entry__kind=Entry.Kind.TOP_UP)), ZERO)
    owned = sum((account.balance for account in Account.objects.exclude(company=None)), ZERO)
    assert owned + sum(booked.values(), ZERO) == arrived
