"""What a sheet of a workbook does not show: rows and columns that a filter, a closed group or a person has hidden.

ECMA-376 part 1, 18.3.1.73 (`row`) and 18.3.1.13 (`col`): they are `hidden`, or without height or width.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lib.figures import ranges
from lib.sheets.limits import MOST_COLUMNS

TRUE = ("1", "true")
_NOTHING = re.compile(r"0+(?:\.0*)?")
_MOST_SAID = 12


@dataclass(slots=True)
class Hidden:
    """Numbers of rows that hold something, as far as they were read, and places of columns from zero."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)

    def see_column(self, attributes: Mapping[str, str]) -> None:
        """One `col`: it speaks for the columns from `min` to `max`, counted from one."""
        first, last = (attributes.get(name, "") for name in ("min", "max"))
        if is_hidden(attributes, "width") and all(text.isdecimal() and len(text) < 9 for text in (first, last)):
            self.columns |= {*range(int(first) - 1, min(int(last), MOST_COLUMNS))}


def is_hidden(attributes: Mapping[str, str], size: str) -> bool:
    """Whether a `row` or a `col` is hidden; `size` names its height or width."""
    return attributes.get("hidden", "") in TRUE or _NOTHING.fullmatch(attributes.get(size, "")) is not None


def column_letter(place: int) -> str:
    """How a spreadsheet calls a column, from zero: 0 is A, 26 is AA."""
    return chr(65 + place) if place < 26 else f"{column_letter(place // 26 - 1)}{chr(65 + place % 26)}"


def rows_said(numbers: Iterable[int]) -> str:
    """Rows by their numbers, "4-7, 12"; of very many the first."""
    return ranges(numbers, most=_MOST_SAID)


def columns_said(places: Iterable[int]) -> str:
    """Columns by their letters, "C, F-H"."""
    return ranges(places, most=_MOST_SAID, shown=column_letter)
