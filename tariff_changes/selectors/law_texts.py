"""Published rows of the law as texts by column name, the way a table holds them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from lib.cells import printed
from tariffs.columns import Table

Texts = Mapping[str, str]


def texts_of(table: Table, rows: QuerySet[Any]) -> dict[int, dict[str, str]]:
    """primary key -> texts by column, of the rows of a query. One query."""
    paths = [table.path(column) for column in table.names]
    return {
        pk: {column: printed(value) for column, value in zip(table.names, values, strict=True)}
        for pk, *values in rows.values_list("pk", *paths)
    }


def texts_by_pk(table: Table, pks: Iterable[int]) -> dict[int, dict[str, str]]:
    """The published rows with these primary keys, as texts; a key without a row is left out."""
    return texts_of(table, table.model.objects.filter(pk__in=list(pks)))


def texts_in_force(table: Table, *, on: date, **lookups: Any) -> dict[int, dict[str, str]]:
    """The rows in force on a date (of legal acts: all) that fit the lookups, as texts."""
    rows: QuerySet[Any] = table.model.objects.on(on) if table.dated else table.model.objects.all()
    return texts_of(table, rows.filter(**lookups))


def series_of(table: Table, texts: Texts) -> tuple[str, ...]:
    """What tells the thing a row is about from all others of its table."""
    return tuple(texts.get(column, "") for column in table.series)


def name_of(table: Table, texts: Texts) -> str:
    """How a row is called in a sentence: its key without what is empty."""
    shown: Sequence[str] = [
        texts.get(column, "") for column in table.series if column not in ("kind", "additive") and texts.get(column)
    ]
    return " ".join(shown) or str(table.label)


def becoming(table: Table, *, seen: Texts, values: Texts, takes_effect: date, act: str) -> dict[str, str]:
    """The cells of a new row: its own values, what it carries over from `seen`, and what a change set says for all.

    Without a first day of its own it begins when the set takes effect, or with the row it replaces if that is later;
    without an act of its own it rests on the set's.
    """
    texts = {**seen, **values}
    if table.dated:
        texts["valid_from"] = values.get("valid_from") or max(takes_effect.isoformat(), seen.get("valid_from", ""))
    if "act" in table.names and not values.get("act"):
        texts["act"] = act or seen.get("act", "")
    return texts
