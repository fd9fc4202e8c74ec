"""The whole tariff on a date as open data: which tables there are, their columns, and their rows as CSV or JSON.

Columns have the names that docs/country.md gives them, so that a table can be read back. Rows are fetched and written
in portions: no table is ever held whole.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lib.sheets import written
from tariffs.models import (
    Commodity,
    Country,
    CountryGroup,
    CountryGroupMember,
    DocumentType,
    ExchangeRate,
    LegalAct,
    Measure,
    Procedure,
    Quota,
    Tax,
    Territory,
    Unit,
)

PORTION = 2000
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
NAMES = ("name", "name_ru", "name_tg")
VALIDITY = ("valid_from", "valid_to")


@dataclass(frozen=True)
class OpenTable:
    """A table of the tariff: its public name, what it holds, and column by column where its values come from."""

    name: str
    title: str | Promise
    model: Any
    columns: Mapping[str, str]
    dated: bool = True
    order: tuple[str, ...] = ("pk",)

    def rows(self, *, on: date) -> QuerySet[Any, tuple[Any, ...]]:
        """The rows in force on a date, as tuples in the order of `columns`."""
        found = self.model.objects.on(on) if self.dated else self.model.objects.all()
        rows: QuerySet[Any, tuple[Any, ...]] = found.order_by(*self.order).values_list(*self.columns.values())
        return rows


def _same(*names: str, **others: str) -> dict[str, str]:
    """Column -> field: those of the same name, then those that are named otherwise."""
    return {**{name: name for name in names}, **others}


TABLES: tuple[OpenTable, ...] = (
    OpenTable(
        "commodities",
        _("The nomenclature from chapters to ten digits"),
        Commodity,
        {
            **_same("code", "description", "description_ru", "description_tg", "note", "note_ru", "note_tg"),
            **_same("indent", "declarable"),
            **_same("supplementary_unit", act="legal_act__number"),
            **_same(*VALIDITY),
        },
        order=("code",),
    ),
    OpenTable(
        "measures",
        _("Rates, preferences, quotas, restrictions and prohibitions"),
        Measure,
        {
            **_same("id", "kind", tax="tax_code", flow="flow", commodity="commodity_prefix"),
            **_same("excluded_commodities", "origin", "excluded_origins", "procedure", "national_procedure"),
            **_same("preference", "alternative_documents", document="document_code", quota="quota_number"),
            **_same("season_from", "season_to", "additive", rate="rate_text", example="is_example"),
            **_same("note", "note_ru", "note_tg", act="legal_act__number"),
            **_same(*VALIDITY),
        },
        order=("tax_code", "commodity_prefix", "pk"),
    ),
    OpenTable(
        "taxes",
        _("Duties, taxes and fees: base, order of computation, rounding"),
        Tax,
        {
            **_same("code", "sequence", "scope", "flow", "base_includes_value", "base_taxes", "base_adjustment"),
            **_same("decimals", "rounding", "is_suspended", *NAMES, act="legal_act__number"),
            **_same(*VALIDITY),
        },
        order=("sequence", "code"),
    ),
    OpenTable(
        "quotas",
        _("Tariff quotas and their volumes"),
        Quota,
        {**_same("number", "volume", "unit", *NAMES, act="legal_act__number"), **_same(*VALIDITY)},
        order=("number",),
    ),
    OpenTable(
        "legal_acts",
        _("The legal acts that taxes and measures are based on"),
        LegalAct,
        _same("number", "date", "title", "title_ru", "title_tg", "link"),
        dated=False,
        order=("number",),
    ),
    OpenTable(
        "exchange_rates",
        _("Official exchange rates"),
        ExchangeRate,
        {**_same("currency", "nominal", "rate", "source", example="is_example"), **_same(*VALIDITY)},
        order=("currency",),
    ),
    OpenTable(
        "procedures",
        _("Procedures of box 37"),
        Procedure,
        {
            **_same("code", "is_national", "general_procedure", "suspends", "needs_previous", *NAMES),
            **_same(*VALIDITY),
        },
        order=("is_national", "code"),
    ),
    OpenTable(
        "document_types",
        _("Papers of box 44"),
        DocumentType,
        _same("code", "proves_origin", "is_invoice", "is_transport", *NAMES),
        dated=False,
        order=("code",),
    ),
    OpenTable(
        "units", _("Units of measure"), Unit, _same("code", "symbol", "base", "factor", *NAMES), dated=False,
        order=("code",),
    ),
    OpenTable("countries", _("Countries"), Country, _same("code", *NAMES), dated=False, order=("code",)),
    OpenTable("groups", _("Country groups"), CountryGroup, _same("code", *NAMES), dated=False, order=("code",)),
    OpenTable(
        "group_members",
        _("Which country belongs to which group"),
        CountryGroupMember,
        {"group": "group__code", "country": "country__code", **_same(*VALIDITY)},
        order=("group__code", "country__code"),
    ),
)  # fmt: skip
BY_NAME = {table.name: table for table in TABLES}


def as_csv(table: OpenTable, *, on: date) -> Iterator[str]:
    """The table as CSV: a header, then a line for each row; a list is written with spaces between its parts."""
    rows = table.rows(on=on).iterator(chunk_size=PORTION)
    lines = ([_cell(value) for value in row] for row in rows)
    yield from written(chain([list(table.columns)], lines), line_end="\n")


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " ".join(value)
    return "" if value is None else str(_plain(value))


def _plain(value: Any) -> Any:
    """Numbers exactly as kept and dates as text: JSON has neither."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value


def as_json(*, on: date, territory: Territory) -> Iterator[str]:
    """Every table in one JSON document."""
    head = {"country": territory.code, "currency": territory.currency, "on": on.isoformat(), "licence": LICENCE}
    yield json.dumps(head, ensure_ascii=False)[:-1]
    for table in TABLES:
        yield f', "{table.name}": ['
        yield from _json_rows(table, on=on)
        yield "]"
    yield "}"


def _json_rows(table: OpenTable, *, on: date) -> Iterator[str]:
    separator = ""
    for row in table.rows(on=on).iterator(chunk_size=PORTION):
        record = {name: _plain(value) for name, value in zip(table.columns, row, strict=True)}
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
                "name": table.name,
                "path": f"{table.name}.csv",
                "format": "csv",
                "encoding": "utf-8",
                "schema": {"fields": [{"name": name, "type": _type(table, name)} for name in table.columns]},
            }
            for table in TABLES
        ],
    }


_TYPES = {"BooleanField": "boolean", "DateField": "date", "DecimalField": "number", "BigAutoField": "integer"}


def _type(table: OpenTable, column: str) -> str:
    """The Frictionless type of a column; text where nothing else is known."""
    lookup = table.columns[column]
    if "__" in lookup:
        return "string"
    kind = table.model._meta.get_field(lookup).get_internal_type()
    return "integer" if kind.startswith("Positive") else _TYPES.get(kind, "string")
