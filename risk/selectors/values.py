"""Reads of the value control table: what is usual for a code and origin as of a day, beside what was declared.

For officers, analysts and auditors alone. It says what is usual, never what is right: no duty is computed from it.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.selectors import FILE_ROLES, has_role
from declarations.models import Declaration, Item, ItemValuation
from lib.codes import digits_of
from lib.figures import plain
from lib.remembered import Remembered
from risk.models import ValueGeneration, ValueRow
from risk.models.value import FIGURES

LEAST = 5  # declarations behind a line; below it a company could be guessed from what is shown
DAYS_KEPT, MONTHS_KEPT = 8, 25

_FENCE = Decimal("1.5")
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Goods:
    """Goods for which the usual is asked: as of which table, in which direction, code of ten digits, origin."""

    generation: int
    flow: str
    code: str
    origin: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table as facts take it; see `ValueRow`."""

    code: str
    origin: str
    measure: str
    unit: str
    count: int
    least: Decimal
    p5: Decimal
    p10: Decimal
    p25: Decimal
    p50: Decimal
    p75: Decimal
    p90: Decimal
    mean: Decimal
    most: Decimal

    def is_unusual(self, value: Decimal) -> bool:
        """Whether it lies outside Tukey's fences (1.5 quartile ranges beyond the quartiles) and a tenth off the median.

        The tenth is for goods that all weigh the same: there the fences fall together.
        """
        beyond = _FENCE * (self.p75 - self.p25)
        outside = value < self.p25 - beyond or value > self.p75 + beyond
        return outside and abs(value - self.p50) > _TENTH * self.p50


@dataclass(frozen=True, slots=True)
class Usual:
    """The nearest lines for some goods, by measure and unit; without one there were too few declarations."""

    lines: Mapping[tuple[str, str], Line]

    def line(self, measure: str, unit: str = "") -> Line | None:
        return self.lines.get((measure, unit))


def may_see_values(user: User, *, on: date) -> bool:
    """Officers who read files, analysts and auditors; nobody else knows that there is a table."""
    return has_role(user, *FILE_ROLES, on=on)


def current_table() -> ValueGeneration | None:
    """The newest table; None before the first night."""
    found: ValueGeneration | None = ValueGeneration.objects.first()
    return found


class Tables:
    """Which table counted on a day: the newest as of that day or earlier. One query, however many days are asked."""

    def __init__(self) -> None:
        rows = list(ValueGeneration.objects.order_by("on").values_list("on", "pk"))
        self._days = [on for on, _pk in rows]
        self._keys = [pk for _on, pk in rows]

    def on(self, day: date) -> int | None:
        place = bisect_right(self._days, day)
        return self._keys[place - 1] if place else None


_usual: Remembered[Goods, Usual] = Remembered(20_000)

_LINES = f"""
SELECT n.place, {", ".join(f'r."{name}"' for name in ("code", "origin", "measure", "unit", "count", *FIGURES))}
FROM unnest(%s::int[], %s::bigint[], %s::text[], %s::text[], %s::text[]) AS n(place, generation, flow, code, origin)
JOIN risk_valuerow r ON r.generation_id = n.generation AND r.flow = n.flow
     AND r.code IN (n.code, left(n.code, 8), left(n.code, 6)) AND r.origin IN ('', n.origin)
"""  # noqa: S608 - columns of ours


def usual_of(goods: Collection[Goods]) -> Mapping[Goods, Usual]:
    """What is usual for each: the longest code that has enough declarations, its origin before all origins.

    One query for what this process does not remember. A table never changes, so what is remembered stays true.
    """
    return _usual.many(goods, _read)


def _read(goods: list[Goods]) -> dict[Goods, Usual]:
    columns = [list(range(len(goods)))]
    columns += [[getattr(one, name) for one in goods] for name in ("generation", "flow", "code", "origin")]
    found: list[list[Line]] = [[] for _one in goods]
    with connection.cursor() as cursor:
        cursor.execute(_LINES, columns)
        for place, *row in cursor.fetchall():
            found[place].append(Line(*row))
    return {one: Usual(_nearest(lines)) for one, lines in zip(goods, found, strict=True)}


def _nearest(lines: Iterable[Line]) -> dict[tuple[str, str], Line]:
    far_first = sorted(lines, key=lambda line: (len(line.code), bool(line.origin)))
    return {(line.measure, line.unit): line for line in far_first}


