"""Reads what people and machines write into boxes: numbers in English and Russian notation, dates, codes, flags.

Driven by the box table, the same for every door. What cannot be read is never guessed and never lost: it is handed
back as held text, by field, with the reason.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from declarations.boxes import LEVELS, Box
from lib.cells import NO, YES
from lib.codes import digits_of, with_its_zero
from lib.country_codes import SHORT_NAME, is_short_name
from lib.dates import DayUnclear, NotADay, read_day
from lib.figures import last_place
from lib.numbers import NotANumber, ProgramNumber, read_number
from lib.pointers import pointer_to, steps_of, without_row
from lib.row_keys import KEY
from lib.spelling import ForeignSign, plain_code, plain_container, plain_plate, seen

PLACES = {"amount": 4, "quantity": 6}
DIGITS = {"amount": 14, "quantity": 12}
LARGEST_INTEGER = 2_147_483_647
LONGEST_HELD = 4_000
_POWER_OF_TEN = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eEеЕ]\+?[0-9]+")
_WITHOUT_ITS_ZERO = 9  # digits of a code of ten, where a spreadsheet took it for a number

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Unreadable(Exception):
    """The text cannot be read as what the box holds; `reason` says what to do."""

    def __init__(self, reason: str | Promise) -> None:
        self.reason = reason
        super().__init__(str(reason))


def number(text: str) -> Decimal:
    """An exact number from `1200.5`, `1,200.50` or `1 200,50`. Raises Unreadable, also where two readings exist."""
    try:
        return read_number(text)
    except NotANumber as fault:
        raise Unreadable(fault.reason) from None


def day(text: str) -> date:
    """A date from `2026-11-23` or `23.11.2026`. Raises Unreadable."""
    try:
        read = read_day(text)
    except DayUnclear:
        raise Unreadable(_("This may be read as two different days. Write it as 2026-11-23 or 23.11.2026.")) from None
    except NotADay:
        raise Unreadable(_("This is not a date. Write it as 2026-11-23 or 23.11.2026.")) from None
    if not 1900 <= read.year <= 2200:
        raise Unreadable(_("The year of this date cannot be right."))
    return read


def _decimal(box: Box, text: str) -> Decimal:
    places = PLACES[box.kind]
    value = number(text)
    if abs(value) >= Decimal(10) ** DIGITS[box.kind]:
        raise Unreadable(_("This number is too large."))
    return value.quantize(last_place(places), rounding=ROUND_HALF_UP)


def _integer(box: Box, text: str) -> int:
    value = number(text)
    if value != value.to_integral_value() or value < 0:
        raise Unreadable(_("Write a whole number."))
    if value >= min(10**box.size, LARGEST_INTEGER):
        raise Unreadable(_("This number is too large."))
    return int(value)


def _flag(box: Box, text: str) -> bool:
    word = seen(text).strip().casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise Unreadable(_("Answer yes or no."))


def _fitting(box: Box, text: str) -> str:
    if len(text) > box.size:
        raise Unreadable(_("This text is too long: {limit} characters at the most.").format(limit=box.size))
    return text


def _text(box: Box, text: str) -> str:
    return _fitting(box, " ".join(text.split()))


def _lines(box: Box, text: str) -> str:
    return _fitting(box, "\n".join(line.strip() for line in text.splitlines()).strip())


def _code(box: Box, text: str) -> str:
    return _fitting(box, _spelt(plain_code, text))


def _spelt(spelling: Callable[[str], str], text: str) -> str:
    try:
        return spelling(text)
    except ForeignSign as fault:
        raise Unreadable(str(fault)) from None


def _container(box: Box, text: str) -> str:
    number = _spelt(plain_container, text)
    if len(number) > box.size:
        raise Unreadable(_("Write one container in each row: four letters and seven digits, such as CSQU3054383."))
    return number


def _plate(box: Box, text: str) -> str:
    return _fitting(box, plain_plate(text))


def _commodity(box: Box, text: str) -> str:
    """Digits, however they are grouped. A code that a spreadsheet took for a number may have lost some: it is asked."""
    if _POWER_OF_TEN.fullmatch(text):
        raise Unreadable(_("A spreadsheet made a number of this code, and its last digits are lost. Write it again."))
    if not (code := digits_of(_spelt(plain_code, text))):
        raise Unreadable(_("A commodity code has digits only, such as 0902 30 000 9. Write all of them."))
    if len(code) > box.size:
        sentence = _("A commodity code has at most {most} digits; these are {count}.")
        raise Unreadable(sentence.format(most=box.size, count=len(code)))
    if len(code) == _WITHOUT_ITS_ZERO and (whole := with_its_zero(code)):
        sentence = _("A spreadsheet may have taken the first zero of this code. Write all its digits, such as {code}.")
        raise Unreadable(sentence.format(code=whole))
    return code


def _country(box: Box, text: str) -> str:
    if len(text) > box.size:
        raise Unreadable(_("Write the country as its code of two letters, such as CN."))
    if is_short_name(text):
        raise Unreadable(SHORT_NAME)
    return _code(box, text)


def _day(box: Box, text: str) -> date:
    return day(text)


_NUMBERS = frozenset({"amount", "quantity", "integer"})
Reader = Callable[[Box, str], Any]
_READERS: Mapping[str, Reader] = {
    "text": _text,
    "lines": _lines,
    "amount": _decimal,
    "quantity": _decimal,
    "integer": _integer,
    "date": _day,
    "flag": _flag,
}
_BY_LIST: Mapping[str, Reader] = {"country": _country}
_SPELT: Mapping[str, Reader] = {"code": _code, "commodity": _commodity, "container": _container, "plate": _plate}
_EMPTY: Mapping[str, Any] = {
    "code": "", "text": "", "lines": "", "amount": None, "quantity": None, "integer": None, "date": None, "flag": False,
}  # fmt: skip


def empty(box: Box) -> Any:
    """The value of a box nothing is written in."""
    return _EMPTY[box.kind]


def clean(raw: object) -> str:
    """The text of a JSON value or form field without control characters; empty for None."""
    if raw is None:
        return ""
    return _CONTROL.sub("", str(raw)).strip()


def value(box: Box, raw: object) -> Any:
    """The typed value of a box from what was written. Raises Unreadable."""
    text = clean(raw.for_people() if isinstance(raw, ProgramNumber) and box.kind in _NUMBERS else raw)
    if not text:
        return _EMPTY[box.kind]
    return (_BY_LIST.get(box.codes) or _SPELT.get(box.spelling) or _READERS[box.kind])(box, text)


@dataclass(slots=True)
class RowRead:
    """One row as read: typed values by column, texts that could not be read, and its key where one was given."""

    values: dict[str, Any]
    held: dict[str, str] = field(default_factory=dict)
    key: str = ""


_EMPTY_ROWS = {level: {box.field: _EMPTY[box.kind] for box in boxes} for level, boxes in LEVELS.items()}
_BOXES = {level: {box.field: box for box in boxes} for level, boxes in LEVELS.items()}


def row(level: str, raw: Mapping[str, Any]) -> RowRead:
    """Read one row of a level of the box table; names the level does not know are left to the caller."""
    key = str(raw.get("key") or "")
    read = RowRead(values=dict(_EMPTY_ROWS[level]), key=key if KEY.fullmatch(key) else "")
    boxes = _BOXES[level]
    for name, written in raw.items():
        box = boxes.get(name)
        if box is None or written is None or written == "":
            continue
        try:
            read.values[name] = value(box, written)
        except Unreadable:
            read.held[name] = clean(written)[:LONGEST_HELD]
    return read


def reason(level: str, name: str, text: str) -> str | Promise | None:
    """Why a held text cannot be read, or None where it can."""
    try:
        value(_BOXES[level][name], text)
    except Unreadable as fault:
        return fault.reason
    return None


def unread(key: str, text: str) -> str:
    """What is said of a text that is held at a pointer because it cannot be read."""
    found = pointer(key)
    why = reason(found.level, found.field, text) if found else None
    sentence = _("“{text}” cannot be read.").format(text=text if len(text) <= 60 else f"{text[:60]}…")
    return f"{sentence} {why or _('Write it again.')}"


LEVEL_OF_PART = {"items": "item", "containers": "container", "previous": "previous", "suppliers": "supplier"}


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where a field lies: `items[2].documents[0].reference`, places counted from zero."""

    field: str
    part: str = ""
    place: int = 0
    document: int | None = None

    @property
    def level(self) -> str:
        if self.document is not None:
            return "document"
        return LEVEL_OF_PART[self.part] if self.part else "header"

    @property
    def box(self) -> Box:
        return _BOXES[self.level][self.field]

    @property
    def row(self) -> str:
        """The pointer without its field: `items[2].documents[0]`, empty for the header."""
        if not self.part:
            return ""
        inner = () if self.document is None else ("documents", self.document)
        return pointer_to(self.part, self.place, *inner)

    def __str__(self) -> str:
        return pointer_to(self.row, self.field)


def pointer(text: str) -> Pointer | None:
    """The pointer that `text` writes, None if it names no box."""
    match steps_of(text):
        case (str(field),):
            found = Pointer(field)
        case (str(part), int(place), str(field)) if part in LEVEL_OF_PART:
            found = Pointer(field, part, place)
        case ("items", int(place), "documents", int(document), str(field)):
            found = Pointer(field, "items", place, document)
        case _:
            return None
    return found if found.field in _BOXES[found.level] else None


def moved(held: Mapping[str, str], *, part: str, removed: int) -> dict[str, str]:
    """Held texts after row `removed` of the list `part` is gone: its own dropped, those behind it one place up."""
    return {new: held[old] for old, new in without_row(held, part=part, removed=removed).items()}
