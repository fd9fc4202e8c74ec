"""How the cells of a change set are read: the columns of a country's tables, with what a change set leaves open.

In a change set the act may stay empty (the set's own is meant) and so may the first day (the set's day is meant).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from lib.cells import flag, text, whole
from lib.sheets import Column, Row
from tariff_changes.selectors.changeable import CHANGEABLE, Changeable, Texts, text_of
from tariff_changes.services.country_tables import BY_FILE

_FILES = {
    "measure": "measures.csv",
    "commodity": "nomenclature.csv",
    "legal_act": "legal_acts.csv",
    "quota": "quotas.csv",
    "tax": "taxes.csv",
    "group_member": "group_members.csv",
}
_OPEN = frozenset({"act", "valid_from"})
_FURTHER = {
    "indent": Column("indent", whole, required=False),
    "declarable": Column("declarable", flag, required=False),
    "act": Column("act", text(60), required=False),
}
_CODES = {"rate": "T405", "season_from": "T409", "season_to": "T409"}


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell that cannot be read: code, column and why."""

    code: str
    column: str
    sentence: str


def _columns(table: Changeable) -> dict[str, Column]:
    known = {column.name: column for column in BY_FILE[_FILES[table.name]].columns}
    found = {name: known.get(name) or _FURTHER[name] for name in table.columns}
    return {name: replace(column, required=column.required and name not in _OPEN) for name, column in found.items()}


COLUMNS: Mapping[str, Mapping[str, Column]] = {name: _columns(table) for name, table in CHANGEABLE.items()}


@dataclass(frozen=True, slots=True)
class _Cell:
    """A text that was read: its value and the one way a table writes it, or why it cannot be read."""

    value: Any = None
    text: str = ""
    fault: CellFault | None = None


class Reader:
    """Reads rows of one table. A text that comes again is not read again: of 27,000 rows most cells are alike."""

    def __init__(self, table: Changeable) -> None:
        self.table = table
        self.columns = COLUMNS[table.name]
        self._cells: dict[tuple[str, str], _Cell] = {}

    def read(self, texts: Texts, names: Sequence[str] = ()) -> tuple[Row, dict[str, str], list[CellFault]]:
        """Typed values and tidy texts by column, and the cells that cannot be read. `names`: the columns to read."""
        row: Row = {}
        tidy: dict[str, str] = {}
        faults = [CellFault("T413", name, _("This column is not known.")) for name in texts if name not in self.columns]
        for name in names or self.table.columns:
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
        code = _CODES.get(name, "T413")
        if column.required and not text:
            return _Cell(fault=CellFault(code, name, _("This cell is empty.")))
        try:
            value = column.read(text)
        except ValueError as error:
            return _Cell(fault=CellFault(code, name, str(error)))
        return _Cell(value, text_of(value))
