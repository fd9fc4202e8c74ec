"""How the cells of a change set are read: the columns of a country's tables, with what a change set leaves open.

In a change set the act may stay empty (the set's own is meant) and so may the first day (the set's day is meant).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from tariffs.selectors.changeable import CHANGEABLE, Changeable, Texts, text_of
from tariffs.services.country_tables import BY_FILE
from tariffs.services.tables import Column, Row, flag, text, whole

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


def read_cell(table: Changeable, column: str, value: str) -> CellFault | None:
    """What is wrong with one cell; None if it can be read."""
    _row, faults = read_row(table, {column: value}, [column])
    return faults[0] if faults else None


def read_row(table: Changeable, texts: Texts, names: Sequence[str] = ()) -> tuple[Row, list[CellFault]]:
    """Typed values by column, and the cells that cannot be read. `names` are the columns to read (default: all)."""
    row: Row = {}
    faults: list[CellFault] = []
    columns = COLUMNS[table.name]
    for name in texts:
        if name not in columns:
            faults.append(CellFault("T413", name, _("This column is not known.")))
    for name in names or table.columns:
        value = " ".join(texts.get(name, "").split()) if name in columns else ""
        if name not in columns:
            continue
        if columns[name].required and not value:
            faults.append(CellFault(_CODES.get(name, "T413"), name, _("This cell is empty.")))
            continue
        try:
            row[name] = columns[name].read(value)
        except ValueError as error:
            faults.append(CellFault(_CODES.get(name, "T413"), name, str(error)))
    return row, faults


def tidy(row: Row) -> dict[str, str]:
    """The texts of a row that was read, each written in the one way a table writes it."""
    return {name: text_of(value) for name, value in row.items()}
