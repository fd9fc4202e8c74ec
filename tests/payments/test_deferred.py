"""Deferred payment: one statement a month, paid by any means, a reminder before and a block after its day."""

import hashlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from clearance import services as clearance
from declarations.models import Declaration
from lib.creditor_reference import STATEMENT, numbers_in, reference_of
from lib.violations import Rejected
from notifications import services as notifications
from notifications.models import Message
from payments import selectors, services
from payments.models import BankEntry, DeferredNotice, DeferredStatement, Entry, PayingRule
from tariffs.calculation import interest_due
from tariffs.selectors import late_rates
from tests import make
from tests.payments import statement_files as files
from tests.payments.money_steps import DEFERRED, PREPAID, D, move, pay, refuses
from tests.payments.ways_steps import (
    DECEMBER,
    account,
    arrives,
    books_are_whole,
    days,
    deferred,
    owed_on_credit,
    stated,
    status,
    terms,
)

pytestmark = pytest.mark.django_db
OVERDUE = days(16)


def test_the_month_on_credit_is_stated_once_with_number_reference_and_day() -> None:
    source, statement = owed_on_credit()
    assert (statement.number, statement.due_on) == (f"DS202611-{source.pk:06d}", date(2026, 12, 18))
    assert (statement.first, statement.last) == (date(2026, 11, 1), date(2026, 11, 30))
    used = -account(DEFERRED).balance
    assert (statement.carried, statement.used, statement.returned, statement.total) == (0, used, 0, used)
    assert services.issue_statements(on=date(2026, 12, 4), at=DECEMBER) == 0
    assert [row.debit for row in selectors.postings_stated(statement)] == [used]
    number = statement.number.removeprefix("DS").replace("-", "")
    assert numbers_in(f"for {reference_of(STATEMENT, number)}") == {(STATEMENT, number)}


def test_no_statement_is_made_before_its_day_without_terms_or_without_anything_to_say() -> None:
    source = deferred()
    pay(make.assessed(), account=source)
    assert services.issue_statements(on=date(2026, 12, 3), at=DECEMBER) == 0
    terms()
    assert services.issue_statements(on=date(2026, 12, 2), at=DECEMBER) == 0
    services.open_account(make.company(make.OTHER_TIN, owner=make.stranger()), DEFERRED, at=make.AT)
    assert services.issue_statements(on=date(2026, 12, 3), at=DECEMBER) == 1


def test_what_is_given_back_or_paid_in_the_month_is_taken_off_and_the_next_month_begins_with_the_rest() -> None:
    terms()
    source = deferred()
    first, second = make.assessed(), make.assessed()
    pay(first, key="1", account=source)
    pay(second, key="2", account=source)
    clearance.cancel(first, reason="sent back", by=make.trader(), at=make.AT)
    november = stated()
    assert (november.used, november.returned) == (first.payable + second.payable, first.payable)
    make.funds()
    services.pay_statement(november, by=make.trader(), at=DECEMBER, idempotency_key="in")
    third = make.assessed()
    services.pay_from_account(third, by=make.trader(), at=DECEMBER, idempotency_key="3", account=source)
    december = stated(days(31))
    assert (december.carried, december.used, december.returned) == (second.payable, third.payable, second.payable)
    assert december.total == third.payable
    assert december.first == date(2026, 12, 1)


