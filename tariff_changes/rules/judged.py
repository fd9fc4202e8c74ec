"""A changed row as the rules judge it: read and typed, beside the published row it changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from lib.violations import Violation
from tariff_changes.models import ChangeRow, ChangeSet
from tariff_changes.selectors.law_texts import Texts
from tariffs.columns import Table

DAY = timedelta(days=1)
Action = ChangeRow.Action


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """A row of a change set. `target` stands as `now` in the tables and stood as `seen` when it was chosen.

    `values` holds the typed values of the new row by column and `texts` the same as cells; both are empty for an end.
    `last_day` is the target's last day in force: where it lies before its first day, the target is taken out.
    What is put right `in_place` keeps its primary key: legal acts, and what a country's folder says of the same days.
    A sentence calls the row by its `number`: its place in the set, or its row in the file of a country.
    """

    place: int
    table: Table
    action: str
    target: int | None = None
    seen: Texts = field(default_factory=dict)
    now: Texts | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    texts: Texts = field(default_factory=dict)
    last_day: date | None = None
    to_decide: str = ""
    number: int = 0
    in_place: bool = False

    @property
    def creates(self) -> bool:
        return self.action != Action.END

    @property
    def starts(self) -> date:
        """First day of the new row; today's law has no part in it."""
        start = self.values["valid_from"]
        assert isinstance(start, date)
        return start

    @property
    def stops(self) -> date | None:
        """Last day of the new row."""
        return self.values["valid_to"]  # type: ignore[no-any-return]

    @property
    def target_starts(self) -> date | None:
        return date.fromisoformat(self.now["valid_from"]) if self.now and self.now.get("valid_from") else None

    @property
    def takes_out(self) -> bool:
        """Whether the target never comes into force: it would end before it begins."""
        start = self.target_starts
        return start is not None and self.last_day is not None and self.last_day < start

    def fault(self, code: str, column: str, sentence: str) -> Violation:
        return Violation(code, f"rows[{self.place}].{column}" if column else f"rows[{self.place}]", sentence)


@dataclass(frozen=True, slots=True)
class Case:
    """A change set before its judge, on the day `on`."""

    change_set: ChangeSet
    rows: Sequence[JudgedRow]
    on: date

    @property
    def since(self) -> date:
        """The first day whose law counts: a country's folder brings the law of many days."""
        return date.min + DAY if self.change_set.is_loaded else self.change_set.takes_effect

    def of(self, table: str) -> list[JudgedRow]:
        return [judged for judged in self.rows if judged.table.name == table]

    def created(self, table: str) -> list[JudgedRow]:
        return [judged for judged in self.of(table) if judged.creates]

    def last_days(self, table: str) -> dict[int, date]:
        """primary key -> last day of the published rows that the set ends or replaces."""
        return {
            judged.target: judged.last_day
            for judged in self.of(table)
            if judged.target is not None and judged.last_day is not None
        }


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `start` to `stop`, both inclusive; None is open."""

    start: date
    stop: date | None

    def meets(self, other: "Span") -> bool:
        return (self.stop is None or other.start <= self.stop) and (other.stop is None or self.start <= other.stop)

    def holds(self, day: date) -> bool:
        return self.start <= day and (self.stop is None or day <= self.stop)

    def __str__(self) -> str:
        return f"{self.start.isoformat()} – {self.stop.isoformat() if self.stop else '…'}"


def first_day_outside(wanted: Span, spans: Iterable[Span]) -> date | None:
    """The first day of `wanted` that none of `spans` holds; None where they hold it whole."""
    day = wanted.start
    for span in sorted(spans, key=lambda span: span.start):
        if span.start > day:
            break
        if span.stop is None:
            return None
        day = max(day, span.stop + DAY)
    return day if wanted.stop is None or day <= wanted.stop else None


def clipped(start: date, stop: date | None, last_day: date | None) -> Span | None:
    """What is left of a row that is to end on `last_day`; None where it never comes into force."""
    if last_day is not None and (stop is None or last_day < stop):
        stop = last_day
    return None if stop is not None and stop < start else Span(start, stop)
