"""An officer's own files: what waits, and what was decided day by day. Nobody else's are read here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Min, Q, Sum

from accounts.models import User
from clearance.models import Case, WaitsFor
from reporting.models import Awaited, ClosedFile

OWN_FILES = 5000
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class OwnWaiting:
    """Files that the officer holds and that wait for the same."""

    waits: str
    files: int
    late: int
    oldest: datetime

    @property
    def name(self) -> str:
        return str(WaitsFor(self.waits).label)


def own_waiting(officer: User, *, at: datetime) -> list[OwnWaiting]:
    """What the officer holds, by what it waits for: one read of the index of held files."""
    held = Case.objects.waiting().filter(claimed_by=officer).values("waits_for")
    late = Count("pk", filter=Q(waits_for=WaitsFor.OFFICE, due_at__lt=at))
    rows = held.annotate(files=Count("pk"), late=late, oldest=Min("clock_from")).order_by("waits_for")
    return [OwnWaiting(row["waits_for"], row["files"], row["late"], row["oldest"]) for row in rows]


def own_days(officer: User, *, on: date, days: int) -> list[tuple[date, int]]:
    """How many of the files that the officer decided were released on each of the last days, the oldest first."""
    first = on - timedelta(days=days - 1)
    rows = ClosedFile.objects.filter(decided_by=officer, decided_by__gt=0, day__range=(first, on)).values("day")
    counts = dict(rows.annotate(files=Count("pk")).order_by("day").values_list("day", "files"))
    return [(day, counts.get(day, 0)) for day in (first + timedelta(days=back) for back in range(days))]


def own_files(officer: User) -> Iterator[Sequence[object]]:
    """Each file that the officer decided, the newest first and no more than can be looked through; the heading first.

    Times are in minutes.
    """
    yield (
        "mrn", "ended", "ended_as", "office", "lane", "regime", "minutes", "minutes_at_customs", "target_hours",
        "within_target", "examined", "discrepancy",
    )  # fmt: skip
    at_customs = Sum(F("steps__until") - F("steps__since"), filter=Q(steps__awaits=Awaited.OFFICE))
    rows = ClosedFile.objects.filter(decided_by=officer, decided_by__gt=0).annotate(at_customs=at_customs)
    for row in rows.order_by("-day", "-pk")[:OWN_FILES]:
        yield (
            row.mrn, row.day, row.ended_as, row.office_code, row.lane, row.regime, row.took // MINUTE,
            (row.at_customs or timedelta()) // MINUTE, row.target_hours, row.within, row.examined, row.found,
        )  # fmt: skip
