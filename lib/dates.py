"""Reads days as people and programs write them. A day with two readings, 11/12/2026, is asked about.

`order_of` looks at the other days of a file: one that has a single reading, 23/11/2026, shows the order of all.
"""

import re
from collections.abc import Iterable
from datetime import date
from enum import Enum

from lib.spelling import with_plain_digits

_YEAR_FIRST = re.compile(r"([0-9]{4})(?:-([0-9]{2})-|([./])([0-9]{1,2})\3)([0-9]{1,2})")
_DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_EITHER = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2([0-9]{4})")
_MIDNIGHT = re.compile(r"[T ]0{1,2}:00(?::00(?:\.0+)?)?(?:Z|[+-]00:?00)?$")


class Order(Enum):
    """Which of two numbers before a year is the day."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


class NotADay(ValueError):
    """The text is no day of the calendar."""


class DayUnclear(ValueError):
    """The text is one of two days: `11/12/2026` is the 11th of December or the 12th of November."""


def read_day(text: str, *, order: Order | None = None) -> date:
    """A day from `2026-11-23`, `23.11.2026`, `2026/11/23`, `23/11/2026`; a time of midnight behind it is dropped.

    `order` decides between two readings; without it they raise DayUnclear. Raises NotADay.
    """
    text = _MIDNIGHT.sub("", with_plain_digits(text).strip())
    if match := _YEAR_FIRST.fullmatch(text):
        return _made(match[1], match[2] or match[4], match[5])
    if match := _DOTTED.fullmatch(text):
        return _made(match[3], match[2], match[1])
    if match := _EITHER.fullmatch(text):
        return _either(match[1], match[3], match[4], order)
    raise NotADay(text)


def _either(first: str, second: str, year: str, order: Order | None) -> date:
    if first != second and int(first) <= 12 and int(second) <= 12 and order is None:
        _made(year, first, second)
        raise DayUnclear(f"{first}/{second}/{year}")
    day_first = int(first) > 12 if (int(first) > 12) != (int(second) > 12) else order is not Order.MONTH_FIRST
    return _made(year, second, first) if day_first else _made(year, first, second)


def _made(year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise NotADay(f"{year}-{month}-{day}") from None


def order_of(texts: Iterable[str]) -> Order | None:
    """The order that the days with a single reading show; None where there are none, or where they disagree."""
    found = set()
    for text in texts:
        match = _EITHER.fullmatch(_MIDNIGHT.sub("", text.strip()))
        if match and (int(match[1]) > 12) != (int(match[3]) > 12):
            found.add(Order.DAY_FIRST if int(match[1]) > 12 else Order.MONTH_FIRST)
    return found.pop() if len(found) == 1 else None
