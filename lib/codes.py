"""Codes as people write them."""

import re

_DIGITS = re.compile(r"[\d\s.\-]+", re.ASCII)


def digits_of(text: str) -> str:
    """The digits of a code written with dots, spaces or dashes; empty where anything else stands in the text."""
    text = text.strip()
    return re.sub(r"\D", "", text) if _DIGITS.fullmatch(text) else ""
