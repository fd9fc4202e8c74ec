"""Reads tables of plain CSV (UTF-8, comma, a header row): every fault is collected with its file, row and column."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from lib.violations import Rejected, Violation

Read = Callable[[str], Any]
Row = dict[str, Any]
YES, NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0", ""})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: how its text is read, whether it may be empty, and which field of the row it fills."""

    name: str
    read: Read
    required: bool = True
    field: str = ""

    @property
    def target(self) -> str:
        return self.field or self.name


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


def text(limit: int) -> Read:
    """Any text of at most `limit` characters, spaces tidied."""

    def read(value: str) -> str:
        tidy = " ".join(value.split())
        if len(tidy) > limit:
            raise ValueError(_("The text is longer than %(limit)d characters.") % {"limit": limit})
        return tidy

    return read


def matching(pattern: str, sentence: str | Promise) -> Read:
    """Text that matches the whole of `pattern`; `sentence` says what it should be."""
    compiled = re.compile(pattern)

    def read(value: str) -> str:
        if not compiled.fullmatch(value):
            raise ValueError(str(sentence))
        return value

    return read


def one_of(*choices: str) -> Read:
    """One of a few words."""

    def read(value: str) -> str:
        if value not in choices:
            raise ValueError(_("Write one of: %(choices)s.") % {"choices": ", ".join(choices)})
        return value

    return read


def flag(value: str) -> bool:
    """yes or no; empty means no."""
    if value.lower() in YES:
        return True
    if value.lower() in NO:
        return False
    raise ValueError(_("Write yes or no."))


def whole(value: str) -> int:
    """A whole number of zero or more; empty means zero."""
    if not value:
        return 0
    if not re.fullmatch(r"\d{1,9}", value):
        raise ValueError(_("Write a whole number."))
    return int(value)


def decimal(value: str) -> Decimal:
    """A number with a decimal point; empty means zero."""
    try:
        number = Decimal(value or "0")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValueError(_("Write a number with a decimal point, such as 1200.50."))
    return number


def day(value: str) -> date | None:
    """A date as 2026-11-23; empty means none."""
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(_("Write a date as 2026-11-23.")) from None


def month_and_day(value: str) -> str:
    """A day of any year as 06-01; empty means none."""
    if value:
        try:
            date.fromisoformat(f"2024-{value}")
        except ValueError:
            raise ValueError(_("Write month and day as 06-01.")) from None
    return value


def words(value: str) -> list[str]:
    """Codes separated by spaces."""
    return value.split()


def phrases(limit: int) -> Read:
    """Words or phrases separated by semicolons, each of at most `limit` characters."""
    one = text(limit)

    def read(value: str) -> list[str]:
        return [phrase for part in value.split(";") if (phrase := one(part))]

    return read


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
