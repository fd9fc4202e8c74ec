"""A file of rows, CSV or XLSX, as texts by column. What is doubtful is a fault with its row and column, never a guess.

Rows are numbered as a spreadsheet numbers them. Titles above the header are passed over. Cells that a spreadsheet would
compute are refused wherever they stand, and so are rows and columns that the sheet does not show: nobody has looked at
what would become law or a balance. A cell that only says that nothing is known (`N/A`, `null`) says nothing: its
column is missing from the row, as if the file did not have it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice

from django.utils.translation import gettext as _

from lib.cells import is_mark_of_nothing, is_placeholder
from lib.dates import DayUnclear, NotADay, Order, order_of, read_day
from lib.numbers import is_ambiguous, with_one_reading
from lib.sheets.cell import Broken, Cell, Number, Record, Unreadable, is_blank, label
from lib.sheets.encodings import is_garbled
from lib.sheets.faults import Faults
from lib.sheets.hidden import Hidden, columns_said, rows_said
from lib.sheets.limits import MOST_BYTES, MOST_CHARACTERS, MOST_COLUMNS, MOST_LINES, MOST_ROWS
from lib.sheets.names import NAMES, Expected, header_of
from lib.sheets.numbers import settled, signs_of
from lib.sheets.plain import FIRST_RECORDS, Undecided, records_of
from lib.sheets.workbook import Workbook, workbook_in
from lib.sheets.writing import unmarked

_WHOLE_CODES = (10, 11)
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?%?")
_FORMULA = re.compile(r"[=@\uff1d\uff20]|[+\uff0b](?=.)|-+(?=[A-Za-z0-9(\"'$=@+.])")
ERROR = re.compile(
    r"#(?:REF|VALUE|NAME|DIV/0|NUM|NULL|SPILL|CALC|ССЫЛКА|ЗНАЧ|ИМЯ|ДЕЛ/0|ЧИСЛО|ПУСТО)[!?]", re.IGNORECASE
)
_STRANGE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ufffe\uffff\ud800-\udfff]")
UNSEEN = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f]")
# 0902 30 000 9, 0902.30.00.09, 8471.30: as the HS and the portal print codes. 901 110 000 is a number.
_PRINTED_CODE = re.compile(r"[0-9]{4}[.\s-][0-9]{2}(?:[.\s-][0-9]{1,4}){0,3}|[0-9]{4}(?:\s[0-9]{1,6}){1,3}")
_SPACED_NUMBER = re.compile(r"[0-9]{1,4}(?:\s[0-9]{1,4})+")
_COMPUTED_CODE = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eEеЕ]\+?[0-9]+|[0-9]{5,}[.,]0+")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The header and the rows of a file: row number, and text by column. `top` is the row of the header.

    A column that is missing from a row is one about which the file says nothing.
    """

    file: str
    header: tuple[str, ...]
    rows: list[tuple[int, dict[str, str]]]
    top: int = 1


def read_sheet(content: bytes, *, name: str, faults: Faults, tables: Sequence[Expected] = ()) -> Sheet:
    """The rows of a file that holds one of `tables`. Raises Rejected where it is no table; other faults are added."""
    sheet = read_rows(content, name=name, faults=faults, tables=tables)
    if not sheet.rows and not faults:
        faults.add("T431", sheet.top, "", _("The table has no rows."))
    return sheet


