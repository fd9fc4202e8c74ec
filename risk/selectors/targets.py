"""Reads about what offices can take: who sees targets, what is full at a moment, and use against target of a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import Office, Role, User
from accounts.selectors import has_role, posts_of
from risk.models import OfficeTarget, Score
from risk.yielding import OFFICERS_LANES, Full


def may_see_targets(user: User, *, on: date) -> bool:
    """Analysts and auditors of all offices, supervisors of their own; nobody else knows that there are any."""
    return has_role(user, Role.ANALYST, Role.SUPERVISOR, Role.AUDITOR, on=on)


def target(pk: int) -> OfficeTarget:
    """One target. Raises OfficeTarget.DoesNotExist."""
    return OfficeTarget.objects.get(pk=pk)


def all_offices() -> Sequence[Office]:
    """Every office, by code."""
    return list(Office.objects.order_by("code"))


def targets_for(user: User, *, on: date) -> QuerySet[OfficeTarget]:
    """Every target of the offices that the reader sees, ended ones among them, the newest first."""
    rows = OfficeTarget.objects.filter(posts_of(user, on=on).within())
    return rows.select_related("by", "ended_by").order_by("-pk")


def full_lanes(office_code: str, *, at: datetime) -> Mapping[str, Full]:
    """The lanes of which the office has taken what it can at the moment: this hour of the clock, or this day.

    Two queries; one where the office has no target. A file counts once, however often it was amended.
    """
    rows = {row.lane: row for row in OfficeTarget.objects.on(timezone.localdate(at)).filter(office_code=office_code)}
    if not rows:
        return {}
    hour, day = _begins(at)
    taken = (
        Score.objects.filter(at__gte=day, at__lte=at, lane__in=OFFICERS_LANES, declaration__office_code=office_code)
        .order_by()
        .values("lane")
        .annotate(
            of_day=Count("declaration__mrn", distinct=True),
            of_hour=Count("declaration__mrn", distinct=True, filter=Q(at__gte=hour)),
        )
    )
    counted = {row["lane"]: (row["of_hour"], row["of_day"]) for row in taken}
    found = ((lane, _full(row, *counted.get(lane, (0, 0)))) for lane, row in rows.items())
    return {lane: full for lane, full in found if full is not None}


def _full(row: OfficeTarget, of_hour: int, of_day: int) -> Full | None:
    if row.per_hour is not None and of_hour >= row.per_hour:
        return Full(of_hour, row.per_hour, "hour")
    if row.per_day is not None and of_day >= row.per_day:
        return Full(of_day, row.per_day, "day")
    return None


def _begins(at: datetime) -> tuple[datetime, datetime]:
    hour = timezone.localtime(at).replace(minute=0, second=0, microsecond=0)
    return hour, hour.replace(hour=0)


@dataclass(frozen=True)
class Use:
    """What an office has taken of a lane today and in this hour, what it can take, and what gave way today."""

    office: Office
    lane: str
    of_hour: int
    of_day: int
    gave_way: int
    target: OfficeTarget | None

    @property
    def hour_is_full(self) -> bool:
        return self.target is not None and self.target.per_hour is not None and self.of_hour >= self.target.per_hour

    @property
    def day_is_full(self) -> bool:
        return self.target is not None and self.target.per_day is not None and self.of_day >= self.target.per_day


def use_today(user: User, *, at: datetime) -> Sequence[Use]:
    """Use against target of each office that the reader sees and that has either. Four queries.

    What gave way is counted on the lane that a declaration would have had first of all.
    """
    on, (hour, day) = timezone.localdate(at), _begins(at)
    posts = posts_of(user, on=on)
    today = Score.objects.filter(at__gte=day, at__lte=at).order_by()
    took = {
        (row["declaration__office_code"], row["lane"]): (row["of_hour"], row["of_day"])
        for row in today.filter(lane__in=OFFICERS_LANES)
        .values("declaration__office_code", "lane")
        .annotate(
            of_day=Count("declaration__mrn", distinct=True),
            of_hour=Count("declaration__mrn", distinct=True, filter=Q(at__gte=hour)),
        )
    }
    gave_way = {
        office: counts
        for office, *counts in today.filter(lane__in=["blue", "yellow"])
        .values("declaration__office_code")
        .annotate(**_gave_way())
        .values_list("declaration__office_code", *OFFICERS_LANES)
    }
    targets = {(row.office_code, row.lane): row for row in OfficeTarget.objects.on(on)}
    return [
        Use(office, lane, *took.get((office.code, lane), (0, 0)), gave_way.get(office.code, [0, 0])[place], known)
        for office in Office.objects.order_by("code")
        if posts.sees(office.code)
        for place, lane in enumerate(OFFICERS_LANES)
        if (known := targets.get((office.code, lane))) or (office.code, lane) in took
    ]


def _gave_way() -> dict[str, Count]:
    """Scores with a hit of the lane that gave way to capacity, by lane."""
    return {
        lane: Count("pk", filter=Q(reasons__contains=[{"yielded": {"lane": lane, "per": "hour"}}])
                    | Q(reasons__contains=[{"yielded": {"lane": lane, "per": "day"}}]))
        for lane in OFFICERS_LANES
    }  # fmt: skip
