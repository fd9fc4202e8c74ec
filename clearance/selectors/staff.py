"""A supervisor's reads: load and ages by office, what officers hold and have decided, who is away, who takes what."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from accounts.models import OfficerRole, Role, User
from clearance.models import FOR_THE_TRADER, Absence, AllotmentSwitch, Case, Skill, WaitsFor
from clearance.selectors.people import LANES_OF, Powers
from lib.validity import in_force
from risk.models import Lane

AGES = (timedelta(hours=2), timedelta(hours=8), timedelta(days=1), timedelta(days=3))
TAKES = 15
NOTHING: dict[str, Any] = {"files": 0, "late": 0, "waiting": 0, "oldest": None, "today": 0, "week": 0}
BY_ROLE = {Lane.YELLOW: Role.DOCUMENTARY, Lane.RED: Role.EXAMINING}


@dataclass(frozen=True)
class Load:
    """Open files of an office. All but `trader` and `money` count what waits for the office alone.

    `ages`: how many are younger than each of `AGES` and not of the one before, then those that are older.
    """

    office_code: str
    yellow: int
    red: int
    free: int
    late: int
    trader: int
    money: int
    oldest: datetime | None
    ages: Sequence[int]
    is_automatic: bool

    @property
    def by_age(self) -> list[tuple[timedelta | None, int]]:
        """Each count with the age below which it is; None for what is older than all."""
        return list(zip((*AGES, None), self.ages, strict=True))


@dataclass(frozen=True)
class Holder:
    """An officer: files held that wait for the office, those of them that are late, all held, and what was decided."""

    officer: User
    files: int
    late: int
    waiting: int
    oldest: datetime | None
    today: int
    week: int
    absence: Absence | None
    skills: Sequence[Skill]


def load_of(powers: Powers, *, at: datetime) -> Sequence[Load]:
    """Open files by office: one read of the queue's index."""
    office = Q(waits_for=WaitsFor.OFFICE)
    edges = [at - age for age in AGES]
    bounds = list(zip([None, *edges], [*edges, None], strict=True))
    ages = {f"age{place}": Count("pk", filter=office & _between(*each)) for place, each in enumerate(bounds)}
    rows = Case.objects.waiting().filter(powers.within()).values("office_code").annotate(
        yellow=Count("pk", filter=office & Q(lane=Lane.YELLOW)),
        red=Count("pk", filter=office & Q(lane=Lane.RED)),
        free=Count("pk", filter=office & Q(claimed_by=None)),
        late=Count("pk", filter=office & Q(due_at__lt=at)),
        trader=Count("pk", filter=Q(waits_for__in=FOR_THE_TRADER)),
        money=Count("pk", filter=Q(waits_for=WaitsFor.MONEY)),
        oldest=Min("opened_at", filter=office),
        **ages,
    )  # fmt: skip
    on = automatic_offices()
    return [
        Load(
            **{name: value for name, value in row.items() if name not in ages},
            ages=[row[name] for name in ages],
            is_automatic=row["office_code"] in on,
        )
        for row in map(dict[str, Any], rows.order_by("office_code"))
    ]


def holders_of(powers: Powers, *, at: datetime, on: date) -> Sequence[Holder]:
    """Every officer who works on files of these offices, and whoever holds one: who has most comes first."""
    office = Q(waits_for=WaitsFor.OFFICE)
    holding = Case.objects.waiting().filter(powers.within()).exclude(claimed_by=None).values("claimed_by")
    counted = holding.annotate(
        files=Count("pk", filter=office),
        late=Count("pk", filter=office & Q(due_at__lt=at)),
        waiting=Count("pk"),
        oldest=Min("claimed_at", filter=office),
    )
    held: dict[int | None, dict[str, Any]] = {row.pop("claimed_by"): row for row in map(dict[str, Any], counted)}
    decided = Case.objects.filter(powers.within(), decided_at__gte=at - timedelta(days=7)).values("decided_by")
    by_officer = decided.annotate(week=Count("pk"), today=Count("pk", filter=Q(decided_at__gte=_midnight(at))))
    done: dict[int | None, dict[str, Any]] = {row.pop("decided_by"): row for row in map(dict[str, Any], by_officer)}
    people = User.objects.in_bulk({*held, *staff_of(powers, on=on).values_list("pk", flat=True)})
    away = {absence.officer_id: absence for absence in Absence.objects.on(on).filter(officer__in=people)}
    skills = list(Skill.objects.filter(officer__in=people).order_by("office_code"))
    found = [
        Holder(
            officer=officer,
            **(NOTHING | held.get(pk, {}) | done.get(pk, {})),
            absence=away.get(pk),
            skills=[skill for skill in skills if skill.officer_id == pk],
        )
        for pk, officer in people.items()
    ]
    return sorted(found, key=lambda each: (-each.files, -each.waiting, str(each.officer), each.officer.pk))


