"""Codes as people write them, and the beginnings from which a code inherits."""

import re

_DIGITS = re.compile(r"[\d\s.\-]+", re.ASCII)


def digits_of(text: str) -> str:
    """The digits of a code written with dots, spaces or dashes; empty where anything else stands in the text."""
    text = text.strip()
    return re.sub(r"\D", "", text) if _DIGITS.fullmatch(text) else ""


def beginnings(code: str, *, shortest: int = 0) -> list[str]:
    """The beginnings of a code from so many characters on, the code itself last: "", "0", "09", "090"."""
    return [code[:length] for length in range(shortest, len(code) + 1)]
