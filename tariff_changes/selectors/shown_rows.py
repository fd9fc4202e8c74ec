"""A changed row as a page, a file or a program shows it: each cell as it was and as it becomes."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import get_language

from lib.violations import Violation
from tariff_changes.models import ChangeRow, ChangeSet
from tariff_changes.selectors.law_texts import Texts, becoming, name_of
from tariffs.columns import LAW, Table

PAGE = 50


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A column of a row: as it was and as it becomes, and what is wrong with it."""

    column: str
    label: str
    before: str
    after: str
    is_new: bool = False
    faults: tuple[Violation, ...] = ()

    @property
    def changed(self) -> bool:
        return self.before != self.after

    @property
    def state(self) -> str:
        """new, changed, or the same as before."""
        if self.is_new:
            return "new" if self.after else "same"
        return "changed" if self.changed else "same"


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of a change set. `name` is the key of what it is about; `faults` are those of no cell that is shown."""

    row: ChangeRow
    table: Table
    name: str
    cells: tuple[ShownCell, ...]
    faults: tuple[Violation, ...] = ()

    @property
    def changes(self) -> tuple[ShownCell, ...]:
        return tuple(cell for cell in self.cells if cell.changed)

    @property
    def says(self) -> str:
        """The cell a person knows the published row by, in the reader's language where it has one."""
        language = (get_language() or "en")[:2]
        for column in ("rate", "document", "description", "name"):
            if text := self.row.seen.get(f"{column}_{language}") or self.row.seen.get(column):
                return str(text)
        return ""


@dataclass(frozen=True, slots=True)
class RowPage:
    """One page of the rows of a change set, and how many there are in all."""

    rows: tuple[ShownRow, ...]
    total: int
    number: int
    pages: int


def shown(row: ChangeRow, change_set: ChangeSet) -> ShownRow:
    """A row of a set, with what the set says for all rows filled in."""
    table = LAW[row.table]
    if row.action == ChangeRow.Action.END:
        last_day = row.values.get("valid_to") or f"< {change_set.takes_effect.isoformat()}"
        return _shown(row, {**row.seen, "valid_to": last_day})
    act = change_set.legal_act.number if change_set.legal_act else ""
    day = change_set.takes_effect
    return _shown(row, becoming(table, seen=row.seen, values=row.values, takes_effect=day, act=act))


def shown_as_it_is(row: ChangeRow) -> ShownRow:
    """A row that is in no set yet: what a file would change, or a published row that may be chosen."""
    return _shown(row, {**row.seen, **row.values})


def _shown(row: ChangeRow, after: Texts) -> ShownRow:
    table = LAW[row.table]
    is_new = row.action == ChangeRow.Action.CREATE
    cells = tuple(
        ShownCell(name, table.label_of(name), row.seen.get(name, ""), after.get(name, ""), is_new)
        for name in table.names
    )
    return ShownRow(row, table, name_of(table, {**row.seen, **row.values}), cells)


def rows_of(
    change_set: ChangeSet,
    *,
    page: int = 1,
    per_page: int = PAGE,
    table: str = "",
    action: str = "",
    code: str = "",
    places: Sequence[int] | None = None,
    to_decide: bool = False,
) -> RowPage:
    """A page of the set's rows with their cells before and after.

    `code` keeps rows about commodity codes that begin so, `places` those of the named places (such as those the
    judge finds fault with), `to_decide` those with an open question.
    """
    rows = change_set.rows.order_by("place")
    if table:
        rows = rows.filter(table=table)
    if action:
        rows = rows.filter(action=action)
    if code:
        rows = rows.filter(about(code))
    if places is not None:
        rows = rows.filter(place__in=list(places))
    if to_decide:
        rows = rows.exclude(to_decide="")
    total = rows.count()
    pages = max(1, -(-total // per_page))
    number = min(max(1, page), pages)
    page_rows = rows[(number - 1) * per_page : number * per_page]
    return RowPage(tuple(shown(row, change_set) for row in page_rows), total, number, pages)


def about(code: str) -> Q:
    """Rows about commodity codes that begin so."""
    wanted = Q()
    for table in LAW.values():
        if table.code_column:
            for texts in ("values", "seen"):
                wanted |= Q(**{"table": table.name, f"{texts}__{table.code_column}__startswith": code})
    return wanted
