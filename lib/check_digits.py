"""Check digits of movement reference numbers, containers and loading units; other ones come from python-stdnum."""

import re
import string

from stdnum import iso6346


def _letter_values() -> dict[str, int]:
    values, value = {}, 10
    for letter in string.ascii_uppercase:
        if value % 11 == 0:
            value += 1
        values[letter] = value
        value += 1
    return values


_VALUES = {**{digit: int(digit) for digit in string.digits}, **_letter_values()}


# Behind the letters of the owner: U, J, Z, R for containers (ISO 6346), A to K for swap bodies and semi-trailers
# of Europe, the ILU code (EN 13044-1).
_CONTAINER = re.compile(r"[A-Z]{3}[A-KRUZ][0-9]{7}")


def mrn_check_digit(first17: str) -> str:
    """The 18th character of an MRN: sum of value x 2^position over 17 characters, modulo 11, 10 counts as 0.

    Letters count A=10, B=12, C=13 and so on, leaving out multiples of 11 (as in ISO 6346).
    """
    return str(sum(_VALUES[char] << place for place, char in enumerate(first17)) % 11 % 10)


def mrn_is_valid(mrn: str) -> bool:
    """Whether `mrn` has the shape year, country, 13 alphanumerics, and its check digit is right."""
    return bool(re.fullmatch(r"[0-9]{2}[A-Z]{2}[A-Z0-9]{13}[0-9]", mrn)) and mrn_check_digit(mrn[:17]) == mrn[17]


def container_is_valid(number: str) -> bool:
    """Whether `number`, as it is kept, is one of a container or an ILU code, and its check digit is right."""
    return bool(_CONTAINER.fullmatch(number)) and iso6346.calc_check_digit(number[:10]) == number[10]