def test_who_is_late_is_reminded_once_and_blocked_until_it_is_paid_by_any_means() -> None:
    source, statement = owed_on_credit()
    make.funds()
    assert services.remind_of_statements(on=date(2026, 12, 12), at=days(9)) == 0
    assert services.remind_of_statements(on=date(2026, 12, 13), at=days(10)) == 1
    assert services.remind_of_statements(on=date(2026, 12, 14), at=days(11)) == 0
    assert services.remind_of_statements(on=date(2026, 12, 19), at=OVERDUE) == 1
    assert [each.kind for each in DeferredNotice.objects.all()] == ["made", "reminder", "overdue"]
    declaration = make.assessed()

    def on_credit(at: Any, key: str) -> Any:
        return services.pay_from_account(declaration, by=make.trader(), at=at, idempotency_key=key, account=source)

    with refuses(("P040", "account")):
        on_credit(OVERDUE, "late")
    other = make.assessed()
    services.pay_from_account(other, by=make.trader(), at=OVERDUE, idempotency_key="prepaid")
    assert status(other) == "paid"
    assert services.pay_statement(statement, by=make.trader(), at=OVERDUE, idempotency_key="in") == statement.total
    assert services.pay_statement(statement, by=make.trader(), at=OVERDUE, idempotency_key="in") == statement.total
    assert on_credit(OVERDUE, "again").status == "paid"
    with refuses(("P009", "amount")):
        services.pay_statement(statement, by=make.trader(), at=OVERDUE, idempotency_key="in2")


def test_a_part_is_not_enough_and_any_money_on_the_account_counts() -> None:
    source, statement = owed_on_credit()
    make.funds()
    move(DEFERRED, str(statement.total - 1))
    assert selectors.still_open(statement) == 1
    assert selectors.overdue_statement(source, on=OVERDUE.date()) is not None
    with pytest.raises(Rejected, match="P040"):
        services.pay_from_account(make.assessed(), by=make.trader(), at=OVERDUE, idempotency_key="late", account=source)
    move(DEFERRED, "1")
    assert selectors.overdue_statement(source, on=OVERDUE.date()) is None


def test_what_is_given_back_pays_the_debt_it_was_and_no_older_one() -> None:
    source, statement = owed_on_credit()
    newer = make.assessed()
    services.pay_from_account(newer, by=make.trader(), at=DECEMBER, idempotency_key="newer", account=source)
    clearance.cancel(newer, reason="sent back", by=make.trader(), at=DECEMBER)
    assert selectors.still_open(statement) == statement.total
    older = Declaration.objects.filter(status="paid").get()
    clearance.cancel(older, reason="sent back", by=make.trader(), at=DECEMBER)
    assert selectors.still_open(statement) == 0


@pytest.mark.usefixtures("told")
def test_a_statement_is_paid_at_the_bank() -> None:
    _source, statement = owed_on_credit()

    def begin() -> Any:
        return services.start_bank_payment_of_statement(statement, by=make.trader(), at=make.AT, idempotency_key="bank")

    attempt = begin()
    assert begin() == attempt
    arrives(attempt)
    services.settle_parts(attempt.pk, at=make.AT)
    assert (selectors.still_open(statement), account(DEFERRED).balance, account(PREPAID).balance) == (0, 0, 0)
    assert [state.done for state in selectors.parts_of(attempt)] == [True]
    with refuses(("P009", "amount")):
        services.start_bank_payment_of_statement(statement, by=make.trader(), at=make.AT, idempotency_key="more")
    books_are_whole()