# Beside a declared item ----------------------------------------------------------------------------------------
_BANDS: tuple[tuple[str, str | Promise], ...] = (
    ("p5", _("below the 5th percentile")),
    ("p10", _("below the 10th percentile")),
    ("p25", _("below the 25th percentile")),
)
_ABOVE: tuple[tuple[str, str | Promise], ...] = (
    ("p90", _("above the 90th percentile")),
    ("p75", _("above the 75th percentile")),
)


@dataclass(frozen=True)
class Beside:
    """What an item was declared at, beside what is usual. `line` None: too few declarations to compare with."""

    measure: str
    unit: str
    declared: Decimal
    line: Line | None

    @property
    def words(self) -> str | Promise:
        """Where it lies among the others, in words."""
        assert self.line is not None, "There is nothing to compare with."
        for name, words in _BANDS:
            if self.declared < getattr(self.line, name):
                return words
        for name, words in _ABOVE:
            if self.declared > getattr(self.line, name):
                return words
        return _("within the middle half")

    @property
    def stands_out(self) -> bool:
        """Whether an officer's eye is drawn to it."""
        if self.line is None:
            return False
        return self.line.is_unusual(self.declared) if self.measure == "mass" else self.declared < self.line.p10

    @property
    def to_median(self) -> Decimal:
        """Declared over median, two digits."""
        assert self.line is not None, "There is nothing to compare with."
        return round(self.declared / self.line.p50, 2)


def beside(declaration: Declaration, items: Iterable[tuple[Item, ItemValuation | None]]) -> dict[int, Sequence[Beside]]:
    """By item number: value per kilogram, per supplementary unit, and mass per unit. Two queries.

    As of the day of lodging: the file shows what could be known then.
    """
    generation = Tables().on(timezone.localdate(declaration.lodged_at)) if declaration.lodged_at else None
    if generation is None:
        return {}
    valued = [(item, valuation.customs_value) for item, valuation in items if valuation is not None]
    goods = {
        item.number: Goods(generation, declaration.flow, item.commodity_code[:10], item.origin_country)
        for item, _value in valued
    }
    usual = usual_of(set(goods.values()))
    return {
        item.number: [
            Beside(measure, unit, declared, usual[goods[item.number]].line(measure, unit))
            for measure, unit, declared in _measured(item, value)
        ]
        for item, value in valued
    }


def _measured(item: Item, value: Decimal) -> Iterator[tuple[str, str, Decimal]]:
    mass, pieces, unit = item.net_mass, item.supplementary_quantity_1, item.supplementary_unit_1
    if mass:
        yield "kg", "", value / mass
    if unit and pieces:
        yield "unit", unit, value / pieces
        if mass:
            yield "mass", unit, mass / pieces


# The analysts' page --------------------------------------------------------------------------------------------
EVERY_ORIGIN = "-"


@dataclass(frozen=True)
class ValueFilters:
    """Which lines: first digits of a code, an origin (`-`: lines of every origin together), flow and measure."""

    code: str = ""
    origin: str = ""
    flow: str = ""
    measure: str = ""


def value_rows(generation: ValueGeneration | None, filters: ValueFilters | None) -> QuerySet[ValueRow]:
    """The lines of a table that the filters leave, by code and origin; none without a table or filters."""
    if generation is None or filters is None:
        nothing: QuerySet[ValueRow] = ValueRow.objects.none()
        return nothing
    wanted = Q(generation=generation)
    if filters.code:
        wanted &= Q(code__startswith=digits_of(filters.code))
    if filters.origin:
        wanted &= Q(origin="" if filters.origin == EVERY_ORIGIN else filters.origin.upper())
    if filters.flow:
        wanted &= Q(flow=filters.flow)
    if filters.measure:
        wanted &= Q(measure=filters.measure)
    found: QuerySet[ValueRow] = ValueRow.objects.filter(wanted).order_by("code", "origin", "measure", "unit", "flow")
    return found


def exported_values(rows: QuerySet[ValueRow], *, currency: str) -> Iterator[Sequence[object]]:
    """The lines with a heading, as a table to take away; figures with the digits that they have."""
    yield "code", "origin", "flow", "measure", "unit", "currency", "declarations", *FIGURES
    for row in rows.iterator(chunk_size=1_000):
        figures = [plain(getattr(row, name)) for name in FIGURES]
        money = "" if row.measure == ValueRow.Measure.MASS else currency
        yield row.code, row.origin, row.flow, row.measure, row.unit, money, row.count, *figures
