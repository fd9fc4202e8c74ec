"""Brings a table in line with the rows of a file: what is new is added, what differs is changed, the rest stays."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Model

BATCH = 2000
Row = dict[str, Any]
Series = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows of a table were added, changed, and were as they should be already."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.added + other.added, self.changed + other.changed, self.unchanged + other.unchanged)

    @property
    def written(self) -> int:
        return self.added + self.changed


def bring_in_line(
    model: type[Model], rows: Sequence[Row], key: Sequence[str], *, settled: Collection[Series] = frozenset()
) -> Tally:
    """Make `model` hold every row of `rows`, told apart by the fields of `key`. Rows not named stay as they are.

    Rows whose key is `settled` stay as they are too: somebody has decided about them since.
    """
    manager: Any = model._default_manager
    existing = {tuple(_held(found, name) for name in key): found for found in manager.all()}
    new: list[Model] = []
    changed: list[Model] = []
    for row in rows:
        series = _series(row, key)
        if series in settled:
            continue
        found = existing.get(series)
        if found is None:
            new.append(model(**row))
        elif any(_held(found, name) != _plain(value) for name, value in row.items()):
            for name, value in row.items():
                setattr(found, name, value)
            changed.append(found)
    if changed:
        fields = [name for name in rows[0] if name not in key]
        manager.bulk_update(changed, fields, batch_size=BATCH)
    manager.bulk_create(new, batch_size=BATCH)
    return Tally(len(new), len(changed), len(rows) - len(new) - len(changed))


def bring_dated_in_line(
    model: type[Model], rows: Sequence[Row], key: Sequence[str], *, settled: Collection[Series] = frozenset()
) -> Tally:
    """The same for dated rows: `key` without `valid_from` names a series, in which a later row ends an earlier one.

    A row that has been superseded by one from elsewhere (a change of the tariff) is not opened again. `settled` are
    keys with their first day.
    """
    manager: Any = model._default_manager
    starts: dict[tuple[Any, ...], set[date]] = defaultdict(set)
    for *series, start in manager.values_list(*key, "valid_from"):
        starts[tuple(series)].add(start)
    for row in rows:
        starts[_series(row, key)].add(row["valid_from"])
    clipped = [{**row, "valid_to": _end(row, starts[_series(row, key)])} for row in rows]
    return bring_in_line(model, clipped, [*key, "valid_from"], settled=settled)


def _series(row: Row, key: Sequence[str]) -> tuple[Any, ...]:
    return tuple(_plain(row[name]) for name in key)


def _plain(value: Any) -> Any:
    """A row that is referred to stands for its primary key."""
    return value.pk if isinstance(value, Model) else value


def _held(found: Model, name: str) -> Any:
    """The value of a field without fetching the row it refers to."""
    field: Any = type(found)._meta.get_field(name)
    return getattr(found, field.attname)


def _end(row: Row, starts: set[date]) -> date | None:
    """The row's own end, or the day before the next row of its series where that is earlier."""
    later = [start for start in starts if start > row["valid_from"]]
    next_end = min(later) - timedelta(days=1) if later else None
    ends = [end for end in (row["valid_to"], next_end) if end is not None]
    return min(ends) if ends else None