def read_rows(content: bytes, *, name: str, faults: Faults, tables: Sequence[Expected] = ()) -> Sheet:
    """As `read_sheet`, for a table that may be empty."""
    faults.file = name
    if len(content) > MOST_BYTES:
        sentence = _("The file has %(found)d MB; at most %(most)d are read.")
        faults.stop("T436", 1, "", sentence % {"found": len(content) // 10**6, "most": MOST_BYTES // 10**6})
    try:
        return _sheet(_opened(content, tables), name, tables, faults)
    except Undecided as fault:
        column = _column_at(content, fault.place, tables) if fault.row > 1 else ""
        faults.stop(fault.code, fault.row, column, fault.sentence)
    except Unreadable as fault:
        faults.stop(fault.code, fault.row, "", fault.sentence)


# Which records ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Opened:
    """The first records that are not empty, and those after them. `is_ragged`: empty cells may end a row unwritten.

    `hidden` grows while the records are read.
    """

    first: list[Record]
    rest: Iterator[Record]
    is_ragged: bool = False
    hidden: Hidden = field(default_factory=Hidden)


def _opened(content: bytes, tables: Sequence[Expected]) -> _Opened:
    book = workbook_in(content)
    if book is not None:
        return _chosen_sheet(book, tables)
    return _begun(records_of(content, known=lambda record: _known(record, tables)))


def _known(record: Sequence[Cell], tables: Sequence[Expected]) -> int:
    return max((table.known(record[: MOST_COLUMNS + 1]) for table in tables), default=0)


def _begun(records: Iterator[Record], *, is_ragged: bool = False, hidden: Hidden | None = None) -> _Opened:
    filled = (record for record in records if not all(map(is_blank, record[1])))
    return _Opened(list(islice(filled, FIRST_RECORDS)), filled, is_ragged, hidden or Hidden())


def _chosen_sheet(book: Workbook, tables: Sequence[Expected]) -> _Opened:
    """The sheet that names columns of a table; the first one where none does. Two such sheets are asked about."""
    opened = [(sheet.name, _begun(book.records(sheet), is_ragged=True, hidden=sheet.hidden)) for sheet in book.sheets]
    fitting = [(name, one) for name, one in opened if any(_known(record, tables) > 1 for _row, record in one.first)]
    if len(fitting) > 1:
        names = ", ".join(f"“{name[:40]}”" for name, _one in fitting)
        raise Unreadable(_("Several sheets of the workbook hold a table: %(names)s. Leave one.") % {"names": names})
    filled = [(name, one) for name, one in opened if one.first]
    return (fitting or filled or opened)[0][1]


def _column_at(content: bytes, place: int, tables: Sequence[Expected]) -> str:
    """The column's name in a file whose encoding cannot be told; its header may still be plain."""
    lines = content[:MOST_CHARACTERS].decode("ascii", "replace").replace("\ufffd", "?")
    try:
        first = _begun(records_of(lines.encode(), known=lambda record: _known(record, tables))).first
    except Unreadable:
        return ""
    if not first:
        return ""
    at, table = header_of(first, tables)
    record = first[at][1]
    name = label(record[place]) if place < len(record) else ""
    return table.column(name) if table else name


# Header and rows ----------------------------------------------------------------------------------------------


def _sheet(opened: _Opened, name: str, tables: Sequence[Expected], faults: Faults) -> Sheet:
    if not opened.first:
        raise Unreadable(_("The first row names no columns."), code="T431")
    place, table = header_of(opened.first, tables)
    top, labels = opened.first[place]
    expected = table or (tables[0] if tables else Expected(()))
    header = [expected.column(label(cell)) for cell in labels]
    while header and not header[-1]:
        header.pop()
    _check_header(header, top, faults)
    rows = _Rows(header, expected, faults, is_ragged=opened.is_ragged)
    rows.take(chain(opened.first[place + 1 :], opened.rest))
    _check_hidden(opened.hidden, header, [row for row, _cells in opened.first[:place]], top, faults)
    return Sheet(name, tuple(header), rows.settled(), top)


def _check_header(header: Sequence[str], top: int, faults: Faults) -> None:
    if not any(sign.isalnum() for name in header for sign in name):
        faults.stop("T431", top, "", _("The first row names no columns."))
    if len(header) > MOST_COLUMNS:
        sentence = _("The table has %(found)d columns; at most %(most)d are read.")
        faults.stop("T431", top, "", sentence % {"found": len(header), "most": MOST_COLUMNS})
    for place, column in enumerate(header):
        if not column:
            faults.add("T431", top, "", _("Column %(place)d has no name.") % {"place": place + 1})
        elif column in header[:place]:
            faults.add("T431", top, column, _("This column appears twice."))
    faults.refuse()


def _check_hidden(hidden: Hidden, header: Sequence[str], titles: Sequence[int], top: int, faults: Faults) -> None:
    """One fault for all hidden rows of the table, and one for its hidden columns."""
    if columns := hidden.columns & {*range(len(header))}:
        sentence = _("The sheet hides columns (%(columns)s). Show them or delete them, and upload the file again.")
        faults.add("T438", top, header[min(columns)], sentence % {"columns": columns_said(columns)})
    if rows := hidden.rows - {*titles}:
        sentence = _("The sheet hides rows (%(rows)s), by a filter, a closed group or by hand. Show them or delete "
                     "them, and upload the file again.")  # fmt: skip
        faults.add("T438", min(rows), "", sentence % {"rows": rows_said(rows)})


class _Rows:
    """Reads the rows below a header; days and numbers with two readings wait until the whole file has been seen."""

    def __init__(self, header: Sequence[str], expected: Expected, faults: Faults, *, is_ragged: bool) -> None:
        self.header, self.expected, self.faults, self.is_ragged = header, expected, faults, is_ragged
        self._found: list[tuple[int, dict[str, str]]] = []
        self._spoilt: set[int] = set()
        self._checked: dict[str, str] = {}
        self._dates = [column for column in header if column in expected.dates]
        self._numbers = [column for column in header if column in expected.numbers]

    def take(self, records: Iterator[Record]) -> None:
        for count, (number, cells) in enumerate(records, start=1):
            if count > MOST_ROWS or number > MOST_LINES:
                sentence = _("The file has more than %(most)d rows. Split it.")
                self.faults.stop("T436", number, "", sentence % {"most": MOST_ROWS})
            self._row(number, cells)

    def settled(self) -> list[tuple[int, dict[str, str]]]:
        """Every row without a fault."""
        self._settle_days()
        for column in self._numbers:
            self._settle_numbers(column)
        return [row for row in self._found if row[0] not in self._spoilt]

    def _fault(self, code: str, number: int, column: str, sentence: str) -> None:
        self._spoilt.add(number)
        self.faults.add(code, number, column, sentence)

    def _row(self, number: int, cells: Sequence[Cell]) -> None:
        missing = len(self.header) - len(cells)
        if (missing > 0 and not self.is_ragged) or not all(map(is_blank, cells[len(self.header) :])):
            sentence = _("The row has %(found)d cells, the header %(expected)d. A text with the separator in it stands "
                         "in double quotes.")  # fmt: skip
            self._fault("T432", number, "", sentence % {"found": len(cells), "expected": len(self.header)})
            return
        row = dict.fromkeys(self.header, "")
        for column, cell in zip(self.header, cells, strict=False):
            text = self._text(number, column, cell)
            if text is None:
                del row[column]
            elif text:
                row[column] = text
        self._found.append((number, row))

    def _text(self, number: int, column: str, cell: Cell) -> str | None:
        """A cell as text; None where it says nothing. Adds its faults."""
        if isinstance(cell, Broken):
            self._fault(cell.code, number, column, cell.sentence)
            return None
        if isinstance(cell, Number):
            return self._number(number, column, cell)
        if isinstance(cell, date):
            return cell.strftime("%m-%d") if column in self.expected.seasons else cell.isoformat()
        value = cell.strip()
        if not value:
            return ""
        value = self._checked.get(value) or self._check(number, column, value)
        if is_mark_of_nothing(value) if column.casefold() in NAMES else is_placeholder(value):
            if column in self.expected.required:
                sentence = _("“%(text)s” says nothing, and this cell must be filled in.")
                self._fault("T432", number, column, sentence % {"text": value})
            elif column in self.expected.keys:
                sentence = _("“%(text)s” may mean all or none. Leave the cell empty if the row holds for all.")
                self._fault("T432", number, column, sentence % {"text": value})
            return None
        return self._code(number, column, value) if column in self.expected.codes else value

    def _number(self, number: int, column: str, cell: Number) -> str:
        """A number of a workbook is certain; but a code that stands as a number may have lost its first zero."""
        if column not in self.expected.codes:
            return with_one_reading(cell.digits) if column in self.expected.numbers else cell.shown
        is_padded = len(cell.shown) > len(cell.digits)
        if not cell.shown.isdecimal() or not (is_padded or len(cell.shown) in _WHOLE_CODES):
            sentence = _(
                "The code %(text)s is stored as a number and may have lost its first zero. Make the column text."
            )
            self._fault("T432", number, column, sentence % {"text": cell.shown[:40]})
        return cell.shown

    def _check(self, number: int, column: str, raw: str) -> str:
        """The text of a cell without signs that nobody sees, if it is one."""
        value = UNSEEN.sub("", raw).strip()
        before = len(self.faults)
        if (bare := unmarked(value)) != value:
            value = bare
        elif self.expected.may_compute and _FORMULA.match(value) and not _NUMBER.fullmatch(value):
            sentence = _("The cell holds a formula (%(text)s). Write its value.")
            self._fault("T434", number, column, sentence % {"text": value[:40]})
        if len(value) > MOST_CHARACTERS:
            sentence = _("The cell has more than %(most)d characters.")
            self._fault("T436", number, column, sentence % {"most": MOST_CHARACTERS})
        elif _STRANGE.search(value):
            self._fault("T430", number, column, _("The cell holds characters that are not text: the file is damaged."))
        elif ERROR.fullmatch(value):
            self._fault("T432", number, column, _("The cell holds an error: %(text)s.") % {"text": value})
        elif is_garbled(value):
            sentence = _("The letters are broken (%(text)s): the file was saved in a wrong encoding. Export it again.")
            self._fault("T430", number, column, sentence % {"text": value[:40]})
        if len(self.faults) == before and len(raw) < 100 and len(self._checked) < MOST_ROWS:
            self._checked[raw] = value
        return value

    def _code(self, number: int, column: str, value: str) -> str:
        """A code as the portal and the HS print it, with spaces or dots between its groups, as plain digits."""
        if value.isdecimal():
            return value
        if _PRINTED_CODE.fullmatch(value):
            return re.sub(r"[^0-9]", "", value)
        if _SPACED_NUMBER.fullmatch(value) and len(bare := "".join(value.split())) in _WHOLE_CODES:
            return bare
        if _COMPUTED_CODE.fullmatch(value):
            sentence = _("A spreadsheet made a number of the code (%(text)s). Make the column text and write the code "
                         "again.")  # fmt: skip
            self._fault("T432", number, column, sentence % {"text": value[:40]})
        return value

    # What the whole file decides ------------------------------------------------------------------------------

    def _settle_days(self) -> None:
        if not self._dates:
            return
        order = order_of(row[column] for _number, row in self._found for column in self._dates if row.get(column))
        for number, row in self._found:
            for column in self._dates:
                if row.get(column):
                    row[column] = self._day(number, column, row[column], order)

    def _day(self, number: int, column: str, value: str, order: Order | None) -> str:
        """2026-11-23, 23.11.2026, 23/11/2026; 11/12/2026 is two days, unless others of the file show the order."""
        try:
            return read_day(value, order=order).isoformat()
        except DayUnclear:
            sentence = _("“%(text)s” may be read as two different days. Write 2026-11-23 or 23.11.2026.")
        except NotADay:
            sentence = _("“%(text)s” is not a day. Write 2026-11-23 or 23.11.2026.")
        self._fault("T435", number, column, sentence % {"text": value[:40]})
        return value

    def _settle_numbers(self, column: str) -> None:
        """1,125 and 1.125: other numbers of the column show what a comma and a point are in it."""
        unclear = [row for _number, row in self._found if is_ambiguous(row.get(column, ""))]
        if not unclear:
            return
        signs = signs_of(row.get(column, "") for _number, row in self._found)
        for row in unclear:
            row[column] = settled(row[column], signs) or row[column]
