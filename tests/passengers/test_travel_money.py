"""Travellers' money: paid once, more than due goes back to the card, whatever comes twice, late or after the end."""

import io
import json
import time
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from lib.signature import headers
from lib.violations import Rejected
from passengers import services
from passengers.models import Status, TravelDeclaration
from payments import bank, selectors, tasks
from payments import services as payments
from payments.models import Account, Entry, Posting, TravelAttempt, TravelPayment, TravelRefund
from payments.sandbox_bank.application import Application
from payments.sandbox_bank.store import Store
from payments.services import travel
from tests import make
from tests.passengers import travelling as way

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]
D = Decimal


def booked(kind: str) -> Decimal:
    """Credits less debits of the administration's accounts of a kind."""
    rows = Posting.objects.filter(account__kind=kind, account__company=None)
    return sum((row.credit - row.debit for row in rows), D(0))


def books() -> dict[str, str]:
    kinds = (Account.Kind.BANK, Account.Kind.REFUNDS, Account.Kind.REVENUE)
    return {kind.value: f"{booked(kind):.2f}" for kind in kinds}


def again(made: TravelDeclaration) -> TravelDeclaration:
    made.refresh_from_db()
    return made


def refunds() -> list[tuple[str, str, str]]:
    return [(f"{row.amount:.2f}", row.reason, row.status) for row in TravelRefund.objects.order_by("pk")]


def settled(made: TravelDeclaration) -> TravelDeclaration:
    """What the follow-ups do."""
    payments.give_back_travel(made.pk, at=way.LATER)
    for row in TravelRefund.objects.all():
        payments.send_refund(row.pk, at=way.LATER)
    return again(made)


def test_what_is_due_is_paid_and_booked_by_tax() -> None:
    made = way.paid(way.sent(way.with_clothes()))
    assert (made.status, made.paid, made.payable) == (Status.PAID, D("1354.97"), D("1354.97"))
    assert books() == {"bank": "-1354.97", "refunds": "0.00", "revenue": "1354.97"}
    assert list(Account.objects.filter(kind="revenue").values_list("tax_code", flat=True)) == ["TRAVEL"]
    assert TravelPayment.objects.get().version == 1


def test_one_transaction_of_the_bank_is_booked_once() -> None:
    attempt = way.begin_payment(way.sent(way.with_clothes()))
    assert way.arrives(attempt) == way.arrives(attempt)
    assert books()["bank"] == "-1354.97"


def test_the_same_key_begins_one_payment() -> None:
    made = way.sent(way.with_clothes())
    assert way.begin_payment(made, key="a") == way.begin_payment(made, key="a")
    assert TravelAttempt.objects.count() == 1


def test_paid_twice_the_second_goes_back() -> None:
    made = way.sent(way.with_clothes())
    first, second = way.begin_payment(made), way.begin_payment(made)
    way.arrives(first)
    way.arrives(second, transaction="TX2")
    assert refunds() == [("1354.97", "not_due", "ordered")]
    settled(made)
    assert refunds() == [("1354.97", "not_due", "done")]
    assert TravelRefund.objects.get().attempt == second
    assert books() == {"bank": "-1354.97", "refunds": "0.00", "revenue": "1354.97"}


def test_less_than_is_due_pays_nothing_and_goes_back() -> None:
    made = way.sent(way.with_clothes())
    way.arrives(way.begin_payment(made), "1354.96")
    assert again(made).status == Status.TO_PAY
    settled(made)
    assert books() == {"bank": "0.00", "refunds": "0.00", "revenue": "0.00"}


def test_more_than_is_due_pays_and_the_rest_goes_back() -> None:
    made = way.sent(way.with_clothes())
    way.arrives(way.begin_payment(made), "1400.00")
    assert again(made).status == Status.PAID
    assert refunds() == [("45.03", "not_due", "ordered")]


