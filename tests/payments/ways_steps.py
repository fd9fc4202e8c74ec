"""Steps that tests of the ways to pay share: terms, a deferred account with a limit, parts settled, a worker's day."""

import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from declarations.models import Declaration
from payments import selectors, services
from payments.models import Account, Attempt, DeferredStatement, Entry, PayingRule, Payment, Posting
from tests import make
from tests.payments.money_steps import DEFERRED, D

DECEMBER = datetime(2026, 12, 3, 6, 0, tzinfo=make.AT.tzinfo)


def terms(**changes: Any) -> PayingRule:
    days = {"statement_day": 3, "due_days": 15, "remind_days": 5, "link_days": 14}
    return PayingRule.objects.create(legal_basis="Rule 1", valid_from=make.SINCE, **{**days, **changes})


def deferred(limit: str = "100000") -> Account:
    account = services.open_account(make.company(owner=make.trader()), DEFERRED, at=make.AT)
    return make.limit(account, D(limit))


def account(kind: str) -> Account:
    found = selectors.account_of(make.company(), kind)
    assert found is not None
    return found


def many(declarations: list[Declaration], *, key: str = "many", source: Account | None = None) -> list[services.Done]:
    return services.pay_many(
        declarations,
        account=source or account("prepaid"),
        by=make.trader(),
        at=make.AT,
        idempotency_key=key,
    )


def many_at_the_bank(declarations: list[Declaration], *, key: str = "") -> tuple[Attempt | None, list[services.Done]]:
    return services.start_bank_payment_of_many(
        declarations, company=make.company(), by=make.trader(), at=make.AT, idempotency_key=key or uuid.uuid4().hex
    )


def arrives(attempt: Attempt, amount: Decimal | None = None, *, transaction: str = "TX1") -> None:
    """The bank tells of the money, and the worker pays what it was meant for."""
    given = attempt.amount if amount is None else amount
    services.confirm(attempt, transaction_id=transaction, amount=given, currency="TJS", at=make.AT)
    services.settle_parts(attempt.pk, at=make.AT)


def stated(at: datetime = DECEMBER) -> DeferredStatement:
    """The statement of the month before `at`."""
    assert services.issue_statements(on=timezone.localtime(at).date(), at=at) == 1
    return DeferredStatement.objects.latest("pk")


def owed_on_credit() -> tuple[Account, DeferredStatement]:
    """A declaration paid on credit in November, and the statement made in December."""
    terms()
    source = deferred()
    services.pay_from_account(make.assessed(), by=make.trader(), at=make.AT, idempotency_key="credit", account=source)
    return source, stated()


def status(row: Any) -> str:
    row.refresh_from_db()
    return str(row.status)


def days(number: int, since: datetime = DECEMBER) -> datetime:
    return since + timedelta(days=number)


def books_are_whole() -> None:
    """Every entry balances, no customer is below the limit, and what was paid is what the ledger took."""
    for account in Account.objects.filter(company__isnull=False):
        assert account.balance + account.limit - account.reserved >= 0
        lines = Posting.objects.filter(account=account).values_list("credit", "debit")
        assert account.balance == sum((credit - debit for credit, debit in lines), D(0))
    everything = Posting.objects.values_list("credit", "debit")
    assert sum((credit - debit for credit, debit in everything), D(0)) == 0
    for entry in Entry.objects.filter(kind=Entry.Kind.PAYMENT, declaration__isnull=False):
        paid = sum((each.amount for each in Payment.objects.filter(entry=entry)), D(0))
        taken = entry.postings.filter(account__company__isnull=False).values_list("debit", "credit")
        assert paid == sum((debit - credit for debit, credit in taken), D(0))
