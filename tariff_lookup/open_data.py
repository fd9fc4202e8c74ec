"""The whole tariff on a date as open data: which tables there are, their columns, and their rows as CSV or JSON.

Columns have the names that docs/country.md gives them, so that a table can be read back. Rows are fetched and written
in portions: no table is ever held whole.
"""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

from django.db.models import QuerySet

from lib.cells import printed
from lib.sheets import written
from tariffs.columns import Table, public_tables
from tariffs.models import Territory

PORTION = 2000
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
_FIRST = ("commodities", "measures", "taxes", "quotas")


def tables() -> dict[str, Table]:
    """The public tables by name, those that most ask for first."""
    found = public_tables()
    return {name: found[name] for name in (*_FIRST, *(name for name in found if name not in _FIRST))}


def columns_of(table: Table) -> dict[str, str]:
    """Column -> where its values come from."""
    key = {"id": "pk"} if table.shows_key else {}
    return {**key, **{name: column.target for name, column in table.by_name.items() if column.public}}


def rows_of(table: Table, *, on: date) -> QuerySet[Any, tuple[Any, ...]]:
    """The rows in force on a date, as tuples in the order of the columns."""
    found = table.model.objects.on(on) if table.dated else table.model.objects.all()
    rows: QuerySet[Any, tuple[Any, ...]] = found.order_by(*table.order).values_list(*columns_of(table).values())
    return rows


def as_csv(table: Table, *, on: date) -> Iterator[str]:
    """The table as CSV: a header, then a line for each row; a list is written with spaces between its parts."""
    lines = ([printed(value) for value in row] for row in rows_of(table, on=on).iterator(chunk_size=PORTION))
    yield from written(chain([list(columns_of(table))], lines), line_end="\n")


def _plain(value: Any) -> Any:
    """Numbers and dates as text: JSON has no exact ones and none."""
    return printed(value) if isinstance(value, Decimal | date) else value


def as_json(*, on: date, territory: Territory) -> Iterator[str]:
    """Every table in one JSON document."""
    head = {"country": territory.code, "currency": territory.currency, "on": on.isoformat(), "licence": LICENCE}
    yield json.dumps(head, ensure_ascii=False)[:-1]
    for table in tables().values():
        yield f', "{table.public}": ['
        yield from _json_rows(table, on=on)
        yield "]"
    yield "}"


def _json_rows(table: Table, *, on: date) -> Iterator[str]:
    separator = ""
    names = list(columns_of(table))
    for row in rows_of(table, on=on).iterator(chunk_size=PORTION):
        record = {name: _plain(value) for name, value in zip(names, row, strict=True)}
        yield separator + json.dumps(record, ensure_ascii=False)
        separator = ",\n"


def descriptor(*, on: date, territory: Territory) -> dict[str, Any]:
    """What the files are, as a Frictionless Data Package (specs.frictionlessdata.io/data-package)."""
    return {
        "name": f"customs-tariff-{territory.code.lower()}-{on.isoformat()}",
        "title": f"Customs tariff of {territory.name} on {on.isoformat()}",
        "licenses": [LICENCE],
        "resources": [
            {
                "name": table.public,
                "path": f"{table.public}.csv",
                "format": "csv",
                "encoding": "utf-8",
                "schema": {
                    "fields": [{"name": name, "type": _type(table, path)} for name, path in columns_of(table).items()]
                },
            }
            for table in tables().values()
        ],
    }


_TYPES = {"BooleanField": "boolean", "DateField": "date", "DecimalField": "number", "BigAutoField": "integer"}


def _type(table: Table, path: str) -> str:
    """The Frictionless type of a column; text where nothing else is known."""
    if "__" in path:
        return "string"
    field = table.model._meta.pk if path == "pk" else table.model._meta.get_field(path)
    kind = field.get_internal_type()
    return "integer" if kind.startswith("Positive") else _TYPES.get(kind, "string")
