"""A change set as CSV: every changed cell with what it was and becomes, or one of its tables as it becomes."""

from collections.abc import Iterator
from itertools import chain

from lib.sheets import written
from tariff_changes.models import ChangeRow, ChangeSet
from tariff_changes.selectors import change_sets as reads
from tariff_changes.selectors.changeable import CHANGEABLE

PORTION = 1000
COLUMNS = ("row", "table", "action", "about", "column", "before", "after")


def as_differences(change_set: ChangeSet) -> Iterator[str]:
    """One line for each cell that changes."""
    lines = (
        (view.row.place, view.row.table, view.row.action, view.name, cell.column, cell.before, cell.after)
        for view in _views(change_set)
        for cell in view.changes
    )
    return written(chain([COLUMNS], lines))


def as_table(change_set: ChangeSet, table: str) -> Iterator[str]:
    """The new and replaced rows of a table with all their cells, in the form in which a file is read."""
    columns = CHANGEABLE[table].columns
    lines = (
        tuple(cell.after for cell in view.cells)
        for view in _views(change_set, table=table)
        if view.row.action != ChangeRow.Action.END
    )
    return written(chain([columns], lines))


def _views(change_set: ChangeSet, *, table: str = "") -> Iterator[reads.RowView]:
    """Every row, a thousand at a time."""
    page = reads.rows_of(change_set, per_page=PORTION, table=table)
    yield from page.rows
    for number in range(2, page.pages + 1):
        yield from reads.rows_of(change_set, page=number, per_page=PORTION, table=table).rows
