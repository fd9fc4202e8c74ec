"""How a file writes its days: 3/31/15, 31/03/2015. What one of them shows is true of all of its shape."""

import re
from collections.abc import Iterable
from datetime import date

from lib.dates import DayUnclear, NotADay, Order, read_day
from lib.spelling import with_plain_digits

_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{2}|[0-9]{4})")
_SHORT_YEAR = 2


class Days:
    """Reads the days of one file. Without a day that shows the order, a year of two digits stands behind the month
    and the day, as ASYCUDA writes it; one of four digits was written by another program and is not guessed."""

    def __init__(self, texts: Iterable[str]) -> None:
        shown: dict[int, set[Order]] = {2: set(), 4: set()}
        for text in texts:
            if (found := _SLASHED.fullmatch(text)) and (order := _order(found)):
                shown[len(found[3])].add(order)
        shown[_SHORT_YEAR] = shown[_SHORT_YEAR] or {Order.MONTH_FIRST}
        self._orders = {length: next(iter(orders)) if len(orders) == 1 else None for length, orders in shown.items()}

    def read(self, text: str) -> date | None:
        """The day; None where the text is none, or one of two."""
        text = with_plain_digits(text).strip()
        order = None
        if found := _SLASHED.fullmatch(text):
            order = self._orders[len(found[3])]
            text = f"{found[1]}/{found[2]}/{_whole_year(found[3])}"
        try:
            return read_day(text, order=order)
        except (NotADay, DayUnclear):
            return None


def _order(found: re.Match[str]) -> Order | None:
    first, second = int(found[1]), int(found[2])
    if first > 12 >= second:
        return Order.DAY_FIRST
    return Order.MONTH_FIRST if second > 12 >= first else None


def _whole_year(year: str) -> str:
    """As of 1969 to 2068, where two digits stand for a year."""
    if len(year) > _SHORT_YEAR:
        return year
    return f"20{year}" if int(year) < 69 else f"19{year}"
