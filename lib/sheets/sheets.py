"""The sheets of a file as they stand, as texts, for a table whose header and columns a person may still choose.

A cell with a formula says what the spreadsheet computed last. A number of a workbook is certain, and is written so that
it has one reading. What a workbook hides is there too, and marked.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from lib.numbers import with_one_reading
from lib.sheets.cell import Broken, Cell, Number, Record, Unreadable, is_blank
from lib.sheets.encodings import is_garbled
from lib.sheets.hidden import Hidden
from lib.sheets.limits import MOST_BYTES, MOST_COLUMNS, MOST_EMPTY
from lib.sheets.plain import records_of
from lib.sheets.reading import ERROR, UNSEEN
from lib.sheets.workbook import BookSheet, Workbook, workbook_in
from lib.sheets.writing import unmarked, without_control

_LONGEST_JUDGED = 1_000


@dataclass(slots=True)
class Table:
    """The rows of a sheet that are not empty, each with its number. `broken`: (row, column from zero) -> a sentence.

    `hidden_rows` are numbers of such rows, `hidden_columns` places from zero of columns that hold something. Nobody
    sees the sheet at all if it `is_hidden`. `merged`: cells of several rows (first row, last row, column from zero).
    """

    name: str
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    broken: dict[tuple[int, int], str] = field(default_factory=dict)
    is_cut: bool = False
    characters: int = 0
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    is_hidden: bool = False
    merged: list[tuple[int, int, int]] = field(default_factory=list)


def read_tables(
    content: bytes, *, known: Callable[[Sequence[str]], int], most_rows: int, most_characters: int, seconds: float
) -> list[Table]:
    """Every sheet that holds something, those that nobody sees last; a text file is one sheet. Raises Unreadable.

    `known` counts the names of columns in a row, which decides between separators. Reading a sheet ends after
    `most_rows`, and where it is only formatted further down; more than `most_characters` in all, or so many seconds of
    work, are refused. A sheet that nobody sees is left out where it cannot be read within these bounds.
    """
    if len(content) > MOST_BYTES:
        sentence = _("The file has %(found)d MB; at most %(most)d are read.")
        raise Unreadable(sentence % {"found": len(content) // 10**6, "most": MOST_BYTES // 10**6}, code="T436")
    book = workbook_in(content, with_results=True, seconds=seconds)
    if book is None:
        records = records_of(content, known=lambda record: known(record[:MOST_COLUMNS]))
        tables = [_table("", _whole_letters(records), Hidden(), most_rows, most_characters)]
        return [table for table in tables if table.rows]
    tables, left = [], most_characters
    for sheet in book.sheets:
        tables.append(_of_book(book, sheet, most_rows, left))
        left -= tables[-1].characters
    for sheet in book.hidden_sheets:
        with suppress(Unreadable):
            table = _of_book(book, sheet, most_rows, left)
            table.is_hidden = True
            tables.append(table)
            left -= table.characters
    return [table for table in tables if table.rows]


def _whole_letters(records: Iterable[Record]) -> Iterator[Record]:
    """Records of a text, which has one encoding: broken letters in one cell are broken in all."""
    for number, cells in records:
        for cell in cells[:MOST_COLUMNS]:
            if isinstance(cell, str) and is_garbled(cell[:_LONGEST_JUDGED]):
                sentence = _(
                    "The letters are broken (%(text)s): the file was saved in a wrong encoding. Export it again."
                )
                raise Unreadable(sentence % {"text": cell[:40]}, row=number)
        yield number, cells


def _of_book(book: Workbook, sheet: BookSheet, most_rows: int, most_characters: int) -> Table:
    records = book.records(sheet, most_empty=MOST_EMPTY)
    table = _table(sheet.name, records, sheet.hidden, most_rows, most_characters)
    table.merged = list(sheet.merged)
    return table


def _table(name: str, records: Iterable[Record], hidden: Hidden, most_rows: int, most_characters: int) -> Table:
    table = Table(without_control(name))
    for number, cells in records:
        cells = cells[:MOST_COLUMNS]
        if all(map(is_blank, cells)):
            continue
        if len(table.rows) == most_rows:
            table.is_cut = True
            break
        for place, cell in enumerate(cells):
            if isinstance(cell, Broken):
                table.broken[number, place] = cell.sentence
            elif isinstance(cell, str) and ERROR.fullmatch(cell.strip()):
                table.broken[number, place] = _("The cell holds an error: %(text)s.") % {"text": cell.strip()}
        row = [_text(cell) for cell in cells]
        table.characters += sum(map(len, row))
        if table.characters > most_characters:
            sentence = _("The file holds too much text. Leave the sheet with the table, and what belongs to it.")
            raise Unreadable(sentence, code="T436", row=number)
        table.rows.append((number, row))
    table.hidden_rows = [number for number, _row in table.rows if number in hidden.rows]
    filled = {place for _number, row in table.rows for place, cell in enumerate(row) if cell}
    table.hidden_columns = sorted(hidden.columns & filled)
    return table


def _text(cell: Cell) -> str:
    if isinstance(cell, Number):
        is_padded = cell.shown.isdecimal() and len(cell.shown) > len(cell.digits)
        return cell.shown if is_padded else with_one_reading(cell.digits)
    if isinstance(cell, date):
        return cell.isoformat()
    return without_control(unmarked(UNSEEN.sub("", cell).strip())) if isinstance(cell, str) else ""
