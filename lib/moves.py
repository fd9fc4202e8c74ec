"""The ways a status may go: a table of moves, and the one conditional write that follows it."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.db import models

Table = Mapping[Any, frozenset[Any]]


class Moves:
    """The moves of the status `field` of a model. A `states` module of an app holds one for each status it has."""

    def __init__(self, model: type[models.Model], field: str, table: Table) -> None:
        self.model, self.field, self.table = model, field, table

    def may(self, old: str, new: str) -> bool:
        """Whether the table knows the way."""
        return new in self.table[old]

    def sources(self, new: str) -> list[str]:
        """Statuses from which `new` can be reached."""
        return [old for old, after in self.table.items() if new in after]

    def write(self, pk: int, new: str, *, only_from: Iterable[str] | None = None, **filling: Any) -> bool:
        """Move the row if its status allows it, and fill columns that become known; whether it was moved now.

        Whoever comes second changes nothing: the condition is part of the UPDATE.
        """
        sources = set(self.sources(new))
        allowed = sources if only_from is None else sources & set(only_from)
        rows = self.model._default_manager.filter(**{"pk": pk, f"{self.field}__in": sorted(allowed)})
        return rows.update(**{self.field: new}, **filling) == 1

    def write_path(self, pk: int, path: Sequence[str], **filling: Any) -> bool:
        """As `write`, along several moves by one statement: from `path[0]` to the last of it."""
        assert all(self.may(old, new) for old, new in pairwise(path)), path
        rows = self.model._default_manager.filter(**{"pk": pk, self.field: path[0]})
        return rows.update(**{self.field: path[-1]}, **filling) == 1
