"""The records of a CSV file: any separator of comma, semicolon, tab and bar, any encoding that is told for certain."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice

from django.utils.translation import gettext as _

from lib.sheets.cell import Record, Unreadable
from lib.sheets.encodings import encoding_of
from lib.sheets.limits import MOST_CHARACTERS, MOST_LINES

SEPARATORS = (",", ";", "\t", "|")
FIRST_RECORDS = 20
_LONGEST_SPACE = 1_000
_NAMED = re.compile(r"(?:\ufeff)?sep=(.)\r?\n", re.IGNORECASE)
_KINDS = (
    (re.compile(rb"%PDF"), "PDF"),
    (re.compile(rb"\{\\rtf"), "RTF"),
    (re.compile(rb"\x1f\x8b|Rar!|7z\xbc\xaf"), "ZIP, RAR, 7Z"),
    (re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|II\*\x00|MM\x00\*"), "PNG, JPEG"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<", re.IGNORECASE), "HTML, XML"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*[{\[]\s*[\"{\[]"), "JSON"),
)
csv.field_size_limit(MOST_CHARACTERS)


def records_of(content: bytes, *, known: Callable[[list[str]], int]) -> Iterator[Record]:
    """The records, numbered from one. `known` counts the column names in a record; it decides between separators.

    Raises Unreadable at once where the file is no text, and while reading where a record cannot be told from the next.
    """
    for kind, name in _KINDS:
        if kind.match(content):
            raise _other_kind(name)
    encoding = encoding_of(content)
    if encoding is None:
        raise _undecided(content, known)
    text = content.decode(encoding).removeprefix("\ufeff")
    if text[:_LONGEST_SPACE].lstrip().startswith("<"):
        raise _other_kind("HTML, XML")
    if named := _NAMED.match(text):
        return _records(text, named[1], skip=1)
    return _records(text, _separator(text, known))


def _other_kind(name: str) -> Unreadable:
    sentence = _("This is no table but a file of another kind (%(kind)s). Save it as XLSX or as CSV.")
    return Unreadable(sentence % {"kind": name})


def _separator(text: str, known: Callable[[list[str]], int]) -> str:
    """The one in which the first records name most columns or, where none does, have most cells."""

    def worth(sign: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(text[: FIRST_RECORDS * MOST_CHARACTERS], newline=""), delimiter=sign)
        filled: list[list[str]] = []
        with suppress(csv.Error):
            for record in islice(reader, FIRST_RECORDS):
                if any(cell.strip() for cell in record):
                    filled.append(record)
        return max(map(known, filled), default=0), len(filled[0]) if filled else 0

    return max(SEPARATORS, key=worth)


def _records(text: str, separator: str, *, skip: int = 0) -> Iterator[Record]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if number > MOST_LINES:
                sentence = _("The file has more than %(most)d rows. Split it.")
                raise Unreadable(sentence % {"most": MOST_LINES}, code="T436", row=number)
            if number > skip:
                yield number, cells
    except csv.Error as error:
        raise Unreadable(_why(str(error), separator), code="T432", row=number + 1) from error


def _why(reason: str, separator: str) -> str:
    """The parser's English as a sentence."""
    if "end of data" in reason:
        return _("A quotation mark opens in this row and does not close. Close it, or write it twice inside a cell.")
    if "expected after" in reason:
        sentence = _("After a closing quotation mark comes “%(sign)s” or the end of the row. Write a quotation mark "
                     "inside a cell twice.")  # fmt: skip
        return sentence % {"sign": separator if separator != "\t" else "TAB"}
    if "limit" in reason:
        return _("A cell of this row has more than %(most)d characters.") % {"most": MOST_CHARACTERS}
    return _("This row cannot be read. Save the file as CSV in UTF-8 again.")


class Undecided(Unreadable):
    """The encoding cannot be told; `place` is where in its row the first strange byte stands, from zero."""

    place: int = 0


def _undecided(content: bytes, known: Callable[[list[str]], int]) -> Undecided:
    """Row and cell of the first byte that is not UTF-8. Single bytes stand for letters here: only signs count."""
    try:
        content.decode("utf-8")
        offset = 0
    except UnicodeDecodeError as error:
        offset = error.start
    before = content[:offset].decode("latin-1")
    separator = _separator(content.decode("latin-1"), known)
    reader = csv.reader(io.StringIO(before, newline=""), delimiter=separator)
    row, place = 0, 0
    try:
        for cells in reader:
            row, place = row + 1, max(0, len(cells) - 1)
    except csv.Error:
        row += 1
    row = max(1, row)
    if before.endswith(("\n", "\r")):
        row, place = row + 1, 0
    sentence = _("The file is not in UTF-8 and its encoding cannot be told: it may be Windows-1251. Save it as CSV in "
                 "UTF-8, or as XLSX.")  # fmt: skip
    untold = Undecided(sentence, row=row)
    untold.place = place
    return untold
