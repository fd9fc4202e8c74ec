"""What pages read: figures that were computed in the background. So many queries for any number of files."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from django.db.models import Q, QuerySet

from clearance.models import WaitsFor
from lib.proportions import percent_within
from reporting.calculation import Promise, best_promise
from reporting.models import Awaited, Figure, OfficerFigure, Period, ReleaseTarget, Step, Tally, Waiting
from risk.models import Lane

MONTHS_SHOWN, MONTHS_KNOWN, DAYS_SHOWN = 13, 25, 30
LEAST_FILES, LEAST_COMPANIES = 5, 3  # what is published is of no fewer
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Cell:
    """Of which files: an empty office, lane or regime means all of them."""

    office: str = ""
    lane: str = ""
    regime: str = ""


@dataclass(frozen=True)
class Row:
    """A line of a table of times. `hidden`: of too few files or companies to be published; then it says no more.

    `targets`: the hours that held in the period, one after the other.
    """

    key: str
    figure: Figure
    targets: tuple[int, ...] = ()
    hidden: bool = False

    @property
    def share(self) -> Decimal | None:
        """Per cent of the files with a target that kept it."""
        return percent(self.figure.within, self.figure.targeted)


@dataclass
class Times:
    """Release times of a cell in a period: all of it, by each of its parts, in the period before, and by month."""

    whole: Row | None = None
    offices: list[Row] = field(default_factory=list)
    lanes: list[Row] = field(default_factory=list)
    regimes: list[Row] = field(default_factory=list)
    steps: list[Row] = field(default_factory=list)
    waiters: list[Row] = field(default_factory=list)
    before: Row | None = None
    months: list[Row] = field(default_factory=list)

    def time_share(self, row: Row) -> Decimal | None:
        """Per cent of all the time of these files that this part took."""
        if self.whole is None:
            return None
        return percent(row.figure.total // MINUTE, self.whole.figure.total // MINUTE)


def percent(part: int, whole: int) -> Decimal | None:
    """A share with one decimal; None of nothing."""
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1")) if whole else None


def periods(*, on: date) -> dict[str, Period]:
    """Periods that a page may show, by key: the days that move on, then the months of two years, the newest first."""
    S = Period.Span
    months = Q(span=S.MONTH, first__gt=on - timedelta(days=MONTHS_KNOWN * 31))
    found = Period.objects.filter(Q(span__in=(S.DAYS, S.BEFORE)) | months, at__isnull=False)
    ordered = sorted(found, key=lambda period: (period.span == S.MONTH, -period.first.toordinal()))
    return {period.key: period for period in ordered}


def before(period: Period, known: dict[str, Period]) -> Period | None:
    """The period that this one is compared with: the month or the days before it."""
    if period.span == Period.Span.DAYS:
        return known.get(f"b{period.key[1:]}")
    return known.get(f"{period.first - timedelta(days=1):%Y-%m}")


def is_published(figure: Figure) -> bool:
    """Whether it is of enough files and companies that it tells of none of them."""
    return figure.files >= LEAST_FILES and figure.companies >= LEAST_COMPANIES


def _promises(period: Period) -> list[list[Promise]]:
    """The targets in force when the period begins, and again on each of its days on which that changes."""
    held = Q(valid_to=None) | Q(valid_to__gte=period.first)
    rows = list(ReleaseTarget.objects.filter(held, valid_from__lte=period.last))
    ends = (row.valid_to + timedelta(days=1) for row in rows if row.valid_to is not None)
    changes = {day for day in (*(row.valid_from for row in rows), *ends) if period.first < day <= period.last}
    return [
        [
            Promise(row.office_code, row.lane, row.regime, row.hours)
            for row in rows
            if row.valid_from <= day and (row.valid_to is None or row.valid_to >= day)
        ]
        for day in sorted({period.first, *changes})
    ]


def times_of(
    period: Period,
    previous: Period | None,
    cell: Cell,
    *,
    on: date,
    public: bool,
    seen: frozenset[str] | None = None,
) -> Times:
    """The times of the cell: a read of the figures, and one of the targets.

    `public` hides what is of too few; `seen` are the offices that may be named beside the whole country (None: all).
    """
    alone = {"office_code": cell.office, "lane": cell.lane, "regime": cell.regime}
    of_all = Q(step="", awaits="")
    wanted = Q(period=period, **alone)
    for name in alone:
        wanted |= of_all & Q(period=period, **{other: value for other, value in alone.items() if other != name})
    months = Q(period__span=Period.Span.MONTH, period__first__gt=on - timedelta(days=MONTHS_SHOWN * 30))
    wanted |= of_all & (Q(period=previous) | months if previous else months) & Q(**alone)
    times, targets = Times(), _promises(period)
    rows = Figure.objects.filter(wanted).select_related("period")
    for figure in rows.order_by("period__first", "office_code", "regime"):
        if seen is not None and figure.office_code and figure.office_code not in seen:
            continue
        row = _row(figure, cell, targets, public=public)
        if figure.period.span == Period.Span.MONTH and _is_whole(figure, cell):
            times.months.append(row)
        if previous is not None and figure.period_id == previous.pk:
            times.before = row
        if figure.period_id == period.pk:
            _put(row, cell, times)
    for place, order in ((times.lanes, Lane.values), (times.steps, Step.values), (times.waiters, Awaited.values)):
        place.sort(key=lambda row, order=order: [*order, row.key].index(row.key))  # type: ignore[misc]
    return times


def _row(figure: Figure, cell: Cell, targets: Sequence[Sequence[Promise]], *, public: bool) -> Row:
    told = {"office_code": figure.office_code, "lane": figure.lane, "regime": figure.regime}
    is_whole = not (figure.step or figure.awaits)
    best = [each.hours for held in targets if is_whole and (each := best_promise(held, **told)) is not None]
    hours = tuple(hours for hours, _again in groupby(best))
    return Row(_key(figure, cell), figure, targets=hours, hidden=public and not is_published(figure))


def _is_whole(figure: Figure, cell: Cell) -> bool:
    told = (figure.office_code, figure.lane, figure.regime)
    return not (figure.step or figure.awaits) and told == (cell.office, cell.lane, cell.regime)


def _key(figure: Figure, cell: Cell) -> str:
    """What tells the figure apart in its table."""
    if figure.step or figure.awaits:
        return str(figure.step or figure.awaits)
    pairs = ((figure.office_code, cell.office), (figure.lane, cell.lane), (figure.regime, cell.regime))
    return next((str(mine) for mine, its in pairs if mine != its), "")


def _put(row: Row, cell: Cell, times: Times) -> None:
    """Into the table in which the figure stands."""
    figure = row.figure
    if figure.step:
        times.steps.append(row)
    elif figure.awaits:
        times.waiters.append(row)
    elif _is_whole(figure, cell):
        times.whole = row
    elif figure.office_code != cell.office:
        times.offices.append(row)
    elif figure.lane != cell.lane:
        times.lanes.append(row)
    else:
        times.regimes.append(row)


def published_lately() -> list[Figure]:
    """What is published of the last thirty days by office and lane, the whole country and all lanes first."""
    rows = Figure.objects.filter(
        period__key="d30", regime="", step="", awaits="", files__gte=LEAST_FILES, companies__gte=LEAST_COMPANIES
    )
    order = ["", *Lane.values]
    return sorted(rows, key=lambda row: (row.office_code, order.index(row.lane)))


def exported_times(period: Period, *, public: bool, seen: frozenset[str] | None = None) -> Iterator[Sequence[object]]:
    """Every figure of the period, the heading first; what a page hides is left out, and an empty cell means all."""
    yield (
        "first_day", "last_day", "office", "lane", "regime", "step", "waits_for", "files", "median_minutes",
        "p90_minutes", "files_with_target", "within_target",
    )  # fmt: skip
    rows = Figure.objects.filter(period=period)
    if seen is not None:
        rows = rows.filter(office_code__in=sorted(seen))
    if public:
        rows = rows.filter(files__gte=LEAST_FILES, companies__gte=LEAST_COMPANIES)
    ordered = rows.order_by("office_code", "lane", "regime", "step", "awaits")
    for row in ordered.iterator(chunk_size=2000):
        yield (
            period.first, period.last, row.office_code, row.lane, row.regime, row.step, row.awaits, row.files,
            minutes(row.median), minutes(row.p90), row.targeted, row.within,
        )  # fmt: skip


def minutes(time: timedelta) -> int:
    return round(time / MINUTE)


# Counts -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Volume:
    """How many files in a period: by lane, by how they ended, by what was found and by what selected them."""

    tallies: Sequence[Tally]

    def of(self, about: str, *, key: str | None = None, lane: str = "") -> int:
        return sum(row.files for row in self._rows(about, lane) if key in (None, row.key))

    def rows(self, about: str) -> list[Tally]:
        """The most frequent first."""
        return sorted(self._rows(about, ""), key=lambda row: (-row.files, row.key))

    @property
    def lodged(self) -> int:
        return self.of(Tally.About.LODGED)

    @property
    def examined(self) -> int:
        return sum(row.examined for row in self._rows(Tally.About.ENDED, ""))

    @property
    def found(self) -> int:
        return sum(row.found for row in self._rows(Tally.About.ENDED, ""))

    def _rows(self, about: str, lane: str) -> Iterable[Tally]:
        return (row for row in self.tallies if row.about == about and row.lane == lane)


@dataclass(frozen=True)
class Volumes:
    """Counts of a period, of the one before, and of each of the last days, a day without files among them."""

    now: Volume
    before: Volume
    days: Sequence[tuple[date, Volume]]


def volumes_of(period: Period, previous: Period | None, *, office: str, on: date) -> Volumes:
    """Counts of one office or of all: a single read."""
    first = on - timedelta(days=DAYS_SHOWN - 1)
    wanted = Q(period=period) | Q(period__span=Period.Span.DAY, period__first__range=(first, on))
    if previous is not None:
        wanted |= Q(period=previous)
    found: dict[str, list[Tally]] = defaultdict(list)
    for row in Tally.objects.filter(wanted, office_code=office).select_related("period"):
        found[row.period.key].append(row)
    days = [first + timedelta(days=number) for number in range(DAYS_SHOWN)]
    return Volumes(
        now=Volume(found[period.key]),
        before=Volume(found[previous.key] if previous else []),
        days=[(day, Volume(found[day.isoformat()])) for day in days],
    )


def exported_counts(period: Period, *, seen: frozenset[str] | None) -> Iterator[Sequence[object]]:
    """Every count of the period, the heading first; hit rates in per cent with their interval of 95 %."""
    yield (
        "first_day", "last_day", "about", "which", "office", "lane", "files", "examined", "with_discrepancy",
        "hit_rate", "hit_rate_from", "hit_rate_to",
    )  # fmt: skip
    rows = Tally.objects.filter(period=period)
    if seen is not None:
        rows = rows.filter(office_code__in=sorted(seen))
    for row in rows.order_by("about", "key", "office_code", "lane").iterator(chunk_size=2000):
        yield (
            period.first, period.last, row.about, row.key, row.office_code, row.lane, row.files, row.examined,
            row.found, *(percent_within(row.found, row.examined) or ("", "", "")),
        )  # fmt: skip


@dataclass(frozen=True)
class Ages:
    """Waiting files of one kind by age, the youngest first, and how many of them are late."""

    waits: str
    ages: Sequence[int]
    late: int

    @property
    def name(self) -> str:
        return str(WaitsFor(self.waits).label)

    @property
    def files(self) -> int:
        return sum(self.ages)


def waiting_by_age(*, offices: Iterable[str] | None, buckets: int) -> list[Ages]:
    """What waits, by what it waits for, as it was last counted."""
    rows = Waiting.objects.all() if offices is None else Waiting.objects.filter(office_code__in=list(offices))
    ages: dict[str, list[int]] = defaultdict(lambda: [0] * buckets)
    late: dict[str, int] = defaultdict(int)
    for row in rows:
        ages[row.waits][row.age] += row.files
        late[row.waits] += row.late
    return [Ages(waits, counts, late[waits]) for waits, counts in sorted(ages.items(), key=lambda each: -sum(each[1]))]


# Targets ------------------------------------------------------------------------------------------------------
def targets() -> QuerySet[ReleaseTarget]:
    """Every target there is and was."""
    return ReleaseTarget.objects.select_related("set_by").order_by("office_code", "lane", "regime", "-valid_from")


def regimes() -> list[str]:
    """Regimes of which there are figures."""
    found = Figure.objects.filter(period__span=Period.Span.MONTH, office_code="", lane="", step="", awaits="")
    return sorted(set(found.exclude(regime="").values_list("regime", flat=True).order_by()))


# One's own ----------------------------------------------------------------------------------------------------
def own_figures(officer: int) -> list[OfficerFigure]:
    """What the officer decided in each period that is kept: the days that move on, then months, the newest first."""
    rows = OfficerFigure.objects.filter(officer=officer).select_related("period").order_by("-period__first")
    order = {Period.Span.DAYS: 0, Period.Span.BEFORE: 1}
    newest = list(rows[: MONTHS_SHOWN + 4])
    return sorted(
        newest, key=lambda row: (order.get(row.period.span, 2), row.period.key if row.period.span in order else "")
    )
