"""Writes tables that a spreadsheet may open: a text that it would compute is marked as text, everywhere alike.

A spreadsheet computes a cell that begins with an equals sign, a plus, a minus or an at sign, whoever wrote the text. An
apostrophe before it says that it is text. `unmarked` takes the mark away when such a file is read.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

import openpyxl
from openpyxl.utils import get_column_letter

_COMPUTED = re.compile(
    r"[\s\u200b\ufeff]*(?:[=@\uff1d\uff20]|[+\uff0b]|[-\u2212\uff0d][\s\-\u2212]*(?=[A-Za-z0-9(\[{\"'$=@+.|]))|[\t\r\n]"
)
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?%?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
PORTION = 16_000
_WIDTH_OF_TEXTS = 22


def harmless(value: object) -> str:
    """The text of a cell so that a spreadsheet shows it and computes nothing."""
    text = "" if value is None else str(value)
    return f"'{text}" if _COMPUTED.match(text) and not _NUMBER.fullmatch(text) else text


def without_control(text: str) -> str:
    """A text without the signs that XML, and so a workbook, cannot hold."""
    return _CONTROL.sub("\ufffd", text)


def unmarked(text: str) -> str:
    """A text that `harmless` marked, as it was."""
    return text[1:] if text.startswith("'") and harmless(text[1:]) == text else text


def written(rows: Iterable[Sequence[object]], *, line_end: str = "\r\n") -> Iterator[str]:
    """Rows as CSV with commas, in portions; the header is the first of them."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator=line_end)
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
        if buffer.tell() > PORTION:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def workbook(rows: Iterable[Sequence[object]], *, texts: int = 0) -> bytes:
    """Rows as XLSX with one sheet, the first row its heading. Cells are texts, so that no code or amount is changed.

    In the first `texts` columns what a person types later is text too: a code keeps its first zero.
    """
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for place in range(1, texts + 1):
        column = sheet.column_dimensions[get_column_letter(place)]
        column.number_format, column.width = "@", _WIDTH_OF_TEXTS
    for row in rows:
        sheet.append([harmless(without_control("" if cell is None else str(cell))) for cell in row])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
