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


def read_cells(text: str, *, field: str, room: int = MOST_ITEMS, over: int = 0) -> Goods:
    """The items in the clipboard's text, from column `field` on to the right and downwards, the first `over` of them
    over items that are there.

    Where the names of columns came with them, each column goes to the box that it names. A row of nothing but empty
    cells is no item, unless there is but one column, or it stands among rows that go over items: those below it would
    go to other items than they stand beside. Raises Rejected for too much text.
    """
    found = list(islice(read_clipboard(text[: MOST_CHARACTERS + 1]), MOST_ROWS + 1))
    if len(text) > MOST_CHARACTERS or len(found) > MOST_ROWS:
        raise refuse("F015", "cells", _("This is too much to paste at a time. Paste the rows in several parts."))
    is_one_column = all(len(row) == 1 for row in found)
    every: list[Line] = list(enumerate(found, start=1))
    lines = [(number, row) for number, row in every if is_one_column or any(cell.strip() for cell in row)]
    heading = heading_of(lines)
    if heading is None and lines:
        kept = {number for number, _row in lines} | {*range(1, min(over, lines[-1][0]) + 1)}
        lines = [line for line in every if line[0] in kept]
    return read_goods(lines, start=field, heading=heading, room=room)
