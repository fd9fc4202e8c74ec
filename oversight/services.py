"""Verbs of oversight: the acts of a day are looked through; words of old searches are emptied in their time."""

from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Look
from oversight.models import Decisions, Mark, MarkedDay
from oversight.selectors.finders import decisions_of, first_act, marks_of
from passengers.selectors.law import term
from tariffs.models import TravelTerm

AGAIN_DAYS = 2
DAYS_AT_ONCE = 60
LOOKS_AT_ONCE = 5000
_ROWS = 1000


@transaction.atomic
def mark_day(day: date, *, at: datetime) -> int:
    """Mark what deserves a question among the acts of the day, and count what was decided. Safe to repeat."""
    since = timezone.make_aware(datetime.combine(day, time.min))
    until = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    found = list(marks_of(since, until))
    Mark.objects.bulk_create(found, batch_size=_ROWS, ignore_conflicts=True)
    Decisions.objects.filter(day=day).delete()
    counts = [
        Decisions(day=day, office_code=office, officer_id=officer, number=number)
        for office, officer, number in decisions_of(since, until)
    ]
    Decisions.objects.bulk_create(counts, batch_size=_ROWS)
    MarkedDay.objects.update_or_create(day=day, defaults={"at": at})
    return len(found)


def mark_new_days(*, at: datetime) -> int:
    """Look through the days that were not, and the newest again; at most two months at once. How many days."""
    today = timezone.localdate(at)
    last = MarkedDay.objects.order_by("-day").values_list("day", flat=True).first()
    if last is None:
        begun = first_act()
        if begun is None:
            return 0
        last = timezone.localdate(begun) + timedelta(days=AGAIN_DAYS)
    start = min(last, today) - timedelta(days=AGAIN_DAYS)
    days = [start + timedelta(days=number) for number in range(min((today - start).days + 1, DAYS_AT_ONCE))]
    for day in days:
        mark_day(day, at=at)
    return len(days)


@transaction.atomic
def forget_looks(*, at: datetime) -> int:
    """Empty what was searched for, where the log of who saw what has outlived its term; that somebody looked stays.

    The term is the dated row `keep_views`; without one in force everything is kept. How many rows.
    """
    today = timezone.localdate(at)
    kept = term(TravelTerm.Kind.KEEP_VIEWS, on=today)
    if kept is None:
        return 0
    before = timezone.make_aware(datetime.combine(today - timedelta(days=kept.days), time.min))
    old = Look.objects.filter(at__lt=before).exclude(text="").order_by("at").values_list("pk", flat=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.forgetting', 'on', true)")
    return Look.objects.filter(pk__in=list(old[:LOOKS_AT_ONCE])).update(text="")
