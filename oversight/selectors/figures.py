"""Marks as figures: of each officer, kind and office, beside the median of the office. A figure is a question."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from statistics import median

from django.db.models import Count, F, QuerySet, Sum
from django.utils import timezone

from accounts.models import WATCHERS, User
from accounts.selectors import has_role
from oversight.models import Decisions, Mark, MarkedDay

Kind = Mark.Kind
# Counted by themselves: they are no part of deciding files.
ALONE = frozenset({Kind.ROLE, Kind.REFUND, Kind.LIMIT})
PAIR_FROM = 3
PAIRS_SHOWN = 50
_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Wanted:
    """The period, both days inclusive, and filters; empty ones filter nothing."""

    since: date
    until: date
    office: str = ""
    kind: str = ""
    officer: str = ""


@dataclass(frozen=True)
class Figure:
    """How often, out of how many decisions (None: counted alone), and the same for the median officer of the office.

    `share` and `usual` are marks in a hundred decisions, or marks where they are counted alone.
    """

    kind: Mark.Kind
    office: str
    officer: User
    number: int
    decisions: int | None
    share: Decimal
    usual: Decimal

    @property
    def above(self) -> Decimal:
        return self.share - self.usual


@dataclass(frozen=True)
class Pair:
    """Two people who act together: `number` of the `total` acts of this kind of the first."""

    kind: Mark.Kind
    officer: User
    second: User
    number: int
    total: int


def watches(user: User, *, on: date) -> bool:
    """Whether `user` looks at the work of others: the auditor and internal security."""
    return has_role(user, *WATCHERS, on=on)


def marks(wanted: Wanted, *, second: int | None = None) -> QuerySet[Mark]:
    """The marks behind a figure, the newest first."""
    rows: QuerySet[Mark] = Mark.objects.filter(at__gte=_start(wanted.since), at__lt=_end(wanted.until))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.office:
        rows = rows.filter(office_code=wanted.office)
    if wanted.officer.isdigit():
        rows = rows.filter(officer=int(wanted.officer))
    if second is not None:
        rows = rows.filter(second=second)
    return rows.select_related("officer", "second").order_by("-at", "-pk")


def figures(wanted: Wanted) -> list[Figure]:
    """The figures of the period, the furthest above the median of their office first."""
    every = Wanted(wanted.since, wanted.until, wanted.office, wanted.kind)
    counted = marks(every).order_by().values_list("kind", "office_code", "officer").annotate(number=Count("pk"))
    numbers = {(kind, office, officer): number for kind, office, officer, number in counted}
    decided = _decisions(wanted)
    usual = _medians(numbers, decided)
    chosen = {key: number for key, number in numbers.items() if wanted.officer in ("", str(key[2]))}
    people = User.objects.in_bulk({officer for _kind, _office, officer in chosen})
    found = []
    for (kind, office, officer), number in chosen.items():
        alone = Kind(kind) in ALONE
        of = None if alone else decided.get((office, officer), 0)
        share = _share(number, of)
        found.append(Figure(Kind(kind), office, people[officer], number, of, share, usual[kind, office]))
    return sorted(found, key=lambda each: (-each.above, -each.number, each.kind, str(each.officer)))


def pairs(wanted: Wanted) -> list[Pair]:
    """Two people who decided the same kind of thing together at least three times, the most frequent first."""
    rows = marks(wanted).order_by()
    totals: Counter[tuple[str, int]] = Counter()
    for kind, officer, number in rows.values_list("kind", "officer").annotate(number=Count("pk")):
        totals[kind, officer] += number
    together = rows.filter(second__isnull=False).exclude(second=F("officer"))
    counted = together.values_list("kind", "officer", "second").annotate(number=Count("pk"))
    often = counted.filter(number__gte=PAIR_FROM).order_by("-number", "kind", "officer", "second")[:PAIRS_SHOWN]
    found = list(often)
    people = User.objects.in_bulk({pk for row in found for pk in row[1:3]})
    return [
        Pair(Kind(kind), people[officer], people[second], number, totals[kind, officer])
        for kind, officer, second, number in found
    ]


def looked_through() -> MarkedDay | None:
    """The newest day that was looked through, and when."""
    found: MarkedDay | None = MarkedDay.objects.order_by("-day").first()
    return found


def _decisions(wanted: Wanted) -> dict[tuple[str, int], int]:
    rows = Decisions.objects.filter(day__gte=wanted.since, day__lte=wanted.until)
    if wanted.office:
        rows = rows.filter(office_code=wanted.office)
    counted = rows.values_list("office_code", "officer").annotate(total=Sum("number")).order_by()
    return {(office, officer): total for office, officer, total in counted}


def _medians(
    numbers: dict[tuple[str, str, int], int], decided: dict[tuple[str, int], int]
) -> dict[tuple[str, str], Decimal]:
    """Of each kind and office: what the officer in the middle has. Whoever decided there and has no mark counts too."""
    staff: dict[str, set[int]] = defaultdict(set)
    marked: dict[tuple[str, str], set[int]] = defaultdict(set)
    for office, officer in decided:
        staff[office].add(officer)
    for kind, office, officer in numbers:
        marked[kind, office].add(officer)
    found = {}
    for (kind, office), officers in marked.items():
        alone = Kind(kind) in ALONE
        among = officers if alone else officers | staff[office]
        shares = [
            _share(numbers.get((kind, office, officer), 0), None if alone else decided.get((office, officer), 0))
            for officer in among
        ]
        found[kind, office] = Decimal(median(shares)).quantize(_TENTH)
    return found


def _share(number: int, decisions: int | None) -> Decimal:
    """Marks in a hundred decisions; marks, where decisions do not count or there were none."""
    return (Decimal(number * 100) / decisions).quantize(_TENTH) if decisions else Decimal(number)


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _end(day: date) -> datetime:
    return _start(day + timedelta(days=1))
