"""Draws of the random share, of declarations and of travellers, reckoned again from the seeds that were published."""

from collections.abc import Iterable
from datetime import date, timedelta

from border.selectors import rows_of_travellers
from risk import selectors as risk
from risk.selectors.draws import MOST_CHECKED, Checked, Drawn

ONE_DAY = timedelta(days=1)


def check_draws(*, since: date, until: date, on: date, most: int = MOST_CHECKED) -> Checked:
    """Reckon again every draw of these days, as far as the days are over; of each kind no more than `most` lanes.

    The day of a declaration is that of its first lodging, a traveller's the last of the declaration's validity.
    """
    last = min(until, on - ONE_DAY)
    kinds: tuple[Iterable[risk.DrawnRow], ...] = (
        risk.rows_of_scores(since=since, until=last),
        rows_of_travellers(since=since, until=last),
    )
    first, second = (risk.check(rows, since=since, until=last, most=most) for rows in kinds)
    return first + second


def draws_of_number(number: str, *, on: date) -> list[Drawn]:
    """Every draw under an MRN or a traveller's number, to be repeated by hand; nothing before its day is over."""
    last = on - ONE_DAY
    found = risk.repeatable(risk.rows_of_scores(since=None, until=last, number=number))
    return found or risk.repeatable(rows_of_travellers(since=None, until=last, number=number))
