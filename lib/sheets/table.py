"""A file against the columns of its table: every row as typed values, and every fault with its file, row and column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from lib.cells import Column, Row
from lib.sheets.faults import Faults
from lib.sheets.names import Expected
from lib.sheets.reading import Sheet, read_rows
from lib.violations import Rejected


@dataclass(frozen=True, slots=True)
class Source:
    """Where a row came from, so that a later check can still name it."""

    file: str
    row: int


def read_table(path: Path, columns: Sequence[Column], faults: Faults) -> list[tuple[Source, Row]]:
    """The readable rows of a file, each with its source; what cannot be read is added to `faults`."""
    return read_content(path.read_bytes(), columns, faults, name=path.name)


def read_content(content: bytes, columns: Sequence[Column], faults: Faults, *, name: str) -> list[tuple[Source, Row]]:
    """As `read_table`, for a file that is not on the disk."""
    own = Faults(name, code=faults.code)
    rows: list[tuple[Source, Row]] = []
    try:
        sheet = read_rows(content, name=name, faults=own, tables=[Expected.of(columns)])
        if _header_fits(sheet, columns, own):
            for number, cells in sheet.rows:
                row = _row(number, cells, columns, own)
                if row is not None:
                    rows.append((Source(name, number), row))
    except Rejected:
        assert own
    faults.take(own)
    return rows


def _header_fits(sheet: Sheet, columns: Sequence[Column], faults: Faults) -> bool:
    known = {column.name for column in columns}
    wrong = len(faults)
    for column in columns:
        if column.required and column.name not in sheet.header:
            faults.add("T431", sheet.top, column.name, _("This column is missing."))
    for name in sheet.header:
        if name not in known:
            faults.add("T431", sheet.top, name, _("This column is not known."))
    return len(faults) == wrong


def _row(number: int, cells: Mapping[str, str], columns: Sequence[Column], faults: Faults) -> Row | None:
    row: Row = {}
    for column in columns:
        value = cells.get(column.name, "")
        if column.required and not value:
            faults.add("T432", number, column.name, _("This cell is empty."))
            continue
        try:
            row[column.target] = column.read(value)
        except ValueError as error:
            faults.add("T432", number, column.name, str(error))
    return row if len(row) == len(columns) else None
