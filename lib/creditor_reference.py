"""Structured references of a payment (ISO 11649, `RF18…`): made, found in what payers write, and guessed when wrong.

A reference is RF, two check digits and up to 21 letters and digits, here `C` with a company's TIN, `D` with an MRN or
`S` with the number of a statement of deferred payment.
"""

import re
import string
from collections.abc import Iterator

from stdnum import iso11649
from stdnum.iso7064 import mod_97_10

from lib.check_digits import mrn_is_valid
from lib.spelling import folded

COMPANY, DECLARATION, STATEMENT = "C", "D", "S"
_LONGEST = 21
_SIGNS = string.digits + string.ascii_uppercase
# What may be one: with the spaces, points and dashes that people put between groups.
_WRITTEN = re.compile(r"(?<!\w)R[ .\-/]?F[ .:\-/]{0,2}[0-9OIL](?:[ .\-/]?[A-Z0-9]){4,22}(?!\w)")
_MRN = re.compile(r"(?<!\w)[0-9]{2}[A-Z]{2}[A-Z0-9]{13}[0-9](?!\w)")
_BETWEEN = re.compile(r"[^A-Z0-9]")
_LONGEST_TEXT = 2_000


def reference_of(kind: str, number: str) -> str:
    """The reference for `number`; empty where it is too long or has other signs than letters and digits."""
    body = kind + number.upper()
    if len(body) > _LONGEST or not (body.isascii() and body.isalnum()):
        return ""
    return f"RF{mod_97_10.calc_check_digits(f'{body}RF')}{body}"


def in_groups(reference: str) -> str:
    """A reference as it is printed, in groups of four."""
    return str(iso11649.format(reference))


def numbers_in(text: str) -> set[tuple[str, str]]:
    """Kind and number of every right reference in `text`, an MRN by itself among them.

    A word behind a reference may have been taken for its end: each reading whose check digits are right counts.
    """
    found = set()
    upper = folded(text[:_LONGEST_TEXT])
    for endings in _written(upper):
        found |= {(each[4], each[5:]) for each in endings if iso11649.is_valid(each) and _fits(each[4:])}
    found |= {(DECLARATION, mrn) for mrn in _MRN.findall(upper) if mrn_is_valid(mrn)}
    return found


def near_numbers_in(text: str) -> set[tuple[str, str]]:
    """As `numbers_in`, of references that are one wrong sign, or two exchanged ones, away from what stands there."""
    near = set()
    for endings in _written(folded(text[:_LONGEST_TEXT])):
        if not any(iso11649.is_valid(each) for each in endings):
            steps = (step for each in endings for step in _one_step_from(each))
            near |= {(each[4], each[5:]) for each in steps if iso11649.is_valid(each)}
    for written in _MRN.findall(folded(text[:_LONGEST_TEXT])):
        if not mrn_is_valid(written):
            near |= {(DECLARATION, each) for each in _one_step_from(written, first=0) if mrn_is_valid(each)}
    return {(kind, number) for kind, number in near if _fits(kind + number)}


def _written(upper: str) -> Iterator[list[str]]:
    """Each text that may be a reference, in its readings: it ends where a group of signs ends."""
    for match in _WRITTEN.finditer(upper):
        groups = _BETWEEN.split(match[0])
        readings = ["".join(groups[:end]) for end in range(len(groups), 0, -1)]
        yield [each for each in readings if 8 <= len(each) <= 25]


def _fits(body: str) -> bool:
    return body[:1] in (COMPANY, DECLARATION, STATEMENT) and (body[0] != DECLARATION or mrn_is_valid(body[1:]))


def _one_step_from(written: str, *, first: int = 2) -> Iterator[str]:
    """Every text with one other sign from the place `first` on, or with two neighbours exchanged."""
    for place in range(first, len(written)):
        before, sign, after = written[:place], written[place], written[place + 1 :]
        yield from (f"{before}{other}{after}" for other in _SIGNS if other != sign)
        if after and after[0] != sign:
            yield f"{before}{after[0]}{sign}{after[1:]}"
