"""The rows of a change set as a grid: table by table, in the columns that say something, each fault in its cell."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.core.paginator import Page, Paginator

from tariff_changes.models import ChangeSet
from tariff_changes.selectors.faults import Faults, column_of
from tariff_changes.selectors.shown_rows import ShownRow, rows_of
from tariffs.columns import Table

ROWS_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of one table with the columns that say something about them."""

    table: Table
    columns: tuple[tuple[str, str], ...]
    rows: tuple[ShownRow, ...]

    @property
    def names(self) -> str:
        return ",".join(name for name, _label in self.columns)


@dataclass(frozen=True, slots=True)
class RowsAsked:
    """Which rows of a set a page shows."""

    table: str = ""
    action: str = ""
    code: str = ""
    faulty: bool = False
    to_decide: bool = False
    number: int = 1

    @property
    def narrowed(self) -> bool:
        return bool(self.table or self.action or self.code or self.faulty or self.to_decide)


@dataclass(frozen=True, slots=True)
class RowsShown:
    """A page of rows as grids; `page` is what the pager turns."""

    grids: list[Grid]
    total: int
    page: Page[int]


def rows_shown(change_set: ChangeSet, asked: RowsAsked, faults: Faults) -> RowsShown:
    """A hundred rows of the set. Counted and cut by the database."""
    found = rows_of(
        change_set,
        page=asked.number,
        per_page=ROWS_A_PAGE,
        table=asked.table,
        action=asked.action,
        code=asked.code,
        places=faults.places if asked.faulty else None,
        to_decide=asked.to_decide,
    )
    page = Paginator(range(found.total), ROWS_A_PAGE).get_page(found.number)
    return RowsShown(grids(found.rows, faults), found.total, page)


def page_with(change_set: ChangeSet, place: int) -> int:
    """The page, without filters, on which a row stands."""
    return change_set.rows.filter(place__lt=place).count() // ROWS_A_PAGE + 1


def grids(rows: Sequence[ShownRow], faults: Faults) -> list[Grid]:
    """The rows of a page, table by table."""
    by_table: dict[str, list[ShownRow]] = defaultdict(list)
    for row in rows:
        by_table[row.table.name].append(row)
    return [_grid(group, faults) for group in by_table.values()]


def _grid(rows: Sequence[ShownRow], faults: Faults) -> Grid:
    table = rows[0].table
    faulty = {column_of(fault) for row in rows for fault in faults.at(row.row.place)}
    columns = [name for name in table.names if name in faulty or _says_something(name, table, rows)]
    return Grid(
        table,
        tuple((name, table.label_of(name)) for name in columns),
        tuple(in_columns(row, columns, faults) for row in rows),
    )


def _says_something(name: str, table: Table, rows: Sequence[ShownRow]) -> bool:
    """Whether a column is worth its place: it changes, tells rows apart, or is part of what they are about.

    What is usual, and what the head of the set says for all rows, needs no column.
    """
    cells = [next(cell for cell in row.cells if cell.column == name) for row in rows]
    texts = {text for cell in cells for text in (cell.before, cell.after) if text}
    if not texts:
        return False
    column = table.by_name[name]
    if column.of_the_set:
        return len({cell.after for cell in cells}) > 1
    if column.usual:
        return bool(texts - {column.usual})
    return name in table.series or any(cell.changed for cell in cells) or len(texts) > 1


def in_columns(row: ShownRow, columns: Sequence[str], faults: Faults) -> ShownRow:
    """The row with the cells of some columns; faults of others stand at the row."""
    own = faults.at(row.row.place)
    cells = tuple(
        replace(cell, faults=tuple(fault for fault in own if column_of(fault) == cell.column))
        for cell in row.cells
        if cell.column in columns
    )
    return replace(row, cells=cells, faults=tuple(fault for fault in own if column_of(fault) not in columns))
