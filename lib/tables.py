"""Reads tables of plain CSV (UTF-8, comma, a header row): every fault is collected with its file, row and column."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from lib.cells import Column, Row
from lib.violations import Rejected, Violation


@dataclass(frozen=True, slots=True)
class Source:
    """Where a row came from, so that a later check can still name it."""

    file: str
    row: int


@dataclass
class Faults:
    """Collects what is wrong with the files of one load."""

    found: list[Violation] = field(default_factory=list)

    def add(self, source: Source, column: str, sentence: str) -> None:
        self.found.append(Violation("T101", f"{source.file}:{source.row}:{column}", sentence))

    def refuse(self) -> None:
        """Raise `Rejected` with every fault, if there is any."""
        if self.found:
            raise Rejected(self.found)


def read_table(path: Path, columns: Sequence[Column], faults: Faults) -> list[tuple[Source, Row]]:
    """The readable rows of a table, each with its source; what cannot be read is added to `faults`."""
    rows: list[tuple[Source, Row]] = []
    for source, cells in _cells(path, columns, faults):
        row = _row(source, cells, columns, faults)
        if row is not None:
            rows.append((source, row))
    return rows


def _cells(path: Path, columns: Sequence[Column], faults: Faults) -> Iterator[tuple[Source, Mapping[str, str]]]:
    try:
        content = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        faults.add(Source(path.name, line), "", _("The file is not in UTF-8."))
        return
    reader = csv.reader(content.splitlines(keepends=True), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if not _header_fits(path, header, columns, faults):
            return
        for cells in reader:
            source = Source(path.name, reader.line_num)
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                sentence = _("The row has %(found)d cells, the header %(expected)d.")
                faults.add(source, "", sentence % {"found": len(cells), "expected": len(header)})
                continue
            yield source, {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    except csv.Error as error:
        faults.add(Source(path.name, reader.line_num), "", str(error))


def _header_fits(path: Path, header: Sequence[str], columns: Sequence[Column], faults: Faults) -> bool:
    head = Source(path.name, 1)
    known = {column.name for column in columns}
    missing = [column.name for column in columns if column.required and column.name not in header]
    for name in missing:
        faults.add(head, name, _("This column is missing."))
    for place, name in enumerate(header):
        if name not in known:
            faults.add(head, name, _("This column is not known."))
        elif name in header[:place]:
            faults.add(head, name, _("This column stands twice."))
    return not missing and len(set(header)) == len(header) and known.issuperset(header)


def _row(source: Source, cells: Mapping[str, str], columns: Sequence[Column], faults: Faults) -> Row | None:
    row: Row = {}
    for column in columns:
        value = cells.get(column.name, "")
        if column.required and not value:
            faults.add(source, column.name, _("This cell is empty."))
            continue
        try:
            row[column.target] = column.read(value)
        except ValueError as error:
            faults.add(source, column.name, str(error))
    return row if len(row) == len(columns) else None
