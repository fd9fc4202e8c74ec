"""Reads a file of exchange rates: the XML that central banks of the CIS publish (`ValCurs`), or a table, CSV or XLSX.

XML: `<ValCurs Date="2026-11-26" name="…">` with `<Valute>` elements that hold `CharCode`, `Nominal` and `Value`; a
date may be 26.11.2026 and a number may have a decimal comma. Table: `currency,nominal,rate,valid_from` with one date.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from lib.dates import DayUnclear, NotADay, read_day
from lib.numbers import NotANumber, read_number, with_one_reading
from lib.sheets import Expected, Faults, Sheet, read_sheet
from lib.spelling import searched
from lib.violations import refuse

LIMIT_BYTES = 1024 * 1024
LIMIT_ROWS = 500
LARGEST = Decimal(10) ** 9
COLUMNS = ("currency", "nominal", "rate", "valid_from")
_TABLE = Expected(COLUMNS, numbers=frozenset({"nominal", "rate"}))
_XML_NAMES = {"currency": "CharCode", "nominal": "Nominal", "rate": "Value"}
_BEFORE_XML = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|<!--.*?-->)*(?=<\?xml)", re.DOTALL)
_ONE_COMMA = re.compile(r"[^.,]*,[^.,]*")

Line = tuple[int, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class RateRow:
    """National currency for `nominal` units of `currency`."""

    currency: str
    nominal: int
    rate: Decimal


@dataclass(frozen=True, slots=True)
class RatesRead:
    """What a file says: the day its rates begin, who publishes them (empty where it does not say), and the rates."""

    valid_from: date
    source: str
    rows: tuple[RateRow, ...]


def read_rates(content: bytes, *, name: str = "") -> RatesRead:
    """Read a file. Raises Rejected with every fault as `file:row:column`.

    T308 unreadable, T306 a currency twice, T307 no number.
    """
    if len(content) > LIMIT_BYTES:
        raise refuse("T308", f"{name}:1:", _("The file is larger than a list of exchange rates can be (1 MB)."))
    faults = Faults(name)
    return _from_xml(content, faults) if _is_xml(content) else _from_table(content, faults)


def _is_xml(content: bytes) -> bool:
    return content[:64].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").startswith(b"<")


# XML ----------------------------------------------------------------------------------------------------------


def _from_xml(content: bytes, faults: Faults) -> RatesRead:
    root = _root(content, faults)
    if _name(root) != "ValCurs":
        faults.stop("T308", 1, "", _("The file has no list of rates (ValCurs)."))
    lines = [_texts(node) for node in root if _name(node) == "Valute"]
    on = _day(root.get("Date", ""), faults)
    return RatesRead(on, root.get("name", "")[:120], _rows(enumerate(lines, 1), faults))


def _root(content: bytes, faults: Faults) -> Element:
    try:
        found: Element = fromstring(_BEFORE_XML.sub(b"", content, count=1), forbid_dtd=True)
    except ParseError as error:
        sentence = _("The XML is broken in line %(line)d. Export the file again.")
        faults.stop("T308", error.position[0], "", sentence % {"line": error.position[0]})
    except DefusedXmlException:
        faults.stop("T308", 1, "", _("The XML declares entities, as no list of rates does. It is not read."))
    except (ValueError, LookupError):
        faults.stop("T308", 1, "", _("The XML names an encoding that is not known. Save it in UTF-8."))
    return found


def _name(node: Element) -> str:
    """The name of an element without its namespace."""
    return str(node.tag).rpartition("}")[2]


def _texts(node: Element) -> dict[str, str]:
    """The texts of a rate. A comma alone is a decimal comma: no bank writes thousands in this file with it."""
    found = {_name(part): (part.text or "").strip() for part in node}
    texts = {column: found.get(tag, "") for column, tag in _XML_NAMES.items()}
    for column in ("nominal", "rate"):
        text = texts[column]
        texts[column] = with_one_reading(text.replace(",", ".") if _ONE_COMMA.fullmatch(text) else text)
    return texts


def _day(text: str, faults: Faults) -> date:
    try:
        return read_day(text)
    except DayUnclear:
        sentence = _("“%(text)s” may be read as two different days. Write 2026-11-23 or 23.11.2026.")
        faults.stop("T308", 1, "Date", sentence % {"text": text[:40]})
    except NotADay:
        sentence = _("“%(text)s” is not a day. Write 2026-11-23 or 23.11.2026.")
        faults.stop("T308", 1, "Date", sentence % {"text": text[:40]})


# Tables -------------------------------------------------------------------------------------------------------


def _from_table(content: bytes, faults: Faults) -> RatesRead:
    reading = Faults(faults.file, code="T308")
    sheet = read_sheet(content, name=faults.file, faults=reading, tables=[_TABLE])
    _check_columns(sheet, reading)
    reading.refuse()
    days = {cells.get("valid_from", "") for _number, cells in sheet.rows}
    if len(days) > 1:
        faults.stop("T308", sheet.top, "valid_from", _("A list has rates of one day; this one has several."))
    day = days.pop()
    if not day:
        faults.stop("T308", sheet.rows[0][0], "valid_from", _("This cell is empty."))
    return RatesRead(date.fromisoformat(day), "", _rows(sheet.rows, faults))


def _check_columns(sheet: Sheet, faults: Faults) -> None:
    missing = [name for name in COLUMNS if name not in sheet.header]
    if missing:
        sentence = _("Row %(row)d is taken for the header. It lacks: %(missing)s. It has: %(found)s.")
        shown = {"row": sheet.top, "missing": ", ".join(missing), "found": ", ".join(sheet.header)[:200]}
        faults.add("T308", sheet.top, "", sentence % shown)


# Rows ---------------------------------------------------------------------------------------------------------


def _rows(lines: Iterable[Line], faults: Faults) -> tuple[RateRow, ...]:
    rows: dict[str, RateRow] = {}
    for count, (number, line) in enumerate(lines, start=1):
        if count > LIMIT_ROWS:
            faults.stop("T308", number, "", _("A list has at most %(most)d rates.") % {"most": LIMIT_ROWS})
        row = _row(number, line, faults)
        if row is not None and row.currency in rows:
            faults.add("T306", number, "currency", _("%(currency)s appears twice.") % {"currency": row.currency})
        elif row is not None:
            rows[row.currency] = row
    if not rows and not faults:
        faults.add("T308", 1, "", _("The file has no rates."))
    faults.refuse()
    return tuple(rows.values())


def _row(number: int, line: Mapping[str, str], faults: Faults) -> RateRow | None:
    before = len(faults)
    found = dict(_numbers(number, line, faults))
    code = searched(line.get("currency", ""))
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        faults.add("T308", number, "currency", _("“%(code)s” is not a currency code.") % {"code": code[:20]})
    if len(faults) > before:
        return None
    return RateRow(code, int(found["nominal"]), found["rate"])


def _numbers(row: int, line: Mapping[str, str], faults: Faults) -> Iterator[tuple[str, Decimal]]:
    for name in ("nominal", "rate"):
        try:
            yield name, _number(name, line.get(name, "") or ("1" if name == "nominal" else ""))
        except NotANumber as fault:
            faults.add("T307", row, name, str(fault.reason))


def _number(name: str, text: str) -> Decimal:
    number = read_number(text)
    if not 0 < number < LARGEST or (name == "nominal" and number != int(number)):
        raise NotANumber(_("This number cannot be right."))
    return number
