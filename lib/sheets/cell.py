"""What one cell of a file holds before its column is known: text, a number, a day, or nothing that can be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Number:
    """A number that a spreadsheet keeps as a number: its digits, and what the cell shows (`15%`, `0.15 EUR/kg`)."""

    digits: str
    shown: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell that cannot be read: the code and the sentence of its fault."""

    code: str
    sentence: str


Cell = str | Number | date | Broken
Record = tuple[int, Sequence[Cell]]


class Unreadable(Exception):
    """The file is no table, or a damaged one. `sentence` says what to do; `row` is where reading ended."""

    def __init__(self, sentence: str, *, code: str = "T430", row: int = 1) -> None:
        self.sentence, self.code, self.row = sentence, code, row
        super().__init__(sentence)


def is_blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()


_LONGEST_NAME = 200


def label(cell: Cell) -> str:
    """A cell of the header as text."""
    if isinstance(cell, str):
        return " ".join(cell[:_LONGEST_NAME].split())
    if isinstance(cell, Number):
        return cell.digits
    return cell.isoformat() if isinstance(cell, date) else ""
