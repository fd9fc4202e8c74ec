"""Paying by a link: anybody who has it pays, sees only what is needed, and gets back what is not."""

import re
import uuid
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clearance import services as clearance
from payments import bank, selectors, services
from payments.models import Account, Attempt, Entry, LinkRefund, PayLink, Payment
from payments.views.links import MOST_A_MINUTE
from tests import make
from tests.payments import statement_files as files
from tests.payments.money_steps import D, pay, refuses
from tests.payments.test_paying import amended, suspended
from tests.payments.ways_steps import books_are_whole, status, terms

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]


def linked(declaration: Any = None) -> PayLink:
    terms()
    return services.make_link(declaration or make.assessed(), by=make.trader(), at=timezone.now())


def begun(link: PayLink, key: str = "") -> Attempt:
    return services.start_link_payment(link, at=timezone.now(), idempotency_key=key or uuid.uuid4().hex)


def arrives(attempt: Attempt, amount: Any = None, *, transaction: str = "TX1") -> Entry:
    given = attempt.amount if amount is None else amount
    return services.confirm(attempt, transaction_id=transaction, amount=given, currency="TJS", at=timezone.now())


def owed() -> Any:
    return selectors.balance_of_administration(Account.Kind.REFUNDS)


def test_a_stranger_with_the_link_pays_and_has_a_receipt() -> None:
    link, client = linked(), Client()
    page = client.get(reverse("link_pay", args=[link.token]))
    assert page.status_code == 200
    assert page["Referrer-Policy"] == "no-referrer"
    key = page.context["form"]["key"].value()
    answers = [client.post(reverse("link_pay", args=[link.token]), {"key": key}) for _time in range(2)]
    attempt = Attempt.objects.get()
    assert {answer["Location"] for answer in answers} == {attempt.redirect_url}
    back = reverse("link_paid", args=[link.token, attempt.public_id])
    assert "Waiting for the bank" in client.get(back).content.decode()
    arrives(attempt)
    assert status(link.declaration) == "paid"
    payment = Payment.objects.get()
    assert (payment.means, payment.entry.by, payment.amount) == ("link", None, link.declaration.payable)
    assert (selectors.balance(make.company()), owed()) == (0, 0)
    assert "Receipt (PDF)" in client.get(back).content.decode()
    assert client.get(reverse("link_receipt", args=[link.token, attempt.public_id])).content.startswith(b"%PDF")
    assert "Nothing is to be paid" in client.get(reverse("link_pay", args=[link.token])).content.decode()
    books_are_whole()


def test_the_page_shows_neither_goods_nor_names() -> None:
    link = linked()
    shown = re.sub(r"\s+", " ", Client().get(reverse("link_pay", args=[link.token])).content.decode())
    for secret in ("Somon", "Zarina", "tea", "Yunnan", make.TIN, "0902300009"):
        assert secret not in shown
    assert len(link.token) >= 43


def test_what_does_not_pay_goes_back_to_the_card(monkeypatch: pytest.MonkeyPatch) -> None:
    link = linked()
    first, second = begun(link), begun(link)
    arrives(first)
    arrives(second, transaction="TX2")
    assert Payment.objects.count() == 1
    refund = LinkRefund.objects.get()
    assert (refund.attempt, refund.amount, owed()) == (second, second.amount, second.amount)
    asked: list[Any] = []
    monkeypatch.setattr(bank, "refund", lambda **said: asked.append(said))
    for _time in range(2):
        services.send_link_refund(refund.pk, at=make.AT)
    assert status(refund) == "done"
    assert [said["amount"] for said in asked] == [second.amount]
    assert owed() == 0
    assert selectors.balance(make.company()) == 0
    books_are_whole()


def test_a_bank_that_cannot_be_reached_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    link = linked()
    attempt = begun(link)
    arrives(attempt, D(1))

    def down(**said: Any) -> None:
        raise bank.BankUnreachable("down")

    monkeypatch.setattr(bank, "refund", down)
    refund = LinkRefund.objects.get()
    services.send_link_refund(refund.pk, at=make.AT)
    assert (status(refund), owed()) == ("ordered", 1)
    assert selectors.link_refunds_ordered(before=timezone.now() + timedelta(minutes=1)) == [refund.pk]


@pytest.mark.parametrize("more", ["5", "-5"])
def test_another_sum_pays_if_it_covers_and_the_rest_goes_back(more: str) -> None:
    link = linked()
    attempt = begun(link)
    due = attempt.amount
    arrives(attempt, due + D(more))
    covers = D(more) > 0
    assert status(link.declaration) == ("paid" if covers else "assessed")
    assert LinkRefund.objects.get().amount == (D(more) if covers else due + D(more))
    assert selectors.balance(make.company()) == 0


