"""Tariff quotas on a date: their balances, and what was drawn from them by day. Nobody is named who drew."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Max, Sum
from django.db.models.functions import TruncDate

from lib.figures import ZERO
from lib.languages import in_language
from tariffs.calculation import Consignment, QuotaFact
from tariffs.models import Measure, Quota, QuotaDraw
from tariffs.rates import UNIT_SYMBOLS


@dataclass(frozen=True, slots=True)
class QuotaBalance:
    """A quota in its period, with the moment of its last draw (none: nobody has drawn yet)."""

    quota: Quota
    last_draw: datetime | None

    @property
    def balance(self) -> Decimal:
        return self.quota.balance

    @property
    def unit(self) -> str:
        """The unit as people write it: t, kg, l."""
        return UNIT_SYMBOLS.get(self.quota.unit, self.quota.unit)

    @property
    def used_percent(self) -> Decimal:
        """How much of the volume is drawn, 0 to 100, with one decimal, rounded down: 100 means all of it."""
        return (self.quota.drawn * 1000 // self.quota.volume) / 10

    @property
    def left_percent(self) -> Decimal:
        return 100 - self.used_percent

    @property
    def is_exhausted(self) -> bool:
        return self.balance <= 0


@dataclass(frozen=True, slots=True)
class DayOfDraws:
    """What was drawn and given back on one day, and what was left in the evening."""

    day: date
    drawn: Decimal
    given_back: Decimal
    balance: Decimal


def quotas_named(consignment: Consignment, *, on: date) -> dict[str, QuotaFact]:
    """The quotas in force that items of the consignment name. One query, none where no item names one."""
    numbers = {item.quota_code for item in consignment.items} - {""}
    if not numbers:
        return {}
    return {
        row.number: QuotaFact(row.number, in_language(row), row.unit, row.volume, row.balance)
        for row in Quota.objects.on(on).filter(number__in=numbers)
    }


def quota_balances(numbers: Iterable[str] | None = None, *, on: date) -> list[QuotaBalance]:
    """Quotas in force on the date by number, those of `numbers` or all. Two queries."""
    found = Quota.objects.on(on).select_related("legal_act").order_by("number")
    if numbers is not None:
        found = found.filter(number__in=set(numbers))
    return _with_last_draws(list(found))


def _with_last_draws(rows: list[Quota]) -> list[QuotaBalance]:
    last = QuotaDraw.objects.filter(quota__in=rows, quantity__gt=0).values("quota").annotate(last=Max("at"))
    last_draws = dict(last.order_by().values_list("quota", "last"))
    return [QuotaBalance(row, last_draws.get(row.pk)) for row in rows]


def quota_periods(number: str) -> list[Quota]:
    """Every period of a quota, the latest first."""
    return list(Quota.objects.filter(number=number).select_related("legal_act").order_by("-valid_from"))


def quota_on(number: str, *, on: date) -> QuotaBalance | None:
    """A quota in its period on the date; its last period where it has none then; None where there is no such quota."""
    periods = quota_periods(number)
    open_then = [row for row in periods if row.valid_from <= on and (row.valid_to is None or row.valid_to >= on)]
    return _with_last_draws((open_then or periods)[:1])[0] if periods else None


def draws_by_day(quota: Quota) -> list[DayOfDraws]:
    """Draws on the quota summed by day, the latest first; whose they are is not told."""
    days = QuotaDraw.objects.filter(quota=quota).annotate(day=TruncDate("at")).order_by("day").values("day")
    taken = dict(days.filter(quantity__gt=0).annotate(sum=Sum("quantity")).values_list("day", "sum"))
    returned = dict(days.filter(quantity__lt=0).annotate(sum=Sum("quantity")).values_list("day", "sum"))
    left, found = quota.volume, []
    for day in sorted({*taken, *returned}):
        drawn, given_back = taken.get(day, ZERO), -returned.get(day, ZERO)
        left += given_back - drawn
        found.append(DayOfDraws(day, drawn, given_back, left))
    return found[::-1]


def measures_with_quota(numbers: Iterable[str], *, on: date) -> Mapping[str, list[Measure]]:
    """The measures in force that each quota is for, by quota number. One query."""
    found: dict[str, list[Measure]] = {}
    rows = Measure.objects.on(on).filter(quota_number__in=set(numbers)).select_related("legal_act")
    for row in rows.order_by("quota_number", "commodity_prefix", "origin"):
        found.setdefault(row.quota_number, []).append(row)
    return found
