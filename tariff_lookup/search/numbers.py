"""The number of a text in the index says what it is: the code it belongs to, and which of that code's texts it is.

17 digits: 1, the code filled up to eleven with zeros, how many digits the code has (two), the text (three): 0 for all
words of a heading or subheading taken together, else one text (a line's own words, one everyday term).
"""

from typing import NamedTuple

MOST_TEXTS = 999
CODE_DIGITS = 11
HEADING_UNIT = 10**12  # a number divided by it is 1 and the heading: 1_0808


class Text(NamedTuple):
    """A number taken apart."""

    code: str
    part: int


def number_of(code: str, part: int) -> int:
    return int(f"1{code.ljust(CODE_DIGITS, '0')}{len(code):02d}{part:03d}")


def text_of(number: int) -> Text:
    digits = str(number)
    return Text(digits[1 : 1 + int(digits[12:14])], int(digits[14:]))


def heading_key(heading: str) -> int:
    return number_of(heading[:4].ljust(4, "0"), 0) // HEADING_UNIT
