"""The rows of a table as they stand, for comparison with those of a folder."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tariff_changes.selectors.law_texts import Texts, series_of, texts_of
from tariff_changes.services.country.folder import FileRow
from tariffs.columns import Table

DAY = timedelta(days=1)
Key = tuple[str, ...]


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


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row of the folder: its key, and its texts with its last day filled in."""

    row: FileRow
    key: Key
    texts: dict[str, str]


class Present:
    """Published rows by their key. A row of the folder without an end holds until the next one of its thing begins."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.rows: dict[Key, tuple[int, dict[str, str]]] = {}
        self._starts: dict[Key, set[str]] = defaultdict(set)
        for pk, texts in texts_of(table, table.model.objects.all()).items():
            self.rows[self._known(texts)] = pk, texts

    def _known(self, texts: Texts) -> Key:
        """The key of a row that stands, or is about to: it ends those of its series before it."""
        series = series_of(self.table, texts)
        if not self.table.dated:
            return series
        self._starts[series].add(texts["valid_from"])
        return (*series, texts["valid_from"])

    def wanted(self, rows: Iterable[FileRow]) -> list[Wanted]:
        """The rows of the folder; of those with one key the last: national ones stand after international ones."""
        last = {self._known(row.texts): row for row in rows}
        return [Wanted(row, key, self._ended(key, row.texts)) for key, row in last.items()]

    def _ended(self, key: Key, texts: dict[str, str]) -> dict[str, str]:
        """An open end is the day before the next row of the series begins."""
        starts = self._starts[key[:-1]] if self.table.dated else ()
        if len(starts) < 2 or texts["valid_to"]:
            return texts
        following = min((start for start in starts if start > texts["valid_from"]), default="")
        return {**texts, "valid_to": (date.fromisoformat(following) - DAY).isoformat() if following else ""}
