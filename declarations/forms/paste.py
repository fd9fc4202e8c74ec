"""Cells pasted from a spreadsheet: the clipboard's text becomes rows of goods.

What the rows mean is said in `goods`, for uploaded files alike.
"""

from itertools import islice

from django.utils.translation import gettext as _

from declarations.forms.goods import MOST_ITEMS, Goods, Line, heading_of, read_goods
from lib.sheets import read_clipboard
from lib.violations import refuse

MOST_CHARACTERS = 2_000_000
MOST_ROWS = 20_000


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
