"""The tables of a country folder, in the order of loading. docs/country.md tells the same."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tariffs.columns import CODE_LISTS, FEES, LAW, LawColumn, Table


@dataclass(frozen=True, slots=True)
class FileTable:
    """A file of the folder. `model` is None where the rows need more than a copy (they refer to other rows)."""

    file: str
    columns: Sequence[LawColumn]
    model: Any = None
    key: tuple[str, ...] = ("code",)


def _of_file(table: Table, *, copied: bool) -> FileTable:
    columns = [replace(column, field="" if "__" in column.field else column.field) for column in table.of_file.values()]
    return FileTable(table.file, columns, table.model if copied else None, table.series)


TABLES: tuple[FileTable, ...] = (
    *(_of_file(table, copied=not table.dated) for table in CODE_LISTS.values()),
    *(_of_file(table, copied=False) for table in (*LAW.values(), FEES)),
)
BY_FILE = {table.file: table for table in TABLES}
