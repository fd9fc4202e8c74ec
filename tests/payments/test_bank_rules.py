"""What the bank is told, what it tells, and what an attempt and a receipt keep of it."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from declarations.models import Status, StoredFile
from lib.signature import headers
from payments import bank, selectors, services
from payments.models import Attempt, Callback, Entry, Payment
from tests import make
from tests.payments.money_steps import (
    GUARANTEE,
    LATER,
    D,
    begin,
    confirm,
    move,
    refuses,
)
from tests.payments.test_paying import amended, suspended

pytestmark = pytest.mark.django_db


# At the bank --------------------------------------------------------------------------------------------------
def test_the_bank_is_told_what_is_paid_and_where_the_payer_returns(told: list[dict[str, Any]]) -> None:
    with translation.override("ru"):
        begun = begin(amount="10.5")
    assert told == [
        {
            "reference": str(begun.public_id),
            "amount": D("10.50"),
            "currency": "TJS",
            "text": make.TIN,
            "language": "ru",
            "return_url": settings.SITE_URL + reverse("payment_return", args=[begun.public_id]),
            "callback_url": settings.SITE_URL + reverse("bank_callback"),
            "at": make.AT,
        }
    ]
    assert str(told[0]["amount"]) == "10.50"
    assert (begun.status, begun.bank_reference) == (Attempt.Status.PENDING, "B-7")
    assert begun.redirect_url == f"{settings.BANK_URL}/pay/B-7/"


def test_an_attempt_keeps_who_pays_what_and_one_key_begins_one(told: list[dict[str, Any]]) -> None:
    declaration = make.assessed()
    begun = begin(declaration=declaration, amount="7", key="one", from_account=D(3))
    assert begin(declaration=declaration, amount="9", key="one") == begun
    assert len(told) == 1
    assert told[0]["text"] == declaration.mrn
    assert (begun.company, begun.declaration, begun.by) == (make.company(), declaration, make.trader())
    assert (begun.amount, begun.from_account, begun.currency) == (7, 3, "TJS")
    assert (begun.created_at, begun.finished_at, begun.idempotency_key) == (make.AT, None, "one")


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_an_attempt_over_nothing_is_refused(amount: str, told: list[dict[str, Any]]) -> None:
    with refuses(("P009", "amount")):
        begin(amount=amount)
    assert (told, Attempt.objects.count()) == ([], 0)


def test_an_attempt_is_not_begun_for_what_is_paid_or_cannot_be_secured(told: list[dict[str, Any]]) -> None:
    with refuses(("P001", "")):
        begin(declaration=make.paid())
    secured = suspended()
    make.funds()
    move(GUARANTEE, str(secured.guaranteed - D("0.01")))
    with refuses(("P005", "guarantee")):
        begin(declaration=secured)
    assert told == []
    move(GUARANTEE, "0.01")
    assert begin(declaration=secured).status == Attempt.Status.PENDING


def test_a_failed_start_ends_the_attempt_at_that_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(**said: Any) -> bank.Started:
        raise bank.BankUnreachable("refused")

    monkeypatch.setattr(bank, "start", unreachable)
    with refuses(("P010", "")):
        begin()
    attempt = Attempt.objects.get()
    assert (attempt.status, attempt.finished_at) == (Attempt.Status.FAILED, make.AT)


def test_money_from_the_bank_is_booked_under_its_transaction(told: list[dict[str, Any]]) -> None:
    begun = begin()
    entry = confirm(begun, "10")
    assert confirm(begun, "10") == entry
    assert (entry.idempotency_key, entry.kind, entry.text) == ("bank:TX1", Entry.Kind.TOP_UP, "TX1")
    assert (entry.at, entry.by, entry.declaration) == (LATER, make.trader(), None)
    begun.refresh_from_db()
    assert (begun.status, begun.finished_at) == (Attempt.Status.SUCCEEDED, LATER)
    assert selectors.balance(make.company()) == 10


def test_money_in_another_currency_is_not_booked(told: list[dict[str, Any]]) -> None:
    begun = begin()
    with refuses(("P011", "currency")):
        services.confirm(begun, transaction_id="TX1", amount=D(10), currency="EUR", at=LATER)
    assert not Entry.objects.exists()


def test_a_declaration_paid_at_the_bank_is_paid_by_who_began_it_when_the_money_came(
    told: list[dict[str, Any]],
) -> None:
    declaration = make.assessed()
    begun = begin(declaration=declaration, amount=str(declaration.payable))
    confirm(begun, str(declaration.payable))
    payment = Payment.objects.get()
    assert (payment.at, payment.company, payment.attempt) == (LATER, make.company(), begun)
    assert payment.entry.idempotency_key == f"attempt:{begun.public_id}"
    assert payment.entry.by == make.trader()


def test_the_part_that_comes_from_the_account_belongs_to_no_attempt(told: list[dict[str, Any]]) -> None:
    declaration = make.assessed()
    make.funds(amount=D(10))
    arrived = declaration.payable - 10
    begun = begin(declaration=declaration, amount=str(arrived), from_account=D(10))
    confirm(begun, str(arrived))
    assert set(Payment.objects.values_list("means", "amount", "attempt")) == {
        (Payment.Means.BANK, arrived, begun.pk),
        (Payment.Means.PREPAID, D(10), None),
    }


def test_no_more_is_taken_from_the_account_than_the_payer_agreed_to(told: list[dict[str, Any]]) -> None:
    declaration = make.assessed()
    make.funds()
    arrived = declaration.payable - 10
    begun = begin(declaration=declaration, amount=str(arrived), from_account=D("9.99"))
    confirm(begun, str(arrived))
    declaration.refresh_from_db()
    assert declaration.status == Status.ASSESSED
    assert selectors.balance(make.company()) == make.FUNDS + arrived


def arrive(body: bytes, *, at: Any = make.AT, secret: str = "") -> str:
    signed = headers(body, timestamp=int(at.timestamp()), secret=secret or settings.BANK_SECRET)
    return services.receive_callback(body=body, headers=signed, at=at)


def test_what_the_bank_sends_is_kept_as_it_came_with_its_time() -> None:
    assert arrive(b"{}", at=LATER) == "unreadable"
    assert arrive(b"[]", secret="guessed") == "refused"
    kept = Callback.objects.order_by("pk").values_list("body", "signature_ok", "received_at")
    assert [(bytes(body), genuine, at) for body, genuine, at in kept] == [(b"{}", True, LATER)]


def test_a_failed_attempt_ends_when_the_bank_says_so(
    told: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, other = begin(), begin()
    monkeypatch.setattr(bank, "ask", lambda **said: [bank.Notice(said["reference"], "failed")])
    soon = make.AT + timedelta(minutes=5)
    assert services.ask(begun, at=soon).status == Attempt.Status.FAILED
    begun.refresh_from_db()
    other.refresh_from_db()
    assert (begun.finished_at, other.status) == (soon, Attempt.Status.PENDING)


def test_an_attempt_expires_only_after_a_full_hour_and_alone(
    told: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, other = begin(), begin()
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(bank, "ask", lambda **said: asked.append(said) or [])
    hour = make.AT + timedelta(hours=1)
    assert services.ask(begun, at=hour).status == Attempt.Status.PENDING
    assert services.ask(begun, at=hour + timedelta(seconds=1)).status == Attempt.Status.EXPIRED
    assert begun.finished_at == hour + timedelta(seconds=1)
    assert asked[0] == {"reference": str(begun.public_id), "at": hour}
    other.refresh_from_db()
    assert other.status == Attempt.Status.PENDING


def test_asking_stops_at_a_bank_that_does_not_answer_and_counts_what_was_asked(
    told: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = [begin() for _number in range(3)]
    calls: list[str] = []

    def ask(*, reference: str, at: Any) -> list[bank.Notice]:
        calls.append(reference)
        if len(calls) == 2:
            raise bank.BankUnreachable("refused")
        return []

    monkeypatch.setattr(bank, "ask", ask)
    assert services.ask_about_open_attempts(begun_before=LATER, at=make.AT + timedelta(minutes=1)) == 1
    assert len(calls) == 2
    assert set(calls) <= {str(attempt.public_id) for attempt in attempts}
    monkeypatch.setattr(bank, "ask", lambda **said: [])
    assert services.ask_about_open_attempts(begun_before=LATER, at=make.AT + timedelta(minutes=1)) == 3


def test_the_least_amount_is_due_and_secured_as_any_other(told: list[dict[str, Any]]) -> None:
    assert begin(amount="0.01").status == Attempt.Status.PENDING
    dearer = amended(make.paid(), price="1200.05")
    due = selectors.due(dearer)
    assert 0 < due < 1
    assert services.settle_if_nothing_due(dearer.pk, at=LATER).status == Status.ASSESSED
    confirm(begin(declaration=dearer, amount=str(due)), str(due))
    dearer.refresh_from_db()
    assert dearer.status == Status.PAID


# Receipts -----------------------------------------------------------------------------------------------------
def test_a_receipt_has_the_year_and_number_of_its_payment_and_is_a_file_of_the_declaration() -> None:
    declaration = make.paid()
    (receipt,) = services.issue_receipts(declaration.pk, at=LATER)
    payment = Payment.objects.get()
    assert receipt.number == f"R2026-{payment.pk:07d}"
    assert (receipt.payment, receipt.at) == (payment, LATER)
    file = receipt.file_in("en")
    assert (file.kind, file.name) == (StoredFile.Kind.RECEIPT, f"receipt-{receipt.number}-en.pdf")
    assert (file.declaration, file.by) == (declaration, make.trader())
    assert services.issue_receipts(declaration.pk, at=LATER) == []
    assert services.issue_receipt(payment, at=LATER) == receipt


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ru", "Сбор за таможенное оформление"),
        ("en", "Customs processing fee"),
        ("tg", "барасмиятдарории"),
    ],
)
def test_a_receipt_is_issued_once_in_every_language_and_the_reader_chooses(
    as_trader: Client, language: str, said: str
) -> None:
    declaration = make.paid()
    (receipt,) = services.issue_receipts(declaration.pk, at=LATER)
    address = reverse("receipt", args=[receipt.payment.public_id])
    answer = as_trader.get(address, {"language": language})
    text = " ".join(PdfReader(io.BytesIO(b"".join(answer.streaming_content))).pages[0].extract_text().split())
    assert said in text
    assert receipt.number in text
    own = as_trader.get(address, headers={"Accept-Language": language})
    assert f"-{language}.pdf" in own["Content-Disposition"]
    assert as_trader.get(address, {"language": "xx"}).status_code == 200
