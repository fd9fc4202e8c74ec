"""Verbs of oversight: looks are written down, the acts of a day looked through, words of old searches emptied."""

from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Look, User
from accounts.services import note_look
from clearance.services import note_opening
from declarations.models import Declaration, FileView, StoredFile
from declarations.services import note_look as note_paper
from oversight.models import Decisions, Mark, MarkedDay
from oversight.selectors.doors import Whose
from oversight.selectors.finders import decisions_of, first_act, marks_of
from passengers.models import PassengerView, TravelDeclaration
from passengers.selectors.law import term
from passengers.services import note_view
from tariffs.models import TravelTerm

AGAIN_DAYS = 2
DAYS_AT_ONCE = 60
LOOKS_AT_ONCE = 5000
_ROWS = 1000


@transaction.atomic
def note_door(whose: Whose, *, by: User, at: datetime, address: str, takes_away: bool = False) -> None:
    """`by` was shown what stands behind a door; `takes_away`: as a table. Each log knows the same look again."""
    if whose.declaration is not None:
        note_opening(Declaration(pk=whose.declaration), by=by, at=at)
    elif whose.paper is not None:
        scan = StoredFile.objects.select_related("declaration").get(pk=whose.paper[0])
        note_paper(scan, what=FileView.What(whose.paper[1]), by=by, at=at)
    elif whose.traveller is not None:
        note_view(TravelDeclaration(pk=whose.traveller[0]), what=PassengerView.What(whose.traveller[1]), by=by, at=at)
    elif whose.person is not None:
        note_look(Look.What.PERSON, by=by, at=at, person=User(pk=whose.person))
    elif whose.name:
        note_look(Look.What.COMPANY, by=by, at=at, tin=whose.tin, text=whose.name)
    else:
        what = Look.What.EXPORT if takes_away else Look.What.PAGE
        note_look(what, by=by, at=at, tin=whose.tin, text=address)


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
