"""Rows that published change sets have decided about: a country's files, loaded again, leave them as they are."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from tariff_changes.models import ChangeRow, ChangeSet
from tariff_changes.selectors.law_texts import Texts
from tariffs.columns import LAW, Table
from tariffs.models import Country, CountryGroup

Key = tuple[Any, ...]


def settled(table: str) -> set[Key]:
    """The key of each row that a published set created, ended, replaced or took out, with its first day.

    Keys are the values of the fields that `Table.series` names and `valid_from`, as the tables hold them.
    """
    kind = LAW[table]
    rows = ChangeRow.objects.filter(table=table, change_set__status=ChangeSet.Status.PUBLISHED)
    pks: set[int] = set()
    seen: dict[int, Texts] = {}
    for target, written, texts in rows.values_list("target", "written", "seen"):
        pks |= {pk for pk in (target, written) if pk is not None}
        if target is not None:
            seen[target] = texts
    if not pks:
        return set()
    fields = [*(kind.path(column).split("__")[0] for column in kind.series), *(["valid_from"] if kind.dated else [])]
    held = {pk: tuple(key) for pk, *key in kind.model.objects.filter(pk__in=pks).values_list("pk", *fields)}
    return {*held.values(), *_taken_out(kind, [texts for pk, texts in seen.items() if pk not in held])}


def _taken_out(table: Table, rows: Sequence[Texts]) -> set[Key]:
    """Keys of rows that are not in the tables any more, from what they were when they were chosen."""
    if not rows:
        return set()
    named: dict[str, dict[str, Any]] = {"additive": {"yes": True, "no": False}}
    if table.name == "group_member":
        named["group"] = dict(CountryGroup.objects.values_list("code", "pk"))
        named["country"] = dict(Country.objects.values_list("code", "pk"))
    return {
        (
            *(named[column].get(row[column]) if column in named else row[column] for column in table.series),
            *([date.fromisoformat(row["valid_from"])] if table.dated else []),
        )
        for row in rows
    }