def test_a_call_back_after_cancellation_is_returned() -> None:
    made = way.sent(way.with_clothes())
    attempt = way.begin_payment(made)
    services.cancel(made, at=way.LATER)
    way.arrives(attempt)
    settled(made)
    assert again(made).status == Status.CANCELLED
    assert refunds() == [("1354.97", "not_due", "done")]
    assert books() == {"bank": "0.00", "refunds": "0.00", "revenue": "0.00"}


def test_cancelling_gives_back_what_was_paid() -> None:
    made = way.paid(way.sent(way.with_clothes()))
    services.cancel(made, at=way.LATER)
    made = settled(made)
    assert (made.status, made.paid) == (Status.CANCELLED, D(0))
    assert refunds() == [("1354.97", "cancelled", "done")]
    assert books() == {"bank": "0.00", "refunds": "0.00", "revenue": "0.00"}
    settled(made)
    assert len(refunds()) == 1


def test_a_change_downwards_gives_back_the_difference_and_upwards_asks_for_it() -> None:
    made = way.paid(way.sent(way.with_clothes("1500")))
    made = settled(way.changed(made, "1200"))
    assert (made.status, f"{made.paid:.2f}", f"{made.payable:.2f}") == (Status.PAID, "541.99", "541.99")
    assert refunds() == [("812.98", "less_due", "done")]
    made = way.changed(made, "1300")
    assert (made.status, f"{made.payable - made.paid:.2f}") == (Status.TO_PAY, "270.99")
    made = way.paid(made, transaction="TX2")
    assert made.status == Status.PAID
    made = settled(way.changed(made, "900"))
    assert (made.status, made.paid) == (Status.SUBMITTED, D(0))
    assert sum(D(amount) for amount, _reason, _status in refunds()) == D("1354.97") + D("270.99")
    assert books() == {"bank": "0.00", "refunds": "0.00", "revenue": "0.00"}


def test_what_was_paid_stays_paid_when_the_rate_changes() -> None:
    """On 3 December a dollar is 9.0159: what was sent on 23 November counts with 9.0331 until it is no longer valid."""
    made = way.paid(way.sent(way.with_clothes()))
    later = make.ON + timedelta(days=10)
    trip = way.TRIP | {"day": later.isoformat(), "carriage": "TK 255"}
    made = way.sent(services.save_part(made, part="trip", value=trip, at=way.LATER), on=later)
    assert (made.status, made.version, made.law_on) == (Status.PAID, 2, make.ON)
    assert made.payable == made.paid == D("1354.97")
    fresh = way.sent(services.save_part(way.with_clothes(), part="trip", value=trip, at=way.LATER), on=later)
    assert fresh.payable == D("1352.39")


def test_the_bank_that_does_not_answer_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made = way.paid(way.sent(way.with_clothes()))
    services.cancel(made, at=way.LATER)
    payments.give_back_travel(made.pk, at=way.LATER)

    def down(**_message: Any) -> None:
        raise bank.BankUnreachable("down")

    with monkeypatch.context() as broken:
        broken.setattr(bank, "refund", down)
        payments.send_refund(TravelRefund.objects.get().pk, at=way.LATER)
    assert refunds() == [("1354.97", "cancelled", "ordered")]
    assert books()["refunds"] == "1354.97"
    monkeypatch.setattr(bank, "ask", lambda **_message: [])
    tasks.ask_the_bank()
    assert refunds() == [("1354.97", "cancelled", "done")]


def test_the_sweep_gives_back_what_a_lost_follow_up_would_have() -> None:
    made = way.paid(way.sent(way.with_clothes()))
    services.cancel(made, at=way.LATER)
    assert selectors.travel_overpaid() == [made.pk]
    tasks.ask_the_bank()
    assert again(made).paid == 0
    assert selectors.travel_overpaid() == []


def test_a_notice_of_the_bank_finds_the_traveller() -> None:
    made = way.sent(way.with_clothes())
    attempt = way.begin_payment(made)
    notice = bank.Notice(str(attempt.public_id), "succeeded", "TX9", D("1354.97"), "TJS")
    assert travel.act(attempt, notice, at=way.LATER) == "ok"
    assert again(made).status == Status.PAID
    wrong = bank.Notice(str(attempt.public_id), "succeeded", "TX10", D("1354.97"), "USD")
    assert travel.act(attempt, wrong, at=way.LATER) == "unreadable"