def supervised(powers: Powers) -> frozenset[str | None]:
    """Codes of the offices that the person supervises; None among them: every office."""
    return frozenset(office for role, office in powers.roles if role == Role.SUPERVISOR)


def waiting_of(powers: Powers, keys: Collection[uuid.UUID]) -> QuerySet[Case]:
    """Of the files with these keys those in sight that wait, the first due first."""
    found = Case.objects.waiting().filter(powers.within(), declaration__public_id__in=keys)
    return found.order_by("due_at", "pk")


def staff_of(powers: Powers, *, on: date) -> QuerySet[User]:
    """Officers who act on files of the offices in sight."""
    of_these = Q(officer_roles__office=None) | Q(officer_roles__office__code__in=powers.offices)
    here = Q() if powers.everywhere else of_these
    held = Q(officer_roles__role__in=sorted(LANES_OF)) & in_force(on, "officer_roles__")
    return User.objects.filter(held & here, is_active=True).distinct().order_by("full_name", "pk")


def absences_of(powers: Powers, *, on: date) -> QuerySet[Absence]:
    """Absences of the staff that last or are to come."""
    staff = staff_of(powers, on=on).order_by().values("pk")
    lasting = Absence.objects.filter(Q(until=None) | Q(until__gte=on), officer__in=staff, ended_at=None)
    return lasting.select_related("officer").order_by("since", "pk")


def automatic_offices() -> frozenset[str]:
    """Offices in which files are allotted automatically."""
    newest = AllotmentSwitch.objects.order_by("office_code", "-pk").distinct("office_code")
    return frozenset(row.office_code for row in newest if row.is_on)


def is_automatic(office_code: str) -> bool:
    newest: AllotmentSwitch | None = AllotmentSwitch.objects.filter(office_code=office_code).order_by("-pk").first()
    return newest is not None and newest.is_on


def takers_of(case: Case, *, on: date) -> QuerySet[User]:
    """Officers to whom a file is allotted automatically: of its lane, in its office, and not away."""
    held = Q(officer_roles__role=BY_ROLE[Lane(case.lane)]) & in_force(on, "officer_roles__")
    here = Q(officer_roles__office=None) | Q(officer_roles__office__code=case.office_code)
    away = Absence.objects.on(on).values("officer_id")
    return User.objects.filter(held & here, is_active=True).exclude(pk__in=away).distinct().order_by("pk")


def held_counts(officers: Sequence[int]) -> dict[int, int]:
    """How many files that wait for the office each of these officers holds."""
    rows = Case.objects.waiting().filter(claimed_by__in=officers, waits_for=WaitsFor.OFFICE)
    return dict(rows.order_by().values_list("claimed_by").annotate(Count("pk")))


def free_to_allot(*, limit: int) -> list[Case]:
    """Files that nobody holds and that wait for an office with automatic allotment, the nearest target first."""
    here = Case.objects.waiting().filter(office_code__in=automatic_offices(), waits_for=WaitsFor.OFFICE)
    rows = here.filter(claimed_by=None)
    return list(rows.select_related("declaration").order_by("due_at", "pk")[:limit])


def held_without_role(*, on: date, limit: int) -> list[Case]:
    """Undecided files held by somebody who may no longer act on them: the role has ended, or the person has left."""
    held = Case.objects.waiting().filter(claimed_by__isnull=False, decided_at=None)
    holders = set(held.order_by().values_list("claimed_by", "office_code", "lane").distinct())
    roles = OfficerRole.objects.on(on).filter(user__in={pk for pk, _office, _lane in holders}, user__is_active=True)
    powers: dict[int, set[tuple[str, str | None]]] = {}
    for user, role, office in roles.values_list("user_id", "role", "office__code"):
        powers.setdefault(user, set()).add((role, office))
    gone = Q(pk__in=[])
    for pk, office, lane in holders:
        if lane not in Powers(frozenset(powers.get(pk or 0, set()))).lanes(office):
            gone |= Q(claimed_by=pk, office_code=office, lane=lane)
    return list(held.filter(gone).select_related("declaration", "claimed_by").order_by("pk")[:limit])


def _between(younger: datetime | None, older: datetime | None) -> Q:
    """Files opened before `younger` and not before `older`."""
    return (Q() if younger is None else Q(opened_at__lte=younger)) & (Q() if older is None else Q(opened_at__gt=older))


def _midnight(at: datetime) -> datetime:
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
