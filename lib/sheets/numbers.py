"""1,125 and 1.125 have two readings each: what the other numbers of a column say about its commas and points."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from lib.numbers import is_ambiguous

_DECIMALS = re.compile(r"-?(?:0|[0-9]+)([.,])(?:[0-9]{1,2}|[0-9]{4,})|-?(?:0|[0-9]{4,})([.,])[0-9]{3}")
_GROUPS = re.compile(r"-?[0-9]{1,3}(?:([.,])[0-9]{3})+(?!\1)[.,][0-9]+|-?[0-9]{1,3}(?:([.,])[0-9]{3}){2,}")


class Signs(NamedTuple):
    """The sign before decimals and the sign between thousands of a column; empty where none is certain."""

    decimal: str
    group: str


def signs_of(texts: Iterable[str]) -> Signs:
    """What the numbers of a column that have one reading show."""
    decimals, groups = set(), set()
    for text in texts:
        text = text.strip().replace("\u2212", "-")
        if match := _GROUPS.fullmatch(text):
            groups.add(match[1] or match[2])
        elif (match := _DECIMALS.fullmatch(text)) and not is_ambiguous(text):
            decimals.add(match[1] or match[2])
    return Signs("".join(decimals) if len(decimals) == 1 else "", "".join(groups) if len(groups) == 1 else "")


def settled(text: str, signs: Signs) -> str:
    """A number with two readings as its column means it; empty where the column does not say."""
    text = text.strip().replace("\u2212", "-")
    sign = "," if "," in text else "."
    if sign == signs.decimal and sign != signs.group:
        return text.replace(",", ".") + "0"
    if sign == signs.group and sign != signs.decimal:
        return text.replace(sign, "")
    return ""
