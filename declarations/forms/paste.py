"""Cells pasted from a spreadsheet: the clipboard's text becomes rows of goods, or pointers and texts.

What the rows mean is said in `goods`, for uploaded files alike.
"""

from dataclasses import dataclass, field
from itertools import islice

from django.utils.translation import gettext as _

from declarations.forms.goods import MOST_ITEMS, Goods, Line, heading_of, read_goods
from lib.pointers import pointer_to
from lib.sheets import read_clipboard
from lib.violations import refuse

MOST_CHARACTERS = 2_000_000
MOST_ROWS = 20_000


@dataclass(slots=True)
class Pasted:
    """`fields` by pointer, how many items there must be to hold them, and what was left out in sentences."""

    fields: dict[str, str] = field(default_factory=dict)
    items: int = 0
    notes: list[str] = field(default_factory=list)


def read_cells(text: str, *, field: str, room: int = MOST_ITEMS) -> Goods:
    """The items in the clipboard's text, from column `field` on to the right and downwards.

    Where the names of columns came with them, each column goes to the box that it names. A row of nothing but empty
    cells is no item, unless there is but one column. Raises Rejected for too much text.
    """
    found = list(islice(read_clipboard(text[: MOST_CHARACTERS + 1]), MOST_ROWS + 1))
    if len(text) > MOST_CHARACTERS or len(found) > MOST_ROWS:
        raise refuse("F015", "cells", _("This is too much to paste at a time. Paste the rows in several parts."))
    is_one_column = all(len(row) == 1 for row in found)
    lines: list[Line] = [
        (number, row) for number, row in enumerate(found, start=1) if is_one_column or any(cell.strip() for cell in row)
    ]
    return read_goods(lines, start=field, heading=heading_of(lines), room=room)


def spread(text: str, *, place: int, field: str) -> Pasted:
    """Lay cells out from item `place` (from zero) and column `field`: what `read_cells` read, by pointer."""
    goods = read_cells(text, field=field, room=MOST_ITEMS - place)
    fields = {
        pointer_to("items", place + down, name): cell
        for down, row in enumerate(goods.rows)
        for name, cell in row.items()
    }
    return Pasted(fields, place + len(goods.rows), goods.notes)