def test_what_ends_or_changes_while_somebody_pays_sends_the_money_back_and_the_rest_to_the_company() -> None:
    link = linked()
    attempt = begun(link)
    second = amended(link.declaration, price="600.00")
    arrives(attempt)
    assert status(second) == "paid"
    assert LinkRefund.objects.get().amount == attempt.amount - second.payable
    clearance.cancel(second, reason="sent back", by=make.trader(), at=make.AT)
    assert selectors.balance(make.company()) == second.payable
    books_are_whole()


def test_a_link_ends_is_withdrawn_and_its_money_is_still_taken(as_trader: Client) -> None:
    link = linked()
    attempt = begun(link)
    withdraw = reverse("pay_link_withdraw", args=[link.declaration.public_id, link.pk])
    assert as_trader.post(withdraw).status_code == 302
    assert Client().get(reverse("link_pay", args=[link.token])).status_code == 410
    with refuses(("P046", "")):
        begun(PayLink.objects.get())
    arrives(attempt)
    assert status(link.declaration) == "paid"
    late = PayLink.objects.get()
    assert not selectors.is_good(late, at=timezone.now())
    assert [each.verb for each in link.declaration.events.filter(verb__startswith="pay_link").order_by("pk")] == [
        "pay_link", "pay_link_withdrawn",
    ]  # fmt: skip


def test_a_link_expires_by_the_terms_and_is_none_without_them() -> None:
    declaration = make.assessed()
    with refuses(("P044", "")):
        services.make_link(declaration, by=make.trader(), at=timezone.now())
    link = linked(declaration)
    assert link.until - link.at == timedelta(days=14)
    with refuses(("P046", "")):
        services.start_link_payment(link, at=link.until, idempotency_key="late")


def test_who_may_not_pay_makes_no_link_and_what_is_paid_has_none() -> None:
    link = linked()
    with refuses(("P003", "account")):
        services.make_link(link.declaration, by=make.colleague(), at=timezone.now())
    make.funds()
    pay(link.declaration)
    with refuses(("P001", "")):
        services.make_link(link.declaration, by=make.trader(), at=timezone.now())
    with refuses(("P001", "")):
        begun(link)


def test_a_guarantee_that_is_missing_is_told_without_details() -> None:
    link = linked(suspended())
    with refuses(("P047", "")):
        begun(link)


def test_doors_of_a_link_are_the_owner_s_unguessable_and_counted(as_trader: Client, as_stranger: Client) -> None:
    terms()
    declaration = make.assessed()
    make_one = reverse("pay_link_make", args=[declaration.public_id])
    assert as_stranger.post(make_one).status_code == 404
    assert as_trader.post(make_one).status_code == 302
    link = PayLink.objects.get()
    assert link.token in as_trader.get(reverse("pay", args=[declaration.public_id])).content.decode()
    withdraw = reverse("pay_link_withdraw", args=[declaration.public_id, link.pk])
    assert as_stranger.post(withdraw).status_code == 404
    other = linked_attempt_of_another()
    client = Client()
    assert client.get(reverse("link_paid", args=[link.token, other])).status_code == 404
    assert client.get(reverse("link_receipt", args=[link.token, other])).status_code == 404
    for _time in range(MOST_A_MINUTE - 2):
        assert client.get(reverse("link_pay", args=["x" * 43])).status_code == 404
    refused = client.get(reverse("link_pay", args=[link.token]))
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")


def linked_attempt_of_another() -> uuid.UUID:
    link = services.make_link(make.assessed(), by=make.trader(), at=timezone.now())
    return begun(link).public_id


def test_the_statement_of_the_bank_that_tells_of_it_too_books_nothing_more(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    link = linked()
    first, second = begun(link), begun(link)
    arrives(first)
    arrives(second, transaction="TX2")
    before = files.books()
    lines = [files.Told(f"{first.amount:.2f}", "TX1"), files.Told(f"{second.amount:.2f}", "TX2")]
    files.booked(files.camt(lines))
    assert files.books() == before
    assert not files.open_items()


@pytest.mark.django_db(transaction=True)
def test_the_same_link_in_two_browsers_at_once_takes_the_money_once() -> None:
    link = linked()
    attempts = [begun(link) for _each in range(3)]
    failures: list[Exception] = []

    def come(number: int) -> None:
        try:
            arrives(attempts[number], transaction=f"TX{number}")
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=come, args=[number]) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert not failures
    assert Payment.objects.count() == 1
    assert sorted(LinkRefund.objects.values_list("amount", flat=True)) == [attempts[0].amount] * 2
    assert owed() == 2 * attempts[0].amount
    books_are_whole()