@pytest.mark.parametrize("more", ["0", "5"])
def test_a_transfer_under_the_statement_s_reference_pays_it_and_the_rest_stays_prepaid(
    more: str, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    _source, statement = owed_on_credit()
    reference = reference_of(STATEMENT, statement.number.removeprefix("DS").replace("-", ""))
    amount = f"{statement.total + D(more):.2f}"
    files.booked(files.camt([files.Told(amount, "B1", reference)]))
    assert BankEntry.objects.get().deferred == statement
    assert (account(DEFERRED).balance, account(PREPAID).balance) == (0, D(more))
    assert selectors.still_open(statement) == 0
    assert Entry.objects.filter(kind=Entry.Kind.MOVE).count() == 1


def test_what_is_late_bears_interest_on_the_next_statement() -> None:
    source, _november = owed_on_credit()
    owed, rule = -account(DEFERRED).balance, PayingRule.objects.get()
    late = interest_due(owed, date(2026, 12, 18), date(2026, 12, 31), late_rates(), decimals=2)
    assert late.amount > 0
    december = services.issue_statement(source.pk, last=date(2026, 12, 31), rule=rule, at=days(31))
    assert december is not None
    assert (december.carried, december.used, december.total) == (owed, 0, owed)
    booked = Entry.objects.get(kind=Entry.Kind.INTEREST)
    assert (booked.at, booked.text, -account(DEFERRED).balance) == (days(31), late.formula, owed + late.amount)
    assert services.issue_statement(source.pk, last=date(2026, 12, 31), rule=rule, at=days(31)) == december
    january = services.issue_statement(source.pk, last=date(2027, 1, 31), rule=rule, at=days(62))
    assert january is not None
    assert (january.carried, january.used) == (owed, late.amount)
    books_are_whole()


def test_pages_and_paper_are_the_payer_s_alone(as_trader: Client, as_stranger: Client) -> None:
    source, statement = owed_on_credit()
    make.funds()
    page = reverse("deferred_statement", args=[statement.public_id])
    paper = reverse("deferred_statement_paper", args=[statement.public_id])
    for address in (page, paper):
        assert as_stranger.get(address).status_code == 404
    shown = as_trader.get(page)
    assert statement.number in shown.content.decode()
    assert as_trader.get(paper).status_code == 404, "the worker makes it"
    for _time in range(2):
        issued = services.issue_deferred_paper(statement.pk, at=DECEMBER)
    for language in ("en", "tg"):
        content = b"".join(as_trader.get(f"{paper}?language={language}").streaming_content)
        assert hashlib.sha256(content).hexdigest() == issued.files.get(language=language).sha256
    assert issued.files.count() == 3
    assert statement.number in as_trader.get(reverse("payments")).content.decode()
    assert statement.number in as_trader.get(reverse("account", args=[source.pk])).content.decode()
    filled = {"key": str(shown.context["form"]["key"].value()), "means": "prepaid"}
    assert as_stranger.post(page, filled).status_code == 404
    assert as_trader.post(page, {**filled, "means": ""}).status_code == 422
    for _time in range(2):
        assert as_trader.post(page, filled).status_code == 302
    assert selectors.still_open(statement) == 0
    assert Entry.objects.filter(kind=Entry.Kind.MOVE).count() == 1


def test_who_pays_is_told() -> None:
    _source, statement = owed_on_credit()
    services.remind_of_statements(on=date(2026, 12, 13), at=days(10))
    for notice in DeferredNotice.objects.all():
        assert notifications.deferred_notice(notice.pk, now=days(10)) == 1
        assert notifications.deferred_notice(notice.pk, now=days(10)) == 0
    assert {each.variant for each in Message.objects.filter(kind="deferred")} == {"", "reminder"}
    assert statement.number in {each.params["number"] for each in Message.objects.all()}


def test_the_database_keeps_a_statement_as_it_was_made_and_one_for_a_month() -> None:
    _source, statement = owed_on_credit()
    with pytest.raises(DatabaseError), transaction.atomic():
        DeferredStatement.objects.filter(pk=statement.pk).update(due_on=statement.due_on + timedelta(days=9))
    same = {name: getattr(statement, name) for name in ("account", "first", "last", "due_on", "at", "newest")}
    with pytest.raises(IntegrityError, match="once_a_month"), transaction.atomic():
        DeferredStatement.objects.create(number="DS1", carried=0, used=1, returned=0, total=1, **same)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("29,15,5,14,Rule,2024-01-01,", "statement_day"),
        ("3,0,5,14,Rule,2024-01-01,", "due_days"),
        ("3,15,5,x,Rule,2024-01-01,", "link_days"),
        ("3,15,5,14,Rule,2024-01-01,\n3,15,5,14,Rule,2025-01-01,", "valid_from"),
    ],
)
def test_terms_with_a_fault_are_refused_whole(line: str, fault: str, tmp_path: Path, country: Path) -> None:
    assert services.load_paying_rules(country, at=make.AT) == 1
    head = "statement_day,due_days,remind_days,link_days,legal_basis,valid_from,valid_to\n"
    (tmp_path / "paying_rules.csv").write_text(head + line + "\n")
    with pytest.raises(Rejected) as refused:
        services.load_paying_rules(tmp_path, at=make.AT)
    assert fault in str(refused.value)
    assert PayingRule.objects.get().statement_day == 3
