"""The sheets of a file as they stand, as texts, for a table whose header and columns a person may still choose.

A cell with a formula says what the spreadsheet computed last. A number of a workbook is certain, and is written so that
it has one reading.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from lib.numbers import with_one_reading
from lib.sheets.cell import Broken, Cell, Number, Record, Unreadable, is_blank
from lib.sheets.limits import MOST_BYTES, MOST_COLUMNS
from lib.sheets.plain import records_of
from lib.sheets.reading import UNSEEN
from lib.sheets.workbook import workbook_in
from lib.sheets.writing import unmarked, without_control


@dataclass(slots=True)
class Table:
    """The rows of a sheet that are not empty, each with its number. `broken`: (row, column from zero) -> a sentence."""

    name: str
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    broken: dict[tuple[int, int], str] = field(default_factory=dict)
    is_cut: bool = False
    characters: int = 0


def read_tables(
    content: bytes, *, known: Callable[[Sequence[str]], int], most_rows: int, most_characters: int, seconds: float
) -> list[Table]:
    """Every sheet that can be seen and holds something; a text file is one sheet. Raises Unreadable.

    `known` counts the names of columns in a row, which decides between separators. Reading a sheet ends after
    `most_rows`; more than `most_characters` in all, or so many seconds of work, are refused.
    """
    if len(content) > MOST_BYTES:
        sentence = _("The file has %(found)d MB; at most %(most)d are read.")
        raise Unreadable(sentence % {"found": len(content) // 10**6, "most": MOST_BYTES // 10**6}, code="T436")
    left = most_characters
    book = workbook_in(content, with_results=True, seconds=seconds)
    named: list[tuple[str, Iterable[Record]]] = (
        [("", records_of(content, known=known))]
        if book is None
        else [(sheet.name, book.records(sheet)) for sheet in book.sheets]
    )
    tables = []
    for name, records in named:
        table = _table(name, records, most_rows, left)
        left -= table.characters
        tables.append(table)
    return [table for table in tables if table.rows]


def _table(name: str, records: Iterable[Record], most_rows: int, most_characters: int) -> Table:
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
        row = [_text(cell) for cell in cells]
        table.characters += sum(map(len, row))
        if table.characters > most_characters:
            sentence = _("The file holds too much text. Leave the sheet with the table, and what belongs to it.")
            raise Unreadable(sentence, code="T436", row=number)
        table.rows.append((number, row))
    return table


def _text(cell: Cell) -> str:
    if isinstance(cell, Number):
        is_padded = cell.shown.isdecimal() and len(cell.shown) > len(cell.digits)
        return cell.shown if is_padded else with_one_reading(cell.digits)
    if isinstance(cell, date):
        return cell.isoformat()
    return without_control(unmarked(UNSEEN.sub("", cell).strip())) if isinstance(cell, str) else ""
