"""Reads about deferred payment: terms of a day, statements of a month, what is still open of them, who is overdue."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from lib.figures import ZERO
from payments.models import Account, DeferredNotice, DeferredStatement, Entry, PayingRule, Posting
from payments.selectors.money import paying_companies
from traders.models import Company

FROM_NOW_ON = timedelta(days=1)


def paying_rule(on: date) -> PayingRule | None:
    """The terms in force on the day; without any there are neither statements nor links."""
    found: PayingRule | None = PayingRule.objects.on(on).first()
    return found


def month_to_state(on: date, rule: PayingRule) -> date:
    """The last day of the newest month of which the statement is to be made by the day."""
    end = on.replace(day=1) - FROM_NOW_ON
    return end if on.day >= rule.statement_day else end.replace(day=1) - FROM_NOW_ON


def deferred_without_statement(last: date) -> list[int]:
    """Primary keys of deferred accounts that were used by the end of the day and have no statement of it."""
    used = Posting.objects.filter(account__kind=Account.Kind.DEFERRED, account__company__isnull=False)
    rows = used.filter(entry__at__lt=end_of(last)).exclude(account__deferred_statements__last__gte=last)
    return list(rows.order_by("account").values_list("account", flat=True).distinct())


def end_of(day: date) -> datetime:
    """The instant at which the day is over."""
    return datetime.combine(day + FROM_NOW_ON, time.min, tzinfo=timezone.get_current_timezone())


def deferred_statements_for(user: User, *, on: date) -> QuerySet[DeferredStatement]:
    """Statements of every company `user` may pay for, latest first."""
    found: QuerySet[DeferredStatement] = DeferredStatement.objects.filter(
        account__company__in=paying_companies(user, on=on)
    )
    return found.select_related("account__company")


def deferred_statement_for(user: User, key: uuid.UUID, *, on: date) -> DeferredStatement:
    """One of them; raises DeferredStatement.DoesNotExist for a stranger."""
    return deferred_statements_for(user, on=on).get(public_id=key)


def deferred_statements_of(companies: Sequence[Company]) -> list["OpenStatement"]:
    """The newest statement of each company's deferred account, with what is open of it."""
    rows = (
        DeferredStatement.objects.filter(account__company__in=companies)
        .order_by("account_id", "-last")
        .distinct("account_id")
        .select_related("account__company")
    )
    return [OpenStatement(row, still_open(row)) for row in rows]


def deferred_statements_on(account: Account) -> list["OpenStatement"]:
    """The statements of an account, latest first, each with what is open of it."""
    rows = DeferredStatement.objects.filter(account=account).order_by("-last")[:60]
    return [OpenStatement(row, still_open(row)) for row in rows]


def deferred_statement_numbered(number: str) -> DeferredStatement | None:
    """The statement whose number stands in a reference of payment, without the dash."""
    written = f"DS{number[:6]}-{number[6:]}"
    found: DeferredStatement | None = DeferredStatement.objects.filter(number=written).first()
    return found


@dataclass(frozen=True, slots=True)
class OpenStatement:
    """A statement and what of it is still to be paid."""

    statement: DeferredStatement
    open: Decimal


def postings_stated(statement: DeferredStatement) -> QuerySet[Posting]:
    """The postings of the month that the statement counts, oldest first."""
    begin = end_of(statement.first - FROM_NOW_ON)
    before = DeferredStatement.objects.filter(account=statement.account_id, last__lt=statement.first).order_by("-last")
    stated_before = before.values_list("newest", flat=True).first() or statement.newest
    found: QuerySet[Posting] = Posting.objects.filter(
        account=statement.account_id, pk__lte=statement.newest, entry__at__lt=end_of(statement.last)
    ).exclude(pk__lte=stated_before, entry__at__lt=begin)
    return found.select_related("entry__declaration").order_by("entry__at", "pk")


def still_open(statement: DeferredStatement, *, before: datetime | None = None) -> Decimal:
    """What of a statement is not paid yet (or was not `before` then).

    Money that came in since pays the oldest debt first. What was given back counts as far as the statement, or an
    older one, had taken it on credit for the same declaration: a newer use that is undone pays no older debt.
    """
    stated = Q(pk__lte=statement.newest, entry__at__lt=end_of(statement.last))
    since = Posting.objects.filter(account=statement.account_id, credit__gt=0).exclude(stated)
    if before is not None:
        since = since.filter(entry__at__lt=before)
    came = since.exclude(entry__kind=Entry.Kind.CREDIT).aggregate(sum=Coalesce(Sum("credit"), ZERO))["sum"]
    undone = dict(_by_mrn(since.filter(entry__kind=Entry.Kind.CREDIT), Sum("credit")))
    counted = ZERO
    if undone:
        older = Posting.objects.filter(stated, account=statement.account_id, entry__declaration__mrn__in=undone)
        for mrn, used in _by_mrn(older, Sum(F("debit") - F("credit"))):
            counted += min(undone[mrn], max(used, ZERO))
    return max(Decimal(statement.total) - Decimal(came) - counted, ZERO)


def _by_mrn(postings: QuerySet[Posting], total: Sum) -> Iterable[tuple[str, Decimal]]:
    rows = postings.order_by().values("entry__declaration__mrn").annotate(sum=total)
    return rows.values_list("entry__declaration__mrn", "sum")


def overdue_statement(account: Account, *, on: date) -> OpenStatement | None:
    """The statement for which the account is blocked. What is open of an older one is open of the newest one due."""
    newest = DeferredStatement.objects.filter(account=account, due_on__lt=on).order_by("-last").first()
    found = OpenStatement(newest, still_open(newest)) if newest else None
    return found if found and found.open > 0 else None


def statements_to_tell_of(*, on: date, rule: PayingRule) -> list[tuple[int, str]]:
    """Statements whose company has not heard yet that they are due soon, or overdue, with the kind of notice."""
    soon = on + timedelta(days=rule.remind_days)
    found: list[tuple[int, str]] = []
    for kind, due in (
        (DeferredNotice.Kind.REMINDER, Q(due_on__lte=soon, due_on__gte=on)),
        (DeferredNotice.Kind.OVERDUE, Q(due_on__lt=on)),
    ):
        rows = DeferredStatement.objects.filter(due, total__gt=0).exclude(notices__kind=kind).order_by("pk")
        found += [(row.pk, kind) for row in rows if still_open(row) > 0]
    return found


@dataclass(frozen=True, slots=True)
class Overdue:
    """So much was owed too late from a day up to another one, both included."""

    amount: Decimal
    first: date
    last: date


def overdue_between(account: Account, *, first: date, last: date) -> list[Overdue]:
    """What was overdue on the days of a period, day by day joined where it did not change."""
    statements = list(DeferredStatement.objects.filter(account=account, due_on__lt=last).order_by("last"))
    found: list[Overdue] = []
    day = first
    while statements and day <= last:
        due = [each for each in statements if each.due_on < day]
        amount = still_open(due[-1], before=end_of(day)) if due else ZERO
        if amount > 0 and found and found[-1].amount == amount and found[-1].last == day - FROM_NOW_ON:
            found[-1] = Overdue(amount, found[-1].first, day)
        elif amount > 0:
            found.append(Overdue(amount, day, day))
        day += FROM_NOW_ON
    return found
