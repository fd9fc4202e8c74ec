"""Rows of change sets as they come about: new, ended or replaced. They are saved when they are taken over."""

from collections.abc import Sequence

from lib.bulk import copy_in
from tariff_changes.models import ChangeRow, ChangeSet
from tariff_changes.selectors.law_texts import Texts

Action = ChangeRow.Action


def created(table: str, values: dict[str, str], *, row: int | None = None, to_decide: str = "") -> ChangeRow:
    """A row of law that is new; `row` is its row in the file it comes from."""
    return ChangeRow(table=table, action=Action.CREATE, values=values, source_row=row, to_decide=to_decide)


def ended(
    table: str, pk: int | None, seen: Texts, values: dict[str, str] | None = None, *, row: int | None = None
) -> ChangeRow:
    """The end of a published row: the day before the set takes effect, or on the `valid_to` of `values`."""
    return ChangeRow(table=table, action=Action.END, target=pk, seen=seen, values=values or {}, source_row=row)


def replaced(
    table: str, pk: int | None, seen: Texts, values: dict[str, str], *, row: int | None = None, to_decide: str = ""
) -> ChangeRow:
    """Other values for a published row: only those that change."""
    return ChangeRow(
        table=table,
        action=Action.REPLACE,
        target=pk,
        seen=seen,
        values=values,
        source_row=row,
        to_decide=to_decide,
    )


_STORED = ("place", "table", "action", "target", "seen", "values", "source_row", "to_decide", "written")


def store(change_set: ChangeSet, rows: Sequence[ChangeRow], *, first: int) -> None:
    """Save rows as those of a set, in places from `first` on."""
    for place, row in enumerate(rows, start=first):
        row.place = place
    copy_in(
        ChangeRow,
        [{"change_set": change_set, **{name: getattr(row, name) for name in _STORED}} for row in rows],
    )
