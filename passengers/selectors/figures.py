"""Published figures of travellers: by post, way or day, without any count from which a person could be guessed.

What is below five is put together with others; a cell below five is not told, nor the one from which it would follow.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from lib.figures import ZERO
from lib.languages import in_language
from passengers.models import TravelChart, TravelFigures
from passengers.selectors import law as law_of
from tariffs.models import Way

LEAST = 5
PERIODS = (30, 90, 365)
BY = ("post", "way", "day")
OTHERS = ""
CELLS = ("payers", "red", "hits")


@dataclass(slots=True)
class Line:
    """A line of the table; `name` is a post, a way or a day, empty for those put together. None: not told."""

    name: str
    declared: int = 0
    payers: int | None = 0
    paid: Decimal | None = ZERO
    red: int | None = 0
    hits: int | None = 0
    minutes: list[int] = field(default_factory=list)
    together: int = 1

    @property
    def median(self) -> int | None:
        return self._percentile(50)

    @property
    def p90(self) -> int | None:
        return self._percentile(90)

    def _percentile(self, share: int) -> int | None:
        """The least minutes within which so many of a hundred were released; of fewer than five it is not told."""
        found = sorted(self.minutes)
        return found[(len(found) * share + 99) // 100 - 1] if len(found) >= LEAST else None

    def add(self, other: "Line") -> None:
        self.declared += other.declared
        self.payers = (self.payers or 0) + (other.payers or 0)
        self.paid = (self.paid or ZERO) + (other.paid or ZERO)
        self.red = (self.red or 0) + (other.red or 0)
        self.hits = (self.hits or 0) + (other.hits or 0)
        self.minutes += other.minutes


def published(*, by: str, days: int, on: date) -> Sequence[Line]:
    """The lines of the last `days` whole days before `on`, fit to be published; none where too few travelled."""
    assert by in BY, by
    rows = TravelFigures.objects.filter(day__gte=on - timedelta(days=days), day__lt=on)
    lines: dict[str, Line] = defaultdict(lambda: Line(""))
    for row in rows.order_by("day"):
        name = str(getattr(row, by))
        line = lines[name]
        line.name = name
        line.add(Line(name, row.declared, row.payers, row.paid, row.red, row.hits, list(row.minutes)))
    return protected(lines.values())


def protected(lines: Iterable[Line]) -> Sequence[Line]:
    """Lines of fewer than five put together, and cells from which somebody could be guessed emptied."""
    kept = sorted(lines, key=lambda line: (line.declared, line.name))
    others = Line(OTHERS, together=0)
    while kept and (kept[0].declared < LEAST or 0 < others.declared < LEAST):
        smallest = kept.pop(0)
        others.add(smallest)
        others.together += 1
    found = sorted(kept, key=lambda line: line.name)
    if others.declared:
        found.append(others)
    if sum(line.declared for line in found) < LEAST:
        return ()
    for cell in CELLS:
        _empty(found, cell)
    for line in found:
        if line.payers is None:
            line.paid = None
    return found


def _empty(lines: Sequence[Line], cell: str) -> None:
    """A count from one to four is not told; were it alone, it would follow from the total: the next one goes too."""
    hidden = [line for line in lines if 0 < getattr(line, cell) < LEAST]
    if len(hidden) == 1:
        rest = sorted((getattr(line, cell), line.name) for line in lines if getattr(line, cell) >= LEAST)
        hidden += [line for line in lines if rest and (getattr(line, cell), line.name) == rest[0]]
    for line in hidden:
        setattr(line, cell, None)


def chart(*, days: int, language: str) -> TravelChart | None:
    found: TravelChart | None = TravelChart.objects.filter(days=days, language=language).exclude(svg="").first()
    return found


def post_names(*, on: date) -> dict[str, str]:
    """Code of a post for travellers -> its name in the reader's language."""
    return {row.code: in_language(row) for way in Way.values for row in law_of.posts(way=way, on=on)}


def counted_until() -> date | None:
    found: date | None = TravelFigures.objects.order_by("-day").values_list("day", flat=True).first()
    return found
