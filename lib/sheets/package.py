"""The parts of an XLSX file (ECMA-376): a ZIP archive of XML, of which nothing is believed and nothing read unbounded.

A part is read in pieces. What is larger than allowed, declares entities or is damaged raises Unreadable.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from xml.parsers import expat

from django.utils.translation import gettext as _

from lib.sheets.cell import Unreadable
from lib.sheets.limits import (
    MOST_BYTES_OF_A_PART,
    MOST_BYTES_UNPACKED,
    MOST_BYTES_WITHOUT_AN_ELEMENT,
    MOST_DEPTH,
    MOST_PARTS,
    MOST_SECONDS,
    Deadline,
)

_PIECE = 65_536
_BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, KeyError,
    OverflowError, IndexError, TypeError,
)  # fmt: skip
_OTHER_KINDS = (
    ("word/", "DOCX"),
    ("ppt/", "PPTX"),
    ("xl/workbook.bin", "XLSB"),
    ("content.xml", "ODS, ODT"),
    ("META-INF/", "JAR, ODS, EPUB"),
    ("Index/", "Numbers"),
)

Attributes = Mapping[str, str]


def damaged(what: str = "") -> Unreadable:
    """The file was an XLSX workbook once."""
    if what:
        sentence = _("The workbook is damaged: %(part)s cannot be read. Open it in a spreadsheet and save it again.")
        return Unreadable(sentence % {"part": what})
    return Unreadable(_("The workbook is damaged. Open it in a spreadsheet and save it again."))


class Package:
    """An archive that claims to be a workbook."""

    def __init__(self, content: bytes, *, seconds: float = MOST_SECONDS) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
            entries = self._archive.infolist()
        except _BROKEN_ZIP as error:
            raise damaged() from error
        if len(entries) > MOST_PARTS:
            raise Unreadable(_("The file has too many parts for a workbook (%(found)d).") % {"found": len(entries)},
                             code="T436")  # fmt: skip
        self._names = {_tidy(entry.filename): entry for entry in entries if not entry.is_dir()}
        self._left = MOST_BYTES_UNPACKED
        self.deadline = Deadline(seconds)

    def __contains__(self, part: str) -> bool:
        return _tidy(part) in self._names

    def kind(self) -> str:
        """Which other kind of file this is; empty where none is recognised."""
        names = {entry.filename for entry in self._names.values()}
        return next((kind for start, kind in _OTHER_KINDS if any(name.startswith(start) for name in names)), "")

    def pieces(self, part: str, *, most: int = MOST_BYTES_OF_A_PART) -> Iterator[bytes]:
        """A part, unpacked piece by piece. What the archive says about its size is not believed."""
        entry = self._names.get(_tidy(part))
        if entry is None:
            raise damaged(part)
        if entry.flag_bits & 1:
            raise Unreadable(_("The workbook is protected by a password. Save it without one."))
        read = 0
        try:
            with self._archive.open(entry) as stream:
                while piece := stream.read(_PIECE):
                    read += len(piece)
                    self._left -= len(piece)
                    if read > most or self._left < 0:
                        raise too_large()
                    if self.deadline.passed:
                        raise too_slow()
                    yield piece
        except _BROKEN_ZIP as error:
            raise damaged(part) from error


def _tidy(part: str) -> str:
    return posixpath.normpath(part.replace("\\", "/").lstrip("/")).casefold()


def too_large() -> Unreadable:
    sentence = _(
        "The workbook unpacks to more than %(most)d MB. Save only the table, without pictures and other sheets."
    )
    return Unreadable(sentence % {"most": MOST_BYTES_UNPACKED // 10**6}, code="T436")


def too_slow() -> Unreadable:
    return Unreadable(_("The file takes too long to read. Split it, and leave out what is no part of the table."),
                      code="T436")  # fmt: skip


class Parser:
    """Reads XML as a stream of elements, without entities. Names come without their namespace."""

    def __init__(
        self,
        part: str,
        *,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None] = lambda name: None,
        text: Callable[[str], None] = lambda text: None,
    ) -> None:
        self._part = part
        self._expat = expat.ParserCreate()
        self._expat.buffer_text = True
        self._expat.StartDoctypeDeclHandler = self._refuse_declarations
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = text
        self._take_start, self._take_end = start, end
        self._fed = self._depth = 0

    def _start(self, name: str, attributes: Attributes) -> None:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise damaged(self._part)
        self._take_start(name if ":" not in name else name.rpartition(":")[2], attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._take_end(name if ":" not in name else name.rpartition(":")[2])

    def feed(self, piece: bytes) -> None:
        self._parse(piece, last=False)
        self._fed += len(piece)
        if self._fed - max(0, self._expat.CurrentByteIndex) > MOST_BYTES_WITHOUT_AN_ELEMENT + _PIECE:
            raise damaged(self._part)

    def close(self) -> None:
        self._parse(b"", last=True)

    def _parse(self, piece: bytes, *, last: bool) -> None:
        try:
            self._expat.Parse(piece, last)
        except (expat.ExpatError, LookupError, UnicodeError, ValueError) as error:
            raise damaged(self._part) from error

    def _refuse_declarations(self, *_about: object) -> None:
        raise Unreadable(_("The workbook declares entities in %(part)s, as no spreadsheet does. It is not read.")
                         % {"part": self._part})  # fmt: skip


def attribute(attributes: Attributes, name: str) -> str:
    """An attribute whatever the prefix of its namespace: `r:id`, `d3p1:id`."""
    if name in attributes:
        return attributes[name]
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")
