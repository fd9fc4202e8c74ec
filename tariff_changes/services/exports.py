"""A change set as CSV: every changed cell with what it was and becomes, or one of its tables as it becomes."""

from collections.abc import Iterator
from itertools import chain

from lib.sheets import written
from tariff_changes.models import ChangeRow, ChangeSet
from tariff_changes.selectors.shown_rows import ShownRow, rows_of
from tariffs.columns import LAW

PORTION = 1000
COLUMNS = ("row", "table", "action", "about", "column", "before", "after")


def as_differences(change_set: ChangeSet) -> Iterator[str]:
    """One line for each cell that changes."""
    lines = (
        (shown.row.place, shown.row.table, shown.row.action, shown.name, cell.column, cell.before, cell.after)
        for shown in _rows(change_set)
        for cell in shown.changes
    )
    return written(chain([COLUMNS], lines))


def as_table(change_set: ChangeSet, table: str) -> Iterator[str]:
    """The new and replaced rows of a table with all their cells, in the form in which a file is read."""
    columns = LAW[table].names
    lines = (
        tuple(cell.after for cell in shown.cells)
        for shown in _rows(change_set, table=table)
        if shown.row.action != ChangeRow.Action.END
    )
    return written(chain([columns], lines))


def _rows(change_set: ChangeSet, *, table: str = "") -> Iterator[ShownRow]:
    """Every row, a thousand at a time."""
    page = rows_of(change_set, per_page=PORTION, table=table)
    yield from page.rows
    for number in range(2, page.pages + 1):
        yield from rows_of(change_set, page=number, per_page=PORTION, table=table).rows
