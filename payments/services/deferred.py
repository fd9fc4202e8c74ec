"""Deferred payment: a month's statement made once, its reminders, and paying it in.

An amount owed too late bears interest. It is booked on the day on which the statement is made, since the days before
may be closed, and stands on the next statement.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import announce
from lib.figures import ZERO
from lib.violations import refuse
from payments import ledger, selectors
from payments.models import Account, Attempt, BankEntry, DeferredNotice, DeferredStatement, Entry, PayingRule, Posting
from payments.services.accounts import lock_accounts, open_account, revenue_accounts
from tariffs.calculation import interest_due
from tariffs.models import INTEREST
from tariffs.selectors import late_rates, national_currency


def issue_statements(*, on: date, at: datetime) -> int:
    """Make the statements of the month that ended, as the terms of the day say; returns how many were made."""
    rule = selectors.paying_rule(on)
    if rule is None:
        return 0
    last = selectors.month_to_state(on, rule)
    waiting = selectors.deferred_without_statement(last)
    made = [issue_statement(pk, last=last, rule=rule, at=at) for pk in waiting]
    return len([each for each in made if each is not None])


@transaction.atomic
def issue_statement(account_pk: int, *, last: date, rule: PayingRule, at: datetime) -> DeferredStatement | None:
    """The statement of an account up to the end of `last`, made at the first call; None if there is nothing to say."""
    account = lock_accounts(Account(pk=account_pk))[account_pk]
    stated_so_far = DeferredStatement.objects.filter(account=account).order_by("-last")
    before: DeferredStatement | None = stated_so_far.first()
    if before is not None and before.last >= last:
        return before
    first = before.last + timedelta(days=1) if before else last.replace(day=1)
    _book_interest(account, first=first, last=last, at=at)
    end, begin = selectors.end_of(last), selectors.end_of(first - timedelta(days=1))
    stated = Posting.objects.filter(account=account, entry__at__lt=end)
    if before is None:
        carried = _owed(stated.filter(entry__at__lt=begin))
        inside = stated.filter(entry__at__gte=begin)
    else:  # What was booked late for the month before counts now.
        carried = Decimal(before.total)
        inside = stated.exclude(pk__lte=before.newest, entry__at__lt=selectors.end_of(before.last))
    sums = inside.aggregate(used=Sum("debit"), returned=Sum("credit"))
    used, returned = (Decimal(sums[name] or ZERO) for name in ("used", "returned"))
    if not (carried or used or returned):
        return None
    made: DeferredStatement = DeferredStatement.objects.create(
        number=f"DS{last:%Y%m}-{account.pk:06d}",
        account=account,
        first=first,
        last=last,
        carried=carried,
        used=used,
        returned=returned,
        total=carried + used - returned,
        newest=stated.aggregate(newest=Max("pk"))["newest"] or 0,
        due_on=timezone.localtime(at).date() + timedelta(days=rule.due_days),
        at=at,
    )
    _tell(made, DeferredNotice.Kind.MADE, at=at)
    announce("deferred.stated", made.pk)
    return made


def _owed(postings: QuerySet[Posting]) -> Decimal:
    sums = postings.aggregate(debit=Sum("debit"), credit=Sum("credit"))
    return Decimal(sums["debit"] or ZERO) - Decimal(sums["credit"] or ZERO)


def _book_interest(account: Account, *, first: date, last: date, at: datetime) -> None:
    """Book interest on what was owed too late in the period, once for each period; the entry says how it came to be."""
    key = f"deferred-interest:{account.pk}:{last}"
    rates, decimals = late_rates(), national_currency().decimals
    charged = [
        interest_due(span.amount, span.first - timedelta(days=1), span.last, rates, decimals=decimals)
        for span in selectors.overdue_between(account, first=first, last=last)
    ]
    amount = sum((each.amount for each in charged), ZERO)
    if amount <= 0 or ledger.booked(key):
        return
    text = "; ".join(each.formula for each in charged if each.amount)[:250]
    occasion = ledger.Occasion(key=key, kind=Entry.Kind.INTEREST, text=text, at=at)
    taxes = {INTEREST: amount}
    ledger.book(occasion, ledger.taken({account: amount}, revenue=revenue_accounts(taxes, at=at), taxes=taxes))


def remind_of_statements(*, on: date, at: datetime) -> int:
    """Tell companies of statements that are due soon or overdue, once of each; returns how many were told of."""
    rule = selectors.paying_rule(on)
    waiting = selectors.statements_to_tell_of(on=on, rule=rule) if rule else []
    for pk, kind in waiting:
        _tell(DeferredStatement.objects.get(pk=pk), kind, at=at)
    return len(waiting)


def _tell(statement: DeferredStatement, kind: str, *, at: datetime) -> None:
    try:
        with transaction.atomic():
            notice = DeferredNotice.objects.create(statement=statement, kind=kind, at=at)
            announce("deferred.notice", notice.pk)
    except IntegrityError:  # another worker was first
        return


@transaction.atomic
def pay_statement(statement: DeferredStatement, *, by: User, at: datetime, idempotency_key: str) -> Decimal:
    """Move what is open of a statement from the prepaid account; returns how much.

    Raises Rejected: P009 nothing is open, P004 the prepaid account does not hold it.
    """
    if entry := ledger.booked(idempotency_key):
        return sum((row.debit for row in entry.postings.all()), ZERO)
    prepaid = _prepaid(statement, at=at)
    locked = lock_accounts(prepaid, statement.account)
    to_pay = selectors.still_open(statement)
    if to_pay <= 0:
        raise refuse("P009", "amount", _("Nothing of this statement is left to be paid."))
    if locked[prepaid.pk].available < to_pay:
        raise refuse("P004", "amount", _("The account does not hold this amount. Top it up first."))
    return pay_in(statement, most=to_pay, by=by, at=at, key=idempotency_key)


def pay_in(
    statement: DeferredStatement,
    *,
    most: Decimal,
    by: User | None,
    at: datetime,
    key: str,
    attempt: Attempt | None = None,
) -> Decimal:
    """Move what is open, and no more than `most` and than lies there, to the deferred account; returns how much.

    The caller holds a transaction.
    """
    prepaid = _prepaid(statement, at=at)
    locked = lock_accounts(prepaid, statement.account)
    amount = min(selectors.still_open(statement), most, locked[prepaid.pk].available)
    if amount <= 0 or ledger.booked(key):
        return ZERO
    occasion = ledger.Occasion(
        key=key, kind=Entry.Kind.MOVE, text=statement.number, at=at, by=by, attempt=attempt
    )  # fmt: skip
    lines = ledger.moved(source=locked[prepaid.pk], target=locked[statement.account_id], amount=amount)
    ledger.book(occasion, lines)
    return amount


@transaction.atomic
def pay_statement_by_transfer(entry_pk: int, *, at: datetime) -> None:
    """Pay in what came by transfer under a statement's reference; safe to repeat."""
    came = BankEntry.objects.select_related("deferred__account__company").filter(pk=entry_pk, taken_back_by=None)
    row = came.first()
    if row is not None and row.deferred is not None and row.company_id == row.deferred.account.company_id:
        pay_in(row.deferred, most=row.amount, by=None, at=at, key=f"transfer:{row.key}:{row.part}")


def _prepaid(statement: DeferredStatement, *, at: datetime) -> Account:
    assert statement.account.company is not None, "Statements are of customers."
    return open_account(statement.account.company, Account.Kind.PREPAID, at=at)
