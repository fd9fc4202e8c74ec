"""Codes as people and spreadsheets write them, and the beginnings from which a code inherits."""

import re

from lib.spelling import with_plain_digits

_DIGITS = re.compile(r"[0-9][0-9\s.\-]*")
_WHOLE_NUMBER = re.compile(r"([0-9]+)[.,](0+)")
_IN_GROUPS = (4, 6, 8)  # digits before ".00" that make a code written in groups: 847130.00
_AROUND = " \t\"'«»“”„‘’`.,;:()[]<>#№*|/\\"
_NAMED = re.compile(
    r"(?<!\w)(?:hs|cn|hts|taric|codes?|commodity|heading|subheading|тн\s?-?вэд|тнвэд|еаэс|код\w*|позици\w+|рамзи?|гс)(?!\w)",
    re.IGNORECASE,
)
_GROUPS = r"[0-9]{4}(?:[ .-]?[0-9]{2}(?:[ .-]?[0-9]{2,3}(?:[ .-]?[0-9]{1,3}){0,2})?)?(?![\w%]|[./-]\w)"
_BETWEEN_WORDS = re.compile(rf"(?<![\w./-])(?:[0-9]{{5,}}[.,]0+(?![\w%])|{_GROUPS})")
_NATIONAL = 11
MOST_CODES = 12


def digits_of(text: str) -> str:
    """The digits of a code written with dots, spaces or dashes; empty where anything else stands in the text.

    A number of a spreadsheet is the code it was made from: 901110000.0 is 0901110000, which lost its zero.
    """
    text = with_plain_digits(text).strip()
    if (number := _WHOLE_NUMBER.fullmatch(text)) and not (len(number[1]) in _IN_GROUPS and len(number[2]) == 2):
        return f"0{number[1]}" if len(number[1]) % 2 and len(number[1]) < _NATIONAL else number[1]
    return re.sub(r"[^0-9]", "", text) if _DIGITS.fullmatch(text) else ""


def with_its_zero(code: str) -> str:
    """The code that `code` was if a spreadsheet took its first zero; empty if it has all its digits."""
    return f"0{code}" if len(code) in (5, 7, 9) and not code.startswith("0") else ""


def code_alone(text: str) -> str:
    """The digits of a code that nothing but quotes, brackets and commas stand around."""
    return digits_of(text.strip(_AROUND)) or digits_of(text)


def codes_among_words(text: str) -> tuple[str, ...]:
    """What may be codes in a text: six digits or more, four where the text says that they are a code."""
    least = 4 if _NAMED.search(text) else 6
    found = (digits_of(each) for each in _BETWEEN_WORDS.findall(with_plain_digits(text)))
    return tuple(dict.fromkeys(code for code in found if least <= len(code) <= _NATIONAL))[:MOST_CODES]


def beginnings(code: str, *, shortest: int = 0) -> list[str]:
    """The beginnings of a code from so many characters on, the code itself last: "", "0", "09", "090"."""
    return [code[:length] for length in range(shortest, len(code) + 1)]
