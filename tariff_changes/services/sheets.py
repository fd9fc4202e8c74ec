"""A file of rows, CSV or XLSX, as texts by column. What is doubtful is a fault with its row and column, never a guess.

CSV is UTF-8 (with or without a mark at its beginning) with commas, semicolons or tabs. Rows are numbered as a
spreadsheet numbers them; the header is row 1. Cells that a spreadsheet would compute are refused, wherever they stand.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NoReturn

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from lib.violations import Rejected, Violation

MOST_BYTES = 20_000_000
MOST_BYTES_UNPACKED = 300_000_000
MOST_ROWS = 100_000
MOST_COLUMNS = 60
MOST_FAULTS = 1000

DATES = frozenset({"valid_from", "valid_to", "date"})
SEASONS = frozenset({"season_from", "season_to"})
CODES = frozenset({"code", "commodity", "code10", "old_code", "new_code", "hscode", "excluded_commodities"})
_WHOLE_CODES = (10, 11)

_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?%?")
_FORMULA = re.compile(r"[=@]|\+|-+(?=[A-Za-z0-9(\"'$=@+.])")
_STRANGE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_SLASHED = re.compile(r"\d{1,2}[/-]\d{1,2}[/-]\d{2,4}")


@dataclass
class FileFaults:
    """What is wrong with a file, by row and column. Only the first thousand are kept; the rest is counted."""

    file: str
    found: list[Violation] = field(default_factory=list)
    more: int = 0

    def add(self, code: str, row: int, column: str, sentence: str) -> None:
        if len(self.found) >= MOST_FAULTS:
            self.more += 1
            return
        self.found.append(Violation(code, f"{self.file}:{row}:{column}", sentence))

    def stop(self, code: str, row: int, column: str, sentence: str) -> NoReturn:
        """A fault that makes the rest of the file unreadable."""
        self.add(code, row, column, sentence)
        self.refuse()
        raise AssertionError

    def refuse(self) -> None:
        """Raise `Rejected` with every fault in the order of the rows, if there is any."""
        if self.found:
            more = _("And %(number)d further faults.") % {"number": self.more}
            found = sorted(self.found, key=lambda fault: int(fault.pointer.rsplit(":", 2)[1]))
            raise Rejected([*found, *([Violation("T400", self.file, more)] if self.more else [])])


@dataclass(frozen=True, slots=True)
class Sheet:
    """The header and the rows of a file: row number, and text by column."""

    file: str
    header: tuple[str, ...]
    rows: list[tuple[int, dict[str, str]]]


def read_sheet(content: bytes, *, name: str, faults: FileFaults) -> Sheet:
    """The rows of a CSV or XLSX file. Raises Rejected where it is no table at all; other faults go to `faults`."""
    if len(content) > MOST_BYTES:
        sentence = _("The file has %(found)d MB; at most %(most)d are read.")
        faults.stop("T436", 1, "", sentence % {"found": len(content) // 10**6, "most": MOST_BYTES // 10**6})
    if content[:4] == b"PK\x03\x04":
        records = _xlsx_records(content, faults)
    elif content[:4] == b"\xd0\xcf\x11\xe0":
        faults.stop("T430", 1, "", _("This is an old Excel file. Save it as XLSX or as CSV."))
    else:
        records = _csv_records(content, faults)
    return _sheet(records, name, faults)


def _sheet(records: Iterator[tuple[int, list[str]]], name: str, faults: FileFaults) -> Sheet:
    _number, first = next(records, (1, []))
    header = [cell.strip() for cell in first]
    while header and not header[-1]:
        header.pop()
    _check_header(header, faults)
    rows: list[tuple[int, dict[str, str]]] = []
    count = 0
    for number, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > MOST_ROWS:
            continue
        if (row := _row(number, cells, header, faults)) is not None:
            rows.append((number, row))
    if count > MOST_ROWS:
        sentence = _("The file has %(found)d rows; at most %(most)d are read. Split it.")
        faults.stop("T436", MOST_ROWS + 2, "", sentence % {"found": count, "most": MOST_ROWS})
    if not count and not faults.found:
        faults.add("T431", 1, "", _("The table has no rows."))
    return Sheet(name, tuple(header), rows)


def _check_header(header: Sequence[str], faults: FileFaults) -> None:
    if not any(header):
        faults.stop("T431", 1, "", _("The first row names no columns."))
    if len(header) > MOST_COLUMNS:
        faults.stop("T431", 1, "", _("The table has too many columns: %(found)d.") % {"found": len(header)})
    for place, column in enumerate(header):
        if not column:
            faults.add("T431", 1, "", _("Column %(place)d has no name.") % {"place": place + 1})
        elif column in header[:place]:
            faults.add("T431", 1, column, _("This column stands twice."))
    faults.refuse()


def _row(number: int, cells: list[str], header: Sequence[str], faults: FileFaults) -> dict[str, str] | None:
    extra = len(cells) - len(header)
    if extra < 0 or any(cell.strip() for cell in cells[len(header) :]):
        sentence = _("The row has %(found)d cells, the header %(expected)d.")
        faults.add("T432", number, "", sentence % {"found": len(cells), "expected": len(header)})
        return None
    before = len(faults.found) + faults.more
    row = {}
    for column, cell in zip(header, cells, strict=False):
        value = cell.strip()
        if value:
            _check_cell(number, column, value, faults)
            if column in DATES:
                value = _day(number, column, value, faults)
        row[column] = value
    return row if len(faults.found) + faults.more == before else None


def _check_cell(number: int, column: str, value: str, faults: FileFaults) -> None:
    if _FORMULA.match(value) and not _NUMBER.fullmatch(value):
        sentence = _("The cell holds a formula (%(text)s). Write its value.")
        faults.add("T434", number, column, sentence % {"text": value[:40]})
    elif _STRANGE.search(value):
        faults.add("T430", number, column, _("The cell holds characters that are no text: the file is damaged."))


def _day(number: int, column: str, value: str, faults: FileFaults) -> str:
    """2026-11-23 and 23.11.2026 are read; 11/12/2026 may be two days and is refused."""
    if _SLASHED.fullmatch(value) and not _ISO.fullmatch(value):
        sentence = _("“%(text)s” may be read as two different days. Write 2026-11-23 or 23.11.2026.")
        faults.add("T435", number, column, sentence % {"text": value})
        return value
    try:
        if dotted := _DOTTED.fullmatch(value):
            day, month, year = map(int, dotted.groups())
            return date(year, month, day).isoformat()
        if _ISO.fullmatch(value):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    sentence = _("“%(text)s” is not a day. Write 2026-11-23 or 23.11.2026.")
    faults.add("T435", number, column, sentence % {"text": value[:40]})
    return value


# CSV ----------------------------------------------------------------------------------------------------------


def _csv_records(content: bytes, faults: FileFaults) -> Iterator[tuple[int, list[str]]]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        faults.stop("T430", 1, "", _("The file is in UTF-16. Save it as CSV in UTF-8."))
    delimiter = _delimiter(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row, column = _place_of(content, error.start, delimiter)
        sentence = _("The file is not in UTF-8: it may be Windows-1251. Save it as CSV in UTF-8.")
        faults.stop("T430", row, column, sentence)
    return _csv_rows(text, delimiter, faults)


def _csv_rows(text: str, delimiter: str, faults: FileFaults) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, cells
    except csv.Error as error:
        faults.add("T432", number + 1, "", _("The row cannot be read: %(why)s.") % {"why": error})


def _delimiter(content: bytes) -> str:
    """Whichever of comma, semicolon and tab the header has most of."""
    header = content.split(b"\n", 1)[0]
    return max((",", ";", "\t"), key=lambda sign: header.count(sign.encode()))


def _place_of(content: bytes, offset: int, delimiter: str) -> tuple[int, str]:
    """Row and column of a byte. Single bytes stand for letters here: only quotes, delimiters and line ends count."""
    records = list(csv.reader(io.StringIO(content[:offset].decode("latin-1"), newline=""), delimiter=delimiter))
    row, place = max(1, len(records)), len(records[-1]) - 1 if records else 0
    if content[:offset].endswith((b"\n", b"\r")):
        row, place = len(records) + 1, 0
    header = next(csv.reader(io.StringIO(content.decode("utf-8-sig", "replace")), delimiter=delimiter), [])
    return row, header[place].strip() if row > 1 and 0 <= place < len(header) else ""


# XLSX ---------------------------------------------------------------------------------------------------------


def _xlsx_records(content: bytes, faults: FileFaults) -> Iterator[tuple[int, list[str]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > MOST_BYTES_UNPACKED:
            faults.stop("T436", 1, "", _("The file unpacks to %(found)d MB.") % {"found": unpacked // 10**6})
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
        sheet = book.worksheets[0]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError):
        faults.stop("T430", 1, "", _("The file is neither a CSV table nor an XLSX workbook."))
    return _xlsx_rows(sheet, faults)


def _xlsx_rows(sheet: Any, faults: FileFaults) -> Iterator[tuple[int, list[str]]]:
    sheet.reset_dimensions()
    header: list[str] = []
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), start=1):
        if number == 1:
            header = [str(cell.value or "").strip() for cell in cells]
            yield number, header
            continue
        texts = [_cell_text(cell, number, column, faults) for cell, column in _named(cells, header)]
        yield number, texts + [""] * (len(header) - len(texts))


def _named(cells: Sequence[Any], header: Sequence[str]) -> Iterator[tuple[Any, str]]:
    for place, cell in enumerate(cells):
        yield cell, header[place] if place < len(header) else ""


def _cell_text(cell: Any, number: int, column: str, faults: FileFaults) -> str:
    """What a cell says. Numbers keep every digit; a share shown as per cent is written as per cent."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        faults.add("T434", number, column, _("The cell holds a formula (%(text)s). Write its value.") % {"text": "="})
        return ""
    if cell.data_type == "e":
        faults.add("T432", number, column, _("The cell holds an error: %(text)s.") % {"text": value})
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime | date | time):
        return _moment(value, number, column, faults)
    if isinstance(value, str):
        return value
    return _number_text(Decimal(str(value)), str(cell.number_format or ""), number, column, faults)


def _moment(value: datetime | date | time, number: int, column: str, faults: FileFaults) -> str:
    if isinstance(value, time) or (isinstance(value, datetime) and value.time() != time()):
        faults.add("T435", number, column, _("The cell holds a time of day: a day is expected."))
        return ""
    return value.strftime("%m-%d") if column in SEASONS else value.strftime("%Y-%m-%d")


def _number_text(value: Decimal, shown_as: str, number: int, column: str, faults: FileFaults) -> str:
    if shown_as.endswith("%"):
        return f"{_plain(value * 100)}%"
    text = _plain(value)
    if column in CODES and len(text) not in _WHOLE_CODES:
        sentence = _("The code %(text)s stands as a number and may have lost its first zero. Make the column text.")
        faults.add("T432", number, column, sentence % {"text": text})
    return text


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
