"""Reads of exchange rates: those in force, and the history of a currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tariffs.models import ExchangeRate
from tariffs.selectors.codes import territory

LONGEST_HISTORY = 400


@dataclass(frozen=True, slots=True)
class PastRate:
    """A rate with how many days it was in force (until the day asked) and by how much it differed from the one before.

    `is_long`: longer than the country lets a rate stand before it counts as old.
    """

    rate: ExchangeRate
    days: int
    is_long: bool
    change: Decimal | None


def exchange_rates_in_force(*, on: date) -> list[ExchangeRate]:
    """Every rate in force on a date, by currency, with its `age` in days and whether that `is_old` in the country."""
    longest = territory().exchange_rate_age
    rates = list(ExchangeRate.objects.on(on).order_by("currency"))
    for rate in rates:
        rate.age = (on - rate.valid_from).days
        rate.is_old = rate.age > longest
    return rates


def exchange_rate_history(currency: str, *, on: date) -> list[PastRate]:
    """The last rates of a currency, the latest first (at most 400)."""
    rows = list(ExchangeRate.objects.filter(currency=currency).order_by("-valid_from")[:LONGEST_HISTORY])
    age = territory().exchange_rate_age
    return [_past(rows, place, age, on) for place in range(len(rows))]


def _past(rows: Sequence[ExchangeRate], place: int, age: int, on: date) -> PastRate:
    row = rows[place]
    last = min(row.valid_to or on, max(on, row.valid_from))
    days = (last - row.valid_from).days + 1
    before = rows[place + 1] if place + 1 < len(rows) else None
    change = None if before is None else (row.rate / row.nominal / (before.rate / before.nominal) - 1) * 100
    return PastRate(row, days, days > age, change)
