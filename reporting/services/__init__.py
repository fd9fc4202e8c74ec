"""Verbs of figures: count what ended in the background, and set targets."""

from datetime import date, datetime, timedelta

from reporting.services.collect import collect_ended, counted, follow_outcomes
from reporting.services.periods import (
    DAYS_KEPT,
    compute_stale,
    count_days,
    days_without_figures,
    forget_old_days,
    move_on,
)
from reporting.services.targets import set_target
from reporting.services.waiting import count_waiting


def count(*, on: date, at: datetime) -> list[str]:
    """Count what happened since the last time, a bounded part of it; keys of the periods that were computed anew."""
    collect_ended()
    follow_outcomes()
    move_on(on=on)
    count_waiting(at=at)
    computed = compute_stale(at=at)
    counted(at=at)
    return computed


def count_closed_days(*, on: date, at: datetime) -> list[str]:
    """Once a day: whatever ended or was found on any day and was passed by, and every day that is over, once.

    The first time, and after a pause, this is every day on which something was lodged.
    """
    collect_ended(all_of_them=True)
    follow_outcomes(all_of_them=True)
    move_on(on=on)
    count_days([on - timedelta(days=1), *days_without_figures(on=on)])
    computed = compute_stale(at=at, limit=DAYS_KEPT * 2)
    count_waiting(at=at)
    forget_old_days(on=on)
    counted(at=at)
    return computed


__all__ = ["count", "count_closed_days", "set_target"]
