"""The officers' queue: one read of one partial index, whatever the number of declarations; and who holds what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from accounts.models import User
from clearance.models import Case
from clearance.selectors.links import linked_to
from clearance.selectors.people import Powers
from lib.codes import digits_of
from lib.languages import in_language
from lib.spelling import searched
from risk.models import Criterion, Lane


@dataclass(frozen=True)
class Wanted:
    """Filters of the queue; an empty one filters nothing. `held` is "mine", "free" or "others"."""

    office: str = ""
    lane: str = ""
    held: str = ""
    text: str = ""


@dataclass(frozen=True)
class Holder:
    """An officer with the files the officer holds."""

    officer: User
    files: int
    late: int
    oldest: datetime


@dataclass(frozen=True)
class Load:
    """The load of one office: open files by lane, those nobody holds, those past their target."""

    office_code: str
    yellow: int
    red: int
    free: int
    with_trader: int
    late: int
    oldest: datetime


def queue(powers: Powers, wanted: Wanted, *, by: User) -> QuerySet[Case]:
    """Files that wait for an officer in the officer's offices, the nearest target first.

    The score comes with each row for its reasons; no row costs a query of its own.
    """
    cases = Case.objects.waiting().filter(powers.within())
    if wanted.office:
        cases = cases.filter(office_code=wanted.office)
    if wanted.lane:
        cases = cases.filter(lane=wanted.lane)
    cases = cases.filter(_held(wanted.held, by=by))
    if wanted.text:
        text, code = wanted.text.strip(), searched(wanted.text)
        cases = cases.filter(
            Q(mrn__startswith=code) | Q(trader_name__icontains=text) | Q(trader_tin=code)
            | Q(commodity_code__startswith=digits_of(text) or code) | Q(goods__icontains=text)
        )  # fmt: skip
    rows = cases.select_related("claimed_by", "declaration__score").order_by("due_at", "pk")
    return rows.defer("declaration__held", "declaration__kept")


def next_unclaimed(powers: Powers, wanted: Wanted, *, by: User) -> Case | None:
    """The file to take next: on one of the officer's lanes, held by nobody, not waiting for the trader.

    Files to which the officer is linked as a trader are passed over.
    """
    free = queue(powers, wanted, by=by).filter(claimed_by=None, waits_for_trader=False, decided_at=None)
    free = free.exclude(linked_to(by))
    mine = Q(pk__in=[])
    for office in {office for _role, office in powers.roles}:
        here = Q(lane__in=sorted(powers.lanes(office or "")))
        mine |= here if office is None else here & Q(office_code=office)
    return free.filter(mine).first()


def load_of(powers: Powers, *, at: datetime) -> tuple[Sequence[Load], Sequence[Holder]]:
    """Open files by office, and by the officer who holds them."""
    cases = Case.objects.waiting().filter(powers.within())
    offices = cases.values("office_code").annotate(
        yellow=Count("pk", filter=Q(lane=Lane.YELLOW)),
        red=Count("pk", filter=Q(lane=Lane.RED)),
        free=Count("pk", filter=Q(claimed_by=None)),
        with_trader=Count("pk", filter=Q(waits_for_trader=True)),
        late=Count("pk", filter=Q(due_at__lt=at)),
        oldest=Min("opened_at"),
    )
    held = cases.exclude(claimed_by=None).values("claimed_by").annotate(
        files=Count("pk"), late=Count("pk", filter=Q(due_at__lt=at)), oldest=Min("claimed_at")
    )  # fmt: skip
    holders = list(held.order_by("-files", "claimed_by"))
    people = User.objects.in_bulk([row["claimed_by"] for row in holders])
    return (
        [Load(**row) for row in offices.order_by("office_code")],
        [Holder(people[row["claimed_by"]], row["files"], row["late"], row["oldest"]) for row in holders],
    )


def _held(held: str, *, by: User) -> Q:
    if held == "mine":
        return Q(claimed_by=by)
    if held == "free":
        return Q(claimed_by=None)
    if held == "others":
        return Q(claimed_by__isnull=False) & ~Q(claimed_by=by)
    return Q()


def short_reasons(cases: Iterable[Case]) -> dict[int, list[str]]:
    """For each file the names of the criteria that put it on its lane: one query for the whole page."""
    hits = {case.pk: [hit for hit in case.declaration.score.reasons if hit["selected"]] for case in cases}
    names = Criterion.objects.in_bulk({hit["criterion"] for each in hits.values() for hit in each})
    return {pk: [in_language(names[hit["criterion"]]) for hit in each] for pk, each in hits.items()}
