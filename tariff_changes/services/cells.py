"""Reads the cells of rows: the same for a country's file, for a file of a change set and for the rows of a set.

In a change set the act may stay empty (the set's own is meant) and so may the first day (the set's day is meant).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lib.cells import Row, printed
from tariff_changes.selectors.law_texts import Texts
from tariffs.columns import LawColumn, Table


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell that cannot be read: code, column and why."""

    code: str
    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class _Cell:
    """A text that was read: its value and the one way a table writes it, or why it cannot be read."""

    value: Any = None
    text: str = ""
    fault: CellFault | None = None


class Reader:
    """Reads rows of one table. A text that comes again is not read again: of 27,000 rows most cells are alike.

    `columns` are those of a change set, unless the rows come from a country's file.
    """

    def __init__(self, table: Table, columns: Mapping[str, LawColumn] | None = None) -> None:
        self.table = table
        self.columns = table.of_set if columns is None else columns
        self._cells: dict[tuple[str, str], _Cell] = {}

    def read(self, texts: Texts, names: Sequence[str] = ()) -> tuple[Row, dict[str, str], list[CellFault]]:
        """Typed values and tidy texts by column, and the cells that cannot be read. `names`: the columns to read."""
        row: Row = {}
        tidy: dict[str, str] = {}
        faults = [CellFault("T413", name, _("This column is not known.")) for name in texts if name not in self.columns]
        for name in names or self.columns:
            cell = self.cell(name, texts.get(name, ""))
            if cell.fault is not None:
                faults.append(cell.fault)
            else:
                row[name], tidy[name] = cell.value, cell.text
        return row, tidy, faults

    def cell(self, name: str, text: str) -> _Cell:
        """One cell."""
        key = (name, text)
        found = self._cells.get(key)
        if found is None:
            found = self._cells[key] = self._read(name, " ".join(text.split()))
        return found

    def _read(self, name: str, text: str) -> _Cell:
        column = self.columns.get(name)
        if column is None:
            return _Cell(fault=CellFault("T413", name, _("This column is not known.")))
        if column.required and not text:
            return _Cell(fault=CellFault(column.fault, name, _("This cell is empty.")))
        try:
            value = column.read(text)
        except ValueError as error:
            return _Cell(fault=CellFault(column.fault, name, str(error)))
        return _Cell(value, printed(value))
