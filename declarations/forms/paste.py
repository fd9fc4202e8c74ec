"""Cells pasted from a spreadsheet: lines and tabs become pointers and texts, in the order of the grid's columns."""

from dataclasses import dataclass

from declarations.forms.sections import GRID
from lib.pointers import pointer_to

MOST_ITEMS = 999
COLUMNS = tuple(box.field for box in GRID)


@dataclass(frozen=True, slots=True)
class Pasted:
    """`fields` by pointer, how many items there must be to hold them, and how many lines found no room."""

    fields: dict[str, str]
    items: int
    lines_left_out: int


def spread(text: str, *, place: int, field: str) -> Pasted:
    """Lay tab-separated `text` out from item `place` (from zero) and column `field`, to the right and downwards.

    Cells beyond the last column are left out; an empty cell empties its box, as in a spreadsheet.
    """
    column = COLUMNS.index(field) if field in COLUMNS else 0
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    room = lines[: max(0, MOST_ITEMS - place)]
    fields = {
        pointer_to("items", place + down, name): cell.strip().strip('"')
        for down, line in enumerate(room)
        for name, cell in zip(COLUMNS[column:], line.split("\t"), strict=False)
    }
    return Pasted(fields=fields, items=place + len(room), lines_left_out=len(lines) - len(room))
