"""The records of an XLSX workbook: of each sheet, row by row, without holding the sheet.

Reads what ECMA-376 calls SpreadsheetML: shared and inline texts, numbers with their formats, days, yes or no, errors.
A formula is never computed; what the spreadsheet computed last is read only where the reader asks for it. What a cell
cannot say is `Broken`, with its sentence. What is hidden is read like the rest, and said: whoever reads decides.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from lib.dates import NotADay, read_day
from lib.sheets.cell import Broken, Cell, Record, Unreadable, is_blank
from lib.sheets.formats import BUILT_IN, cell_of
from lib.sheets.hidden import TRUE, Hidden, is_hidden
from lib.sheets.limits import (
    MOST_BYTES_UNPACKED,
    MOST_CELLS,
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_LINES,
    MOST_MERGED,
    MOST_SECONDS,
    MOST_SHEETS,
    MOST_TEXTS,
)
from lib.sheets.package import Attributes, Package, Parser, attribute, damaged

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?[0-9]*")
_MERGED = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})")
_WIDTH = MOST_COLUMNS + 2  # one more than is allowed, so that it is seen


@dataclass(slots=True)
class BookSheet:
    """`hidden` is what it does not show, `merged` its cells of several rows (first row, last row, column from zero).

    Both as far as it was read.
    """

    name: str
    part: str
    hidden: Hidden = field(default_factory=Hidden)
    merged: list[tuple[int, int, int]] = field(default_factory=list)


@dataclass
class Workbook:
    """The sheets of a file that may hold a table, those that nobody sees apart, and what their cells refer to."""

    package: Package
    sheets: list[BookSheet] = field(default_factory=list)
    hidden_sheets: list[BookSheet] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    formats: list[str | None] = field(default_factory=list)
    since_1904: bool = False
    with_results: bool = False

    def records(self, sheet: BookSheet, *, most_empty: int | None = None) -> Iterator[Record]:
        """The rows of a sheet that hold something, with their numbers. Raises Unreadable while reading.

        `most_empty` rows that are written and hold nothing end the sheet, as it is formatted to its last row.
        """
        return _rows(self, sheet, most_empty)


def workbook_in(content: bytes, *, with_results: bool = False, seconds: float = MOST_SECONDS) -> Workbook | None:
    """The workbook that a file is, None if it may be a text. Raises Unreadable for a workbook that cannot be read."""
    if not content.strip():
        raise Unreadable(_("The file is empty."), code="T431")
    if content[:2] == b"PK":
        return open_workbook(content, with_results=with_results, seconds=seconds)
    if content[:4] == b"\xd0\xcf\x11\xe0":
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Unreadable(_("The workbook is protected by a password. Save it without one."))
        raise Unreadable(_("This is an old Excel file. Save it as XLSX or as CSV."))
    return None


def open_workbook(content: bytes, *, with_results: bool = False, seconds: float = MOST_SECONDS) -> Workbook:
    """What a workbook holds, without its rows. `with_results`: a formula is its last result. Raises Unreadable."""
    package = Package(content, seconds=seconds)
    main = _main_part(package)
    book = Workbook(package, with_results=with_results)
    named = _read_sheets(book, main)
    related = _relationships(package, main)
    for name, key, is_seen in named:
        kind, part = related.get(key, ("", ""))
        if kind in ("chartsheet", "dialogsheet", "macrosheet", "xlMacrosheet"):
            continue
        if part and part in package:
            (book.sheets if is_seen else book.hidden_sheets).append(BookSheet(name, part))
        elif is_seen:
            raise damaged(_("the sheet “%(name)s”") % {"name": name[:60]})
    if not book.sheets:
        raise Unreadable(_("The workbook has no sheet with cells that can be seen."))
    for kind, part in related.values():
        if kind == "sharedStrings":
            _read_texts(book, part)
        elif kind == "styles":
            _read_formats(book, part)
    return book


def _main_part(package: Package) -> str:
    if "_rels/.rels" in package:
        for kind, part in _relationships(package, "").values():
            is_workbook = part.casefold().startswith("xl/") and part.casefold().endswith(".xml")
            if kind == "officeDocument" and is_workbook and part in package:
                return part
    if "xl/workbook.xml" in package:
        return "xl/workbook.xml"
    if kind := package.kind():
        sentence = _("This is no table but a file of another kind (%(kind)s). Save it as XLSX or as CSV.")
        raise Unreadable(sentence % {"kind": kind})
    raise Unreadable(_("This is a ZIP archive but no XLSX workbook. Unpack it and upload the table itself."))


def _relationships(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Key -> kind and part, of what a part refers to inside the archive."""
    folder, name = posixpath.split(part)
    place = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, tuple[str, str]] = {}

    def start(element: str, attributes: Attributes) -> None:
        if element == "Relationship" and attributes.get("TargetMode", "") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            found[attributes.get("Id", "")] = attributes.get("Type", "").rpartition("/")[2], posixpath.normpath(path)

    _parse(package, place, Parser(place, start=start))
    return found


