"""The bank's call-backs: genuine ones are booked once, whenever and however often they come; others change nothing."""

import json
import re
import time
import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from prometheus_client import REGISTRY

from clearance import services as clearance
from declarations.models import Declaration, Status
from lib.signature import headers
from lib.violations import Rejected
from payments import bank, selectors, services
from payments.models import Account, Attempt, Callback, Entry, Payment
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The edge of the process: the bank takes every start."""
    started = bank.Started(bank_reference="B-1", url=f"{settings.BANK_URL}/pay/B-1/")
    monkeypatch.setattr(bank, "start", lambda **said: started)


def attempt(declaration: Declaration | None = None, *, amount: Decimal | None = None, **more: Any) -> Attempt:
    return services.start_bank_payment(
        company=make.company(owner=make.trader()),
        declaration=declaration,
        amount=amount or declaration.payable,
        by=make.trader(),
        at=make.AT,
        idempotency_key=uuid.uuid4().hex,
        **more,
    )


def call_back(about: Attempt, *, secret: str = "", age: int = 0, **changes: str) -> int:
    """What the bank posts; the status of our answer."""
    said = {
        "message": "payment", "reference": str(about.public_id), "status": "succeeded", "transaction": "TX1",
        "amount": f"{about.amount:f}", "currency": "TJS",
    }  # fmt: skip
    body = json.dumps({**said, **changes}).encode()
    signed = headers(body, timestamp=int(time.time()) - age, secret=secret or settings.BANK_SECRET)
    kind = signed.pop("Content-Type")
    return Client().post(reverse("bank_callback"), body, content_type=kind, headers=signed).status_code


def status(row: Any) -> str:
    row.refresh_from_db()
    return str(row.status)


def test_a_call_back_books_the_money_and_pays_the_declaration():
    declaration = make.assessed()
    begun = attempt(declaration)
    assert begun.status == Attempt.Status.PENDING
    assert call_back(begun) == 200
    assert (status(begun), status(declaration)) == ("succeeded", "paid")
    paid = Payment.objects.get()
    assert (paid.amount, paid.means, paid.attempt) == (declaration.payable, Payment.Means.BANK, begun)
    assert selectors.balance(make.company()) == 0
    assert selectors.balance_of_administration(Account.Kind.BANK) == -declaration.payable


def test_a_call_back_that_comes_twice_is_booked_once():
    declaration = make.assessed()
    begun = attempt(declaration)
    assert [call_back(begun) for _time in range(3)] == [200, 200, 200]
    assert Entry.objects.filter(kind=Entry.Kind.TOP_UP).count() == 1
    assert Payment.objects.count() == 1
    assert Callback.objects.count() == 3


def test_money_that_arrives_after_cancellation_is_credit():
    declaration = make.assessed()
    begun = attempt(declaration)
    clearance.cancel(declaration, reason="sent back", by=make.trader(), at=make.AT)
    assert call_back(begun) == 200
    assert (status(begun), status(declaration)) == ("succeeded", "cancelled")
    assert selectors.balance(make.company()) == declaration.payable
    assert not Payment.objects.exists()


def test_money_that_arrives_after_payment_from_an_account_is_credit():
    declaration = make.assessed()
    begun = attempt(declaration)
    make.funds()
    services.pay_from_account(declaration, by=make.trader(), at=make.AT, idempotency_key="meanwhile")
    assert call_back(begun) == 200
    assert selectors.balance(make.company()) == make.FUNDS
    assert Payment.objects.get().means == Payment.Means.PREPAID


def test_a_second_movement_of_money_for_one_attempt_is_booked_too():
    declaration = make.assessed()
    begun = attempt(declaration)
    assert call_back(begun, transaction="TX1") == call_back(begun, transaction="TX2") == 200
    assert selectors.balance(make.company()) == declaration.payable


@pytest.mark.parametrize("how", ["forged", "stale", "early"])
def test_a_call_back_that_is_not_genuine_is_counted_and_changes_nothing(how: str):
    declaration = make.assessed()
    begun = attempt(declaration)
    before = REGISTRY.get_sample_value("portal_bank_callbacks_refused_total")
    answers = {
        "forged": lambda: call_back(begun, secret="guessed"),
        "stale": lambda: call_back(begun, age=301),
        "early": lambda: call_back(begun, age=-310),
    }
    assert answers[how]() == 403
    assert (status(begun), status(declaration)) == ("pending", "assessed")
    assert REGISTRY.get_sample_value("portal_bank_callbacks_refused_total") == (before or 0) + 1
    assert not Callback.objects.exists()
    assert not Entry.objects.exists()


ODD_AMOUNTS = [
    "100.123456",
    "0.001",
    "1e3",
    "-5",
    "+5",
    "NaN",
    "Infinity",
    "0",
    "",
    "1_000",
    "١٠٠",
    "9" * 14,
    "1e-400",
    ".5",
]


@pytest.mark.parametrize("amount", ODD_AMOUNTS)
def test_an_odd_amount_is_kept_and_not_booked(amount: str):
    begun = attempt(make.assessed())
    assert call_back(begun, amount=amount) == 400
    assert Callback.objects.count() == 1
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        {"transaction": "T\0X"},
        {"transaction": "T X"},
        {"transaction": "Т1"},
        {"transaction": "x" * 61},
        {"currency": "TJS\0"},
        {"currency": "tjs"},
        {"currency": "USD"},
        {"reference": "\0"},
        {"reference": "x" * 5000},
        {"status": "\0"},
        {"amount": ["1"]},
        {"amount": True},
        {"transaction": {"a": "\0"}},
    ],
)
def test_odd_text_in_a_genuine_call_back_is_refused_in_words(said: dict[str, Any]):
    assert call_back(attempt(make.assessed()), **said) == 400
    assert not Entry.objects.exists()


def test_decimals_that_are_zeros_are_booked():
    begun = attempt(make.assessed())
    assert call_back(begun, amount=f"{begun.amount:.2f}0000") == 200
    assert Entry.objects.exists()


@pytest.mark.parametrize("length", ["x", "-1", "99999999999999999999999", "17000"])
def test_an_odd_length_is_refused(length: str):
    answer = Client().post(reverse("bank_callback"), b"{}", content_type="application/json", CONTENT_LENGTH=length)
    assert answer.status_code in (403, 413)


def test_a_changed_amount_breaks_the_signature():
    begun = attempt(make.assessed())
    body = json.dumps({"message": "payment", "reference": str(begun.public_id), "amount": "1"}).encode()
    signed = headers(body, timestamp=int(time.time()), secret=settings.BANK_SECRET)
    signed.pop("Content-Type")
    changed = body.replace(b'"1"', b'"9"')
    answer = Client().post(reverse("bank_callback"), changed, content_type="application/json", headers=signed)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"amount": "NaN"}, 400),
        ({"amount": "-5"}, 400),
        ({"amount": "1e99"}, 400),
        ({"transaction": ""}, 400),
        ({"currency": "EUR"}, 400),
        ({"message": "status"}, 400),
        ({"reference": "not a uuid"}, 400),
        ({"reference": str(uuid.UUID(int=1))}, 404),
    ],
)
def test_a_genuine_call_back_that_makes_no_sense_books_nothing(changes: dict[str, str], answer: int):
    assert call_back(attempt(make.assessed()), **changes) == answer
    assert not Entry.objects.exists()


def test_less_money_than_is_due_stays_on_the_account():
    declaration = make.assessed()
    begun = attempt(declaration)
    less = declaration.payable - 1
    assert call_back(begun, amount=f"{less:f}") == 200
    assert (status(begun), status(declaration)) == ("succeeded", "assessed")
    assert selectors.balance(make.company()) == less


def test_more_money_than_is_due_pays_and_leaves_the_rest():
    declaration = make.assessed()
    assert call_back(attempt(declaration), amount=f"{declaration.payable + 5:f}") == 200
    assert status(declaration) == Status.PAID
    assert selectors.balance(make.company()) == 5


def test_one_declaration_is_paid_by_two_means():
    declaration = make.assessed()
    make.funds(amount=Decimal(10))
    rest = declaration.payable - 10
    assert call_back(attempt(declaration, amount=rest, from_account=Decimal(10))) == 200
    assert status(declaration) == Status.PAID
    taken = {payment.means: payment.amount for payment in Payment.objects.all()}
    assert taken == {Payment.Means.BANK: rest, Payment.Means.PREPAID: Decimal(10)}


@pytest.mark.parametrize("late", ["pending", "failed"])
def test_what_comes_out_of_order_does_not_undo_success(late: str):
    declaration = make.assessed()
    begun = attempt(declaration)
    call_back(begun)
    assert call_back(begun, status=late) == 200
    assert (status(begun), status(declaration)) == ("succeeded", "paid")


def test_success_after_failure_is_booked_all_the_same():
    declaration = make.assessed()
    begun = attempt(declaration)
    assert call_back(begun, status="failed") == 200
    assert (status(begun), status(declaration)) == ("failed", "assessed")
    assert call_back(begun) == 200
    assert (status(begun), status(declaration)) == ("succeeded", "paid")


def asked(monkeypatch: pytest.MonkeyPatch, *notices: bank.Notice) -> None:
    monkeypatch.setattr(bank, "ask", lambda **said: list(notices))


def test_a_lost_call_back_is_made_good_by_asking(monkeypatch: pytest.MonkeyPatch):
    declaration = make.assessed()
    begun = attempt(declaration)
    asked(monkeypatch, bank.Notice(str(begun.public_id), "succeeded", "TX9", declaration.payable, "TJS"))
    assert services.ask_about_open_attempts(begun_before=make.AT, at=make.AT) == 0
    later = make.AT + timedelta(minutes=1)
    assert services.ask_about_open_attempts(begun_before=later, at=later) == 1
    assert (status(begun), status(declaration)) == ("succeeded", "paid")
    assert call_back(begun, transaction="TX9") == 200
    assert Payment.objects.count() == 1
    assert services.ask_about_open_attempts(begun_before=later, at=later) == 0


def test_an_attempt_without_an_end_expires_after_an_hour_and_its_money_is_still_taken(
    monkeypatch: pytest.MonkeyPatch,
):
    declaration = make.assessed()
    begun = attempt(declaration)
    asked(monkeypatch, bank.Notice(str(begun.public_id), "pending"))
    for minutes, expected in ((59, "pending"), (61, "expired")):
        services.ask(begun, at=make.AT + timedelta(minutes=minutes))
        assert status(begun) == expected
    assert call_back(begun) == 200
    assert (status(begun), status(declaration)) == ("succeeded", "paid")


def test_a_bank_that_cannot_be_reached_takes_nothing_and_says_so(monkeypatch: pytest.MonkeyPatch):
    def unreachable(**said: Any) -> bank.Started:
        raise bank.BankUnreachable("refused")

    monkeypatch.setattr(bank, "start", unreachable)
    with pytest.raises(Rejected, match="P010"):
        attempt(make.assessed())
    assert Attempt.objects.get().status == Attempt.Status.FAILED


def test_two_clicks_on_the_way_to_the_bank_begin_one_attempt(as_trader: Client):
    declaration = make.assessed()
    address = reverse("pay", args=[declaration.public_id])
    page = as_trader.get(address)
    filled = {"key": page.context["form"]["key"].value(), "means": f"bank:{make.company().pk}"}
    answers = [as_trader.post(address, filled) for _time in range(2)]
    assert [answer.headers["Location"] for answer in answers] == [f"{settings.BANK_URL}/pay/B-1/"] * 2
    assert Attempt.objects.get().amount == declaration.payable


def test_the_payer_who_is_back_before_the_call_back_waits_and_then_sees_the_receipt(
    as_trader: Client, as_stranger: Client
):
    declaration = make.assessed()
    begun = attempt(declaration)
    address = reverse("payment_return", args=[begun.public_id])
    waiting = re.sub(r">\s+<", "><", as_trader.get(address).content.decode())
    assert "hx-trigger" in waiting
    assert f'<noscript><a class="button button--primary" href="{address}">' in waiting
    call_back(begun)
    done = as_trader.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in done
    assert reverse("receipt", args=[Payment.objects.get().public_id]) in done
    assert as_stranger.get(address).status_code == 404


def test_a_top_up_is_begun_from_its_page(as_trader: Client):
    page = as_trader.get(reverse("top_up"))
    filled = {"key": page.context["form"]["key"].value(), "company": make.company().pk, "amount": "1 200,50"}
    assert as_trader.post(reverse("top_up"), filled).status_code == 302
    begun = Attempt.objects.get()
    assert (begun.amount, begun.declaration) == (Decimal("1200.50"), None)
    assert call_back(begun) == 200
    assert selectors.balance(make.company()) == Decimal("1200.50")
    for wrong in ("0", "-3", "abc", "1.234"):
        assert as_trader.post(reverse("top_up"), {**filled, "amount": wrong}).status_code == 422
