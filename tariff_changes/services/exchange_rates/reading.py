"""Reads a file of exchange rates: the XML that central banks of the CIS publish (`ValCurs`), or CSV.

XML: `<ValCurs Date="2026-11-26" name="…">` with `<Valute>` elements that hold `CharCode`, `Nominal` and `Value`; a
date may be 26.11.2026 and a number may have a decimal comma. CSV: `currency,nominal,rate,valid_from` with one date.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from lib.numbers import NotANumber, read_number
from lib.violations import Rejected, Violation, refuse

LIMIT_BYTES = 1024 * 1024
LIMIT_ROWS = 500
LARGEST = Decimal(10) ** 9
COLUMNS = ("currency", "nominal", "rate", "valid_from")
_XML_NAMES = {"currency": "CharCode", "nominal": "Nominal", "rate": "Value"}


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


def read_rates(content: bytes) -> RatesRead:
    """Read a file. Raises Rejected with every fault by row: T308 unreadable, T306 a currency twice, T307 no number."""
    if len(content) > LIMIT_BYTES:
        raise refuse("T308", "", _("The file is larger than a list of exchange rates can be (1 MB)."))
    if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return _from_xml(content)
    return _from_csv(content)


def _from_xml(content: bytes) -> RatesRead:
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise refuse("T308", "", _("The XML cannot be read: %(why)s.") % {"why": error}) from error
    if root.tag != "ValCurs":
        raise refuse("T308", "", _("The file has no list of rates (ValCurs)."))
    texts = [_texts(node) for node in root.findall("Valute")]
    return RatesRead(_day(root.get("Date", ""), "Date"), root.get("name", "")[:120], _rows(enumerate(texts, 1)))


def _texts(node: Element) -> dict[str, str]:
    return {name: (node.findtext(tag) or "").strip() for name, tag in _XML_NAMES.items()}


def _from_csv(content: bytes) -> RatesRead:
    try:
        lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise refuse("T308", f"row {row}", _("The file is not in UTF-8.")) from error
    except csv.Error as error:
        raise refuse("T308", "", _("The table cannot be read: %(why)s.") % {"why": error}) from error
    missing = [name for name in COLUMNS if not lines or name not in lines[0]]
    if missing:
        raise refuse("T308", "row 1", _("These columns are missing: %(names)s.") % {"names": ", ".join(missing)})
    days = {(line["valid_from"] or "").strip() for line in lines}
    if len(days) > 1:
        raise refuse("T308", "valid_from", _("A list has rates of one day; this one has several."))
    texts = ({name: (line[name] or "").strip() for name in COLUMNS} for line in lines)
    return RatesRead(_day(days.pop(), "valid_from"), "", _rows(enumerate(texts, 2)))


def _day(text: str, place: str) -> date:
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise refuse("T308", place, _("“%(text)s” is not a date such as 2026-11-26 or 26.11.2026.") % {"text": text})


def _rows(texts: Iterable[tuple[int, Mapping[str, str]]]) -> tuple[RateRow, ...]:
    faults: list[Violation] = []
    rows: dict[str, RateRow] = {}
    for number, line in texts:
        row, found = _row(number, line)
        faults += found
        if row is not None and row.currency in rows:
            sentence = _("%(currency)s stands twice.") % {"currency": row.currency}
            faults.append(Violation("T306", f"row {number}", sentence))
        elif row is not None:
            rows[row.currency] = row
        if number > LIMIT_ROWS:
            raise refuse("T308", f"row {number}", _("A list has at most %(most)d rates.") % {"most": LIMIT_ROWS})
    if not rows and not faults:
        faults.append(Violation("T308", "", _("The file has no rates.")))
    if faults:
        raise Rejected(faults)
    return tuple(rows.values())


def _row(number: int, line: Mapping[str, str]) -> tuple[RateRow | None, list[Violation]]:
    faults = list(_number_faults(number, line))
    code = line["currency"].upper()
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        faults.append(Violation("T308", f"row {number}", _("“%(code)s” is no currency code.") % {"code": code[:20]}))
    if faults:
        return None, faults
    return RateRow(code, int(read_number(line["nominal"] or "1")), read_number(line["rate"])), []


def _number_faults(row: int, line: Mapping[str, str]) -> Iterator[Violation]:
    for name in ("nominal", "rate"):
        try:
            number = read_number(line[name] or ("1" if name == "nominal" else ""))
        except NotANumber as fault:
            yield Violation("T307", f"row {row} {name}", str(fault.reason))
            continue
        if not 0 < number < LARGEST or (name == "nominal" and number != int(number)):
            yield Violation("T307", f"row {row} {name}", _("This number cannot be right."))
