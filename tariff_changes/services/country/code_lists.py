"""Code lists, offices and sections of a folder: what is new is added, what differs is changed, the rest stays.

They are no law: officers keep them in the admin, and a trigger keeps the history of every row.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from lib.bulk import copy_in
from tariff_changes.services.country.folder import FileRow
from tariff_changes.services.country.present import Present, Tally, Wanted
from tariffs.columns import Table

BATCH = 2000


def bring_in(table: Table, rows: Sequence[FileRow]) -> Tally:
    """Make the table hold every row."""
    present = Present(table)
    wanted = present.wanted(rows)
    new: list[dict[str, Any]] = []
    changed: list[Any] = []
    for each in wanted:
        values = _values(table, each)
        pk, standing = present.rows.get(each.key, (None, {}))
        if pk is None:
            new.append(values)
        elif any(standing[name] != text for name, text in each.texts.items()):
            changed.append(table.model(pk=pk, **values))
    if changed:
        table.model.objects.bulk_update(changed, [table.path(name) for name in table.of_file], batch_size=BATCH)
    copy_in(table.model, new)
    return Tally(len(new), len(changed), len(wanted) - len(new) - len(changed))


def _values(table: Table, wanted: Wanted) -> dict[str, Any]:
    """The row's values by field."""
    values = {table.path(name): value for name, value in wanted.row.values.items()}
    if table.dated:
        last_day = wanted.texts["valid_to"]
        values["valid_to"] = date.fromisoformat(last_day) if last_day else None
    return values
