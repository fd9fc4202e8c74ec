"""The machine-readable zone of passports and identity cards (ICAO 9303), typed or scanned: read by its check digits."""

import re
from dataclasses import dataclass
from datetime import date

from lib.spelling import folded

_WEIGHTS = (7, 3, 1)
_PASSPORT, _CARD, _VISA_SIZE = 44, 30, 36


class UnreadableZone(ValueError):
    """The text is no machine-readable zone, or a check digit is wrong; `field` says which."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(field)


@dataclass(frozen=True, slots=True)
class Zone:
    """What the zone says. Names are transliterated there: the form keeps those of the page, exactly as written."""

    kind: str
    issuer: str
    family_name: str
    given_name: str
    number: str
    nationality: str
    birth_date: date
    sex: str
    expires_on: date | None


def check_digit(text: str) -> str:
    """The digit of ICAO 9303 part 3, 4.9: values weighted 7, 3, 1, modulo 10; "<" counts as 0, A as 10."""
    total = sum(_value(sign) * _WEIGHTS[place % 3] for place, sign in enumerate(text))
    return str(total % 10)


def _value(sign: str) -> int:
    if sign == "<":
        return 0
    if sign.isdigit():
        return int(sign)
    if "A" <= sign <= "Z":
        return ord(sign) - ord("A") + 10
    raise UnreadableZone("")


def read_zone(text: str, *, on: date) -> Zone:
    """Two lines of 44 or 36 signs, or three of 30. Raises UnreadableZone with the field whose check digit is wrong."""
    lines = [re.sub(r"[^A-Z0-9<]", "", folded(line).replace("«", "<<")) for line in text.splitlines()]
    lines = [line for line in lines if line]
    whole = "".join(lines)
    if len(lines) == 1 and len(whole) in (2 * _PASSPORT, 2 * _VISA_SIZE, 3 * _CARD):
        width = len(whole) // (3 if len(whole) == 3 * _CARD else 2)
        lines = [whole[place : place + width] for place in range(0, len(whole), width)]
    if [len(line) for line in lines] == [_CARD] * 3:
        return _card(lines, on=on)
    if [len(line) for line in lines] in ([_PASSPORT] * 2, [_VISA_SIZE] * 2):
        return _passport(lines, on=on)
    raise UnreadableZone("length")


def _checked(text: str, digit: str, field: str) -> str:
    """The text without fillers; an optional field may have no check digit where it is empty."""
    if digit != check_digit(text) and not (digit == "<" and not text.strip("<")):
        raise UnreadableZone(field)
    return text.replace("<", " ").strip()


def _passport(lines: list[str], *, on: date) -> Zone:
    first, second = lines
    if len(second) == _PASSPORT:
        _checked(second[:10] + second[13:20] + second[21:43], second[43], "whole")
    elif second[35] != "<":
        _checked(second[:10] + second[13:20] + second[21:35], second[35], "whole")
    return _zone(
        first[:2], first[2:5], first[5:], second[:9], second[9], second[10:13], second[13:20], second[20],
        second[21:28], on=on,
    )  # fmt: skip


def _card(lines: list[str], *, on: date) -> Zone:
    first, second, third = lines
    _checked(first[5:30] + second[:7] + second[8:15] + second[18:29], second[29], "whole")
    return _zone(
        first[:2], first[2:5], third, first[5:14], first[14], second[15:18], second[:7], second[7], second[8:15], on=on
    )


def _zone(
    kind: str, issuer: str, names: str, number: str, number_check: str, nationality: str, born: str, sex: str,
    expires: str, *, on: date,
) -> Zone:  # fmt: skip
    birth = _day(_checked(born[:6], born[6], "birth_date"), "birth_date", latest=on)
    expiry = _checked(expires[:6], expires[6], "expires_on")
    family, _separator, given = names.partition("<<")
    assert birth is not None
    return Zone(
        kind=kind.strip("<"),
        issuer=issuer.strip("<"),
        family_name=" ".join(family.replace("<", " ").split()),
        given_name=" ".join(given.replace("<", " ").split()),
        number=_checked(number, number_check, "number").replace(" ", ""),
        nationality=nationality.strip("<"),
        birth_date=birth,
        sex={"M": "M", "F": "F"}.get(sex, ""),
        expires_on=_day(expiry, "expires_on", latest=None) if expiry else None,
    )


def _day(text: str, field: str, *, latest: date | None) -> date | None:
    """YYMMDD. A birth is in the past: 66 may be 1966 or, of somebody born this century, 2066 is not."""
    if not re.fullmatch(r"[0-9]{6}", text):
        raise UnreadableZone(field)
    year, month, day = (int(text[place : place + 2]) for place in (0, 2, 4))
    century = 2000
    try:
        found = date(century + year, month, day)
        return date(1900 + year, month, day) if latest is not None and found > latest else found
    except ValueError:
        raise UnreadableZone(field) from None
