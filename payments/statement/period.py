"""A statement as facts. Amounts are in the account's currency; days are those of the country's clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from lib.figures import ZERO
from payments.models import Account, Posting

_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Statement:
    """An account from `first` to `last`, both included, as it stood when it was asked: later postings are left out."""

    account: Account
    first: date
    last: date
    opening: Decimal
    debits: Decimal
    credits: Decimal
    count: int
    newest: int

    @property
    def closing(self) -> Decimal:
        """What the account held at the end of the last day."""
        return self.opening + self.credits - self.debits

    @property
    def name(self) -> str:
        """Of a file, without its ending."""
        return f"statement-{self.account.pk}-{self.first}-{self.last}"


@dataclass(frozen=True, slots=True)
class Line:
    """One posting: `change` is what it added (negative: took), `balance` what the account held after it."""

    entry: int
    at: datetime
    kind: str
    kind_code: str
    text: str
    mrn: str
    change: Decimal
    balance: Decimal


def statement_of(account: Account, *, first: date, last: date) -> Statement:
    """The statement of a customer's account; one query reads it, so that its figures belong together."""
    begin, end = _bounds(first, last)
    change = F("credit") - F("debit")
    inside = Q(entry__at__gte=begin, entry__at__lt=end)
    own = Posting.objects.filter(account=account).order_by()
    balance = Account.objects.filter(pk=OuterRef("account")).values("balance")[:1]
    rows = own.values("account").annotate(
        since=Coalesce(Sum(change, filter=Q(entry__at__gte=begin)), ZERO),
        debits=Coalesce(Sum("debit", filter=inside), ZERO),
        credits=Coalesce(Sum("credit", filter=inside), ZERO),
        lines=Count("pk", filter=inside),
        newest=Max("pk"),
        balance=Subquery(balance),
    )
    sums = next(iter(rows), None)
    if sums is None:
        return Statement(account, first, last, account.balance, ZERO, ZERO, 0, 0)
    return Statement(
        account=account,
        first=first,
        last=last,
        opening=sums["balance"] - sums["since"],
        debits=sums["debits"],
        credits=sums["credits"],
        count=sums["lines"],
        newest=sums["newest"],
    )


def lines_of(statement: Statement) -> Iterator[Line]:
    """Every line, oldest first, read some thousand at a time."""
    balance = statement.opening
    for posting in _postings(statement).iterator(chunk_size=_AT_ONCE):
        change = posting.credit - posting.debit
        balance += change
        entry = posting.entry
        yield Line(
            entry=entry.pk,
            at=entry.at,
            kind=entry.get_kind_display(),
            kind_code=entry.kind,
            text=entry.text,
            mrn=entry.declaration.mrn if entry.declaration else "",
            change=change,
            balance=balance,
        )


def _postings(statement: Statement) -> QuerySet[Posting]:
    begin, end = _bounds(statement.first, statement.last)
    found: QuerySet[Posting] = (
        Posting.objects.filter(
            account=statement.account, pk__lte=statement.newest, entry__at__gte=begin, entry__at__lt=end
        )
        .select_related("entry__declaration")
        .defer("entry__declaration__held", "entry__declaration__kept")
        .order_by("entry__at", "pk")
    )
    return found


def _bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """The instants at which the first day begins and the last one is over."""
    zone = timezone.get_current_timezone()
    begin = datetime.combine(first, time.min, tzinfo=zone)
    return begin, datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone)
