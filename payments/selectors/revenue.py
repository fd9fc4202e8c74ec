"""Reads of revenue: which days are to be counted, what was counted, and the rows a page, a table or a chart shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import connection
from django.db.models import F, Max, QuerySet, Sum
from django.db.models.functions import TruncMonth

from accounts.models import Office
from declarations.models import FINE
from lib.figures import ZERO
from lib.languages import day_text, in_language
from payments.models import Revenue, RevenueChart, RevenueDay
from payments.selectors.money import name_beside_law
from tariffs.models import Tax

BY = ("day", "month", "tax", "office", "regime")
_COLUMNS = {"tax": "tax_code", "office": "office_code", "regime": "regime"}
DAYS_SHOWN, MONTHS_SHOWN = 31, 13

_DAYS = """
SELECT (at AT TIME ZONE %s)::date AS day, count(*), max(id)
FROM payments_entry WHERE at >= %s GROUP BY 1 ORDER BY 1
"""
_COUNT = """
SELECT account.tax_code, coalesce(version.office_code, travel.post, ''),
    trim(coalesce(version.declaration_type || ' ' || version.general_procedure, '')), sum(line.credit - line.debit)
FROM payments_entry entry
JOIN payments_posting line ON line.entry_id = entry.id
JOIN payments_account account ON account.id = line.account_id AND account.kind = 'revenue'
LEFT JOIN declarations_declaration version ON version.id = entry.declaration_id
LEFT JOIN passengers_traveldeclaration travel ON travel.id = entry.travel_id
WHERE entry.at >= %s AND entry.at < %s
GROUP BY 1, 2, 3
"""


def uncounted_days(*, since: datetime) -> Iterator[tuple[date, int, int]]:
    """Days from then on whose entries are more than were counted: the day, how many, and the last one's key."""
    known = {row.day: (row.entries, row.last_entry) for row in RevenueDay.objects.filter(day__gte=since)}
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, [settings.TIME_ZONE, since])
        for day, entries, last in cursor.fetchall():
            if known.get(day) != (entries, last):
                yield day, entries, last


def revenue_between(begins: datetime, ends: datetime) -> list[Revenue]:
    """What the ledger says of a day, as rows that are not written yet."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [begins, ends])
        rows = cursor.fetchall()
    return [
        Revenue(tax_code=tax, office_code=office, regime=regime, amount=amount)
        for tax, office, regime, amount in rows
        if amount
    ]


def counted_at() -> datetime | None:
    """As of when the rows are."""
    at: datetime | None = RevenueDay.objects.aggregate(at=Max("at"))["at"]
    return at


@dataclass(frozen=True, slots=True)
class Filters:
    """Which rows are meant; empty: all."""

    first: date | None = None
    last: date | None = None
    tax: str = ""
    office: str = ""
    regime: str = ""

    def rows(self) -> QuerySet[Revenue]:
        found: QuerySet[Revenue] = Revenue.objects.order_by()
        if self.first:
            found = found.filter(day__gte=self.first)
        if self.last:
            found = found.filter(day__lte=self.last)
        chosen = {_COLUMNS[name]: getattr(self, name) for name in _COLUMNS if getattr(self, name)}
        return found.filter(**chosen)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: what it is of, in words and as a key, and the amount."""

    key: str
    name: str
    amount: Decimal


def revenue_by(by: str, filters: Filters) -> list[Line]:
    """Revenue by one of `BY`: days and months in their order, the others the largest first."""
    rows = filters.rows()
    if by in ("day", "month"):
        key = F("day") if by == "day" else TruncMonth("day")
        by_time = rows.annotate(key=key).values_list("key").annotate(total=Sum("amount")).order_by("key")
        form = "%Y-%m-%d" if by == "day" else "%Y-%m"
        return [
            Line(f"{day:{form}}", day_text(day) if by == "day" else f"{day:{form}}", total) for day, total in by_time
        ]
    summed = rows.values_list(_COLUMNS[by]).annotate(total=Sum("amount")).order_by("-total", _COLUMNS[by])
    names = names_of(by)
    return [Line(str(code), names.get(code, str(code)), total) for code, total in summed]


def names_of(by: str) -> dict[str, str]:
    """Names of taxes or offices by their code, in the reader's language; a regime is its own name."""
    if by == "office":
        return {office.code: f"{office.code} {in_language(office)}" for office in Office.objects.all()}
    if by == "tax":
        known = {tax.code: f"{tax.code} {in_language(tax)}" for tax in Tax.objects.order_by("valid_from")}
        return known | {FINE: name_beside_law(FINE)}
    return {}


def total_of(lines: Sequence[Line]) -> Decimal:
    return sum((line.amount for line in lines), ZERO)


def values_of(column: str) -> list[str]:
    """What a filter may choose from."""
    return sorted(set(Revenue.objects.values_list(_COLUMNS[column], flat=True)) - {""})


def default_filters(by: str, *, on: date) -> Filters:
    """The period that a chart shows: a month of days, or a year of months."""
    if by == "month":
        first = (on.replace(day=1) - timedelta(days=MONTHS_SHOWN * 28 - 1)).replace(day=1)
        return Filters(first=first, last=on)
    return Filters(first=on - timedelta(days=DAYS_SHOWN - 1), last=on)


def chart_of(name: str, *, language: str) -> RevenueChart | None:
    found: RevenueChart | None = RevenueChart.objects.filter(name=name, language=language).first()
    return found


def exported(filters: Filters) -> Iterator[Sequence[object]]:
    """Every row, the heading first."""
    yield "day", "tax", "office", "regime", "amount"
    rows = filters.rows().order_by("day", "tax_code", "office_code", "regime")
    for row in rows.iterator(chunk_size=2000):
        yield row.day, row.tax_code, row.office_code, row.regime, row.amount