def _parse(package: Package, part: str, parser: Parser) -> None:
    for piece in package.pieces(part):
        parser.feed(piece)
    parser.close()


def _read_sheets(book: Workbook, part: str) -> list[tuple[str, str, bool]]:
    """Names and relationship keys of the sheets, and whether they can be seen; of those that cannot only some."""
    found: list[tuple[str, str, bool]] = []

    def start(element: str, attributes: Attributes) -> None:
        if element == "workbookPr":
            book.since_1904 = attributes.get("date1904", "") in TRUE
        elif element == "sheet":
            is_seen = attributes.get("state", "visible") == "visible"
            found.append((attributes.get("name", ""), attribute(attributes, "id"), is_seen))

    _parse(book.package, part, Parser(part, start=start))
    seen = [sheet for sheet in found if sheet[2]]
    if len(seen) > MOST_SHEETS:
        sentence = _("The workbook has %(found)d sheets; at most %(most)d are looked at. Leave the one with the table.")
        raise Unreadable(sentence % {"found": len(seen), "most": MOST_SHEETS}, code="T436")
    return [*seen, *[sheet for sheet in found if not sheet[2]][: MOST_SHEETS - len(seen)]]


class _Text:
    """The text of one `si` or `is`: its runs joined, without the reading aids of East Asian text (`rPh`)."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.is_open = False
        self.aside = 0

    def start(self, element: str) -> None:
        self.aside += element == "rPh"
        self.is_open = element == "t" and not self.aside

    def end(self, element: str) -> None:
        self.aside -= element == "rPh"
        self.is_open = False

    def add(self, text: str) -> None:
        """One character more than is allowed is kept, so that it is seen; the rest is not."""
        if self.is_open and self.length <= MOST_CHARACTERS:
            self.parts.append(text[: MOST_CHARACTERS + 1 - self.length])
            self.length += len(text)

    def take(self) -> str:
        text = "".join(self.parts)
        self.parts, self.length = [], 0
        return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _read_texts(book: Workbook, part: str) -> None:
    text = _Text()

    def start(element: str, _attributes: Attributes) -> None:
        text.start(element)

    def end(element: str) -> None:
        text.end(element)
        if element == "si":
            book.texts.append(text.take())
            if len(book.texts) > MOST_TEXTS:
                raise Unreadable(_("The workbook has more than %(most)d texts.") % {"most": MOST_TEXTS}, code="T436")

    _parse(book.package, part, Parser(part, start=start, end=end, text=text.add))


def _read_formats(book: Workbook, part: str) -> None:
    own: dict[str, str] = {}
    inside: list[str] = []

    def start(element: str, attributes: Attributes) -> None:
        if element == "numFmt":
            own[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif element in ("cellXfs", "cellStyleXfs", "dxfs"):
            inside.append(element)
        elif element == "xf" and inside == ["cellXfs"] and len(book.formats) < MOST_TEXTS:
            key = attributes.get("numFmtId", "0")
            book.formats.append(own.get(key, BUILT_IN.get(int(key)) if key.isdecimal() and len(key) < 6 else None))

    def end(element: str) -> None:
        if inside and element == inside[-1]:
            inside.pop()

    _parse(book.package, part, Parser(part, start=start, end=end))


# Rows ---------------------------------------------------------------------------------------------------------


def _rows(book: Workbook, sheet: BookSheet, most_empty: int | None) -> Iterator[Record]:
    rows = _Rows(book, sheet)
    parser = Parser(_("the sheet “%(name)s”") % {"name": sheet.name[:60]}, start=rows.start, end=rows.end,
                    text=rows.text)  # fmt: skip
    for piece in book.package.pieces(sheet.part, most=MOST_BYTES_UNPACKED):
        parser.feed(piece)
        yield from rows.finished
        rows.finished.clear()
        if most_empty is not None and rows.empty > most_empty:
            return
    parser.close()
    yield from rows.finished


class _Rows:
    """Collects the rows of a sheet as its elements come."""

    def __init__(self, book: Workbook, sheet: BookSheet) -> None:
        self.book, self.hidden, self.merged = book, sheet.hidden, sheet.merged
        self.finished: list[Record] = []
        self.number = 0
        self.seen = self.lines = self.empty = 0
        self._is_hidden = False
        self._cells: list[Cell] = []
        self._column = -1
        self._kind = self._style = ""
        self._has_formula = False
        self._is_value = False
        self._value = ""
        self._inline = _Text()

    def start(self, element: str, attributes: Attributes) -> None:
        if element == "c":
            self._begin_cell(attributes)
        elif element == "v":
            self._is_value = True
        elif element == "f":
            self._has_formula = True
        elif element == "row":
            self._begin_row(attributes)
        elif element == "col":
            self.hidden.see_column(attributes)
        elif element == "mergeCell":
            self._see_merged(attributes.get("ref", ""))
        else:
            self._inline.start(element)

    def _begin_row(self, attributes: Attributes) -> None:
        said = attributes.get("r", "")
        number = int(said) if said.isdecimal() and len(said) < 9 else self.number + 1
        self.lines += 1
        if number <= self.number or (said and not said.isdecimal()):
            raise damaged(_("row %(row)s") % {"row": said[:20]})
        if number > MOST_LINES or self.lines > MOST_LINES:
            raise Unreadable(_("The sheet has more than %(most)d rows.") % {"most": MOST_LINES}, code="T436")
        self.number, self._cells, self._column = number, [], -1
        self._is_hidden = is_hidden(attributes, "ht")

    def _see_merged(self, place: str) -> None:
        """Cells that are one: C3:C5. Those of one row need no words, since the first of them holds the text."""
        found = _MERGED.fullmatch(place)
        if found is not None and len(self.merged) < MOST_MERGED and int(found[2]) < int(found[3]):
            self.merged.append((int(found[2]), int(found[3]), _column_of(found[1])))

    def _begin_cell(self, attributes: Attributes) -> None:
        self.seen += 1
        if self.seen > MOST_CELLS:
            sentence = _(
                "The sheet has more than %(most)d cells. Split it, and leave out what is no part of the table."
            )
            raise Unreadable(sentence % {"most": MOST_CELLS}, code="T436", row=self.number)
        place = attributes.get("r", "")
        column = _column_of(place) if place else self._column + 1
        if column <= self._column:
            raise damaged(_("cell %(cell)s") % {"cell": place[:20]})
        self._column = column
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "0")
        self._has_formula, self._value = False, ""

    def text(self, text: str) -> None:
        if self._is_value:
            self._value += text[: MOST_CHARACTERS + 1 - len(self._value)]
        else:
            self._inline.add(text)

    def end(self, element: str) -> None:
        if element == "c":
            self._end_cell()
        elif element == "v":
            self._is_value = False
        elif element == "row":
            self._end_row()
        else:
            self._inline.end(element)

    def _end_row(self) -> None:
        if all(map(is_blank, self._cells)):
            self.empty += 1
            return
        self.finished.append((self.number, self._cells))
        self.empty = 0
        if self._is_hidden:
            self.hidden.rows.add(self.number)

    def _end_cell(self) -> None:
        cell = self._cell()
        if cell == "":
            return
        column = min(self._column, _WIDTH)
        self._cells.extend([""] * (column - len(self._cells)))
        self._cells.append(cell)

    def _cell(self) -> Cell:
        inline = self._inline.take()
        if self._has_formula and not (self.book.with_results and self._value):
            return Broken("T434", _("The cell holds a formula (%(text)s). Write its value.") % {"text": "="})
        if self._kind == "inlineStr":
            return inline
        value = self._value
        if self._kind == "s":
            return self._shared(value)
        if self._kind in ("str", "e"):
            return value
        if self._kind == "b":
            return _flag(value)
        if self._kind == "d":
            return _iso(value)
        if not value.strip():
            return ""
        return cell_of(value, self._format(), since_1904=self.book.since_1904)

    def _shared(self, value: str) -> Cell:
        place = int(value) if value.strip().isdecimal() and len(value) < 9 else -1
        if 0 <= place < len(self.book.texts):
            return self.book.texts[place]
        return Broken("T430", _("The file is damaged: it does not hold the text of this cell."))

    def _format(self) -> str | None:
        if self._style == "0" and not self.book.formats:
            return "General"
        place = int(self._style) if self._style.isdecimal() and len(self._style) < 9 else -1
        return self.book.formats[place] if 0 <= place < len(self.book.formats) else None


def _column_of(place: str) -> int:
    """AB12 -> 27."""
    match = _PLACE.fullmatch(place)
    if match is None:
        raise damaged(_("cell %(cell)s") % {"cell": place[:20]})
    number = 0
    for letter in match[1].upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _flag(value: str) -> Cell:
    if value in ("0", "false"):
        return "no"
    if value in TRUE:
        return "yes"
    return Broken("T430", _("The file is damaged: the cell is neither yes nor no."))


def _iso(value: str) -> Cell:
    try:
        return read_day(value)
    except (NotADay, ValueError):
        return Broken("T435", _("“%(text)s” is not a day. Write 2026-11-23 or 23.11.2026.") % {"text": value[:40]})