def test_nothing_is_due_nothing_is_begun() -> None:
    with pytest.raises(Rejected, match="P001"):
        way.begin_payment(way.sent(way.draft()))
    with pytest.raises(Rejected, match="P001"):
        way.begin_payment(way.with_clothes())


def test_paying_at_the_post_and_after_a_correction() -> None:
    made = way.sent(way.with_clothes())
    services.present(made, post=way.POST, by=make.officer(), at=way.LATER, on=make.ON)
    way.arrives(way.begin_payment(made))
    assert (again(made).status, made.paid) == (Status.PRESENTED, D("1354.97"))
    services.examine(made, by=make.officer(), at=way.LATER)
    corrected = made.draft | {"goods": [way.clothes("2000")]}
    services.correct(made, draft=corrected, reason="Counted", by=make.officer(), at=way.LATER, on=make.ON)
    assert (again(made).status, f"{made.payable - made.paid:.2f}") == (Status.TO_PAY, "1354.96")
    way.arrives(way.begin_payment(made), transaction="TX2")
    assert again(made).status == Status.PAID
    assert services.release(made, by=make.officer(), at=way.LATER).status == Status.RELEASED


@pytest.mark.usefixtures("as_owner")
def test_a_payment_is_never_changed() -> None:
    way.paid(way.sent(way.with_clothes()))
    with pytest.raises(IntegrityError), transaction.atomic():
        TravelPayment.objects.update(amount=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.update(travel=None)


def asked(store: Store, **message: str) -> tuple[str, dict[str, str]]:
    """What the bank's door of refunds answers to a signed message."""
    body = json.dumps({"message": "refund", **message}).encode()
    said: list[str] = []
    signed = {
        f"HTTP_{name.upper().replace('-', '_')}": value
        for name, value in headers(body, timestamp=int(time.time()), secret="s").items()
    }
    environ = {
        **signed, "REQUEST_METHOD": "POST", "PATH_INFO": "/api/payments/refund/", "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }  # fmt: skip
    application = Application(store, url="http://bank", secret="s", late=0)
    answer = b"".join(application(environ, lambda status, _head: said.append(status)))  # type: ignore[arg-type]
    return said[0][:3], json.loads(answer) if said[0].startswith("200") else {}


def test_the_sandbox_banks_door_of_refunds(tmp_path: Any) -> None:
    store = Store(tmp_path / "bank.sqlite3")
    started = store.start(
        reference="R", amount="100", currency="TJS", text="", language="en", return_url="", callback_url=""
    )
    store.finish(started.id, status="succeeded", booked="100")
    good = {"reference": "R", "refund": "a", "amount": "40.00", "currency": "TJS"}
    assert asked(store, **good) == ("200", {"refund": "a", "status": "done"})
    assert asked(store, **good) == ("200", {"refund": "a", "status": "done"})
    assert asked(store, **(good | {"refund": "b", "amount": "90"})) == ("200", {"refund": "b", "status": "refused"})
    for wrong in ({"reference": "X"}, {"amount": "-1"}, {"currency": "USD"}):
        assert asked(store, **(good | wrong))[0] == "400"


def test_the_sandbox_bank_sends_back_once_and_never_more_than_it_took(tmp_path: Any) -> None:
    store = Store(tmp_path / "bank.sqlite3")
    started = store.start(
        reference="R", amount="100", currency="TJS", text="", language="en", return_url="", callback_url=""
    )
    assert not store.refund("a", payment=started, amount="1")
    store.finish(started.id, status="succeeded", booked="100")
    taken = store.payment(started.id)
    assert taken is not None
    assert store.refund("a", payment=taken, amount="60")
    assert store.refund("a", payment=taken, amount="60.00")
    assert not store.refund("b", payment=taken, amount="60")
    assert store.refund("c", payment=taken, amount="40")
