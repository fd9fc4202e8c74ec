"""Counting revenue in the background: a day whose entries grew is counted anew, a day that did not is left alone.

Entries are dated by what they are booked on, and a closed day takes none: after its closing a day is counted once more
and never again.
"""

from datetime import date, datetime

from django.db import connection, transaction

from payments.models import Revenue, RevenueDay
from payments.selectors import closing as days
from payments.selectors import revenue as reads

_ONE_AT_A_TIME = 770771  # of PostgreSQL's advisory locks


def count_revenue(*, at: datetime, since: date | None = None) -> list[date]:
    """Count every day that grew since it was counted, from the last closed day on (or `since`); safe to repeat.

    The first time every day is counted.
    """
    if since is None:
        last = days.last_closed() if RevenueDay.objects.exists() else None
        since = last.day if last is not None else date(2000, 1, 1)
    begins, _ends = days.bounds(since)
    grown = list(reads.uncounted_days(since=begins))
    counted = [_count(day, entries=entries, last_entry=last_entry, at=at) for day, entries, last_entry in grown]
    latest = RevenueDay.objects.order_by("-day").values("pk")[:1]
    RevenueDay.objects.filter(pk__in=list(latest.values_list("pk", flat=True))).update(at=at)
    return counted


@transaction.atomic
def _count(day: date, *, entries: int, last_entry: int, at: datetime) -> date:
    """Write the rows of a day anew; by one worker at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    rows = reads.revenue_between(*days.bounds(day))
    for row in rows:
        row.day = day
    Revenue.objects.filter(day=day).delete()
    Revenue.objects.bulk_create(rows)
    RevenueDay.objects.update_or_create(day=day, defaults={"entries": entries, "last_entry": last_entry, "at": at})
    return day
