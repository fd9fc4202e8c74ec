"""Customs number and MRN of a declaration that is accepted."""

import secrets
import string
from dataclasses import dataclass
from datetime import date

from django.db import connection

from lib.check_digits import mrn_check_digit

SERIES = "C"
_DIGITS = string.digits + string.ascii_uppercase
_PROCEDURE_LETTER = {"EX": "A", "TR": "J"}


@dataclass(frozen=True, slots=True)
class Number:
    """What the office gives: the customs number and the movement reference number built from it."""

    year: int
    series: str
    serial: int
    mrn: str


def fresh_reference(on: date) -> str:
    """A reference of the declarant's own (LRN, box 7) for a new declaration."""
    return f"{on:%y%m%d}-{secrets.token_hex(3).upper()}"


def give_number(*, office_code: str, declaration_type: str, country: str, year: int) -> Number:
    """The next number of the office in the year. The series' row stays locked until the transaction ends.

    So this comes as late in a transaction as it can: other declarations of the office wait for it.
    """
    serial = next_serial(office_code=office_code, year=year, series=SERIES)
    letter = _PROCEDURE_LETTER.get(declaration_type[:2], "R")
    return Number(
        year, SERIES, serial, mrn(year=year, country=country, office=office_code, serial=serial, letter=letter)
    )


def next_serial(*, office_code: str, year: int, series: str) -> int:
    """The next of a series of an office and year, from 1; its row stays locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO declarations_numberseries (office_code, year, series, last) VALUES (%s, %s, %s, 1) "
            "ON CONFLICT (office_code, year, series) DO UPDATE SET last = declarations_numberseries.last + 1 "
            "RETURNING last",
            [office_code, year, series],
        )
        return int(cursor.fetchone()[0])


def mrn(*, year: int, country: str, office: str, serial: int, letter: str) -> str:
    """Year (2), country (2), office (6) and serial (6), procedure letter, check digit: 18 characters.

    The office is written without the country's letters in front, its last six characters, filled up with zeros.
    """
    own = "".join(char for char in office.removeprefix(country).upper() if char in _DIGITS)
    first17 = f"{year % 100:02d}{country}{own[-6:].rjust(6, '0')}{_six(serial)}{letter}"
    return first17 + mrn_check_digit(first17)


def _six(serial: int) -> str:
    """Six characters for a serial: digits up to 999999, from there a letter followed by five of base 36."""
    if serial < 1_000_000:
        return f"{serial:06d}"
    rest, text = serial - 1_000_000, ""
    for _place in range(5):
        rest, digit = divmod(rest, 36)
        text = _DIGITS[digit] + text
    return string.ascii_uppercase[rest] + text
