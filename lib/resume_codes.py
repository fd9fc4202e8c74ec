"""Short codes that people read aloud and type on a phone: no letters or digits that look alike, and a check letter.

Seven signs of twenty-two and a check letter: 2.5 × 10⁹ codes. The check letter finds every single wrong sign and every
exchange of two neighbours among the seven.
"""

import secrets

from lib.spelling import searched

ALPHABET = "34679ACDEFHJKMNPRTVWXY"  # without 0 O Q, 1 I L, 2 Z, 5 S, 6 is G, 8 B, U
LENGTH = 7
_MODULUS = 23  # a prime above the number of signs; the one value without a sign is never given
_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}


def new_code() -> str:
    """A random code with its check letter."""
    while True:
        body = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
        value = _check_value(body)
        if value < len(ALPHABET):
            return body + ALPHABET[value]


def _check_value(body: str) -> int:
    return sum(place * _VALUES[sign] for place, sign in enumerate(body, start=2)) % _MODULUS


def plain_resume_code(text: str) -> str:
    """What was typed as the code that was meant, without spaces and hyphens; empty if it can be none."""
    found = searched(text).replace("-", "")
    if len(found) != LENGTH + 1 or any(sign not in _VALUES for sign in found):
        return ""
    value = _check_value(found[:LENGTH])
    return found if value < len(ALPHABET) and ALPHABET[value] == found[LENGTH] else ""


def shown_resume_code(code: str) -> str:
    """In two groups, as it is read."""
    return f"{code[:4]}-{code[4:]}"
