"""The tables of law a change set can hold, and their rows as texts by column name, the way a table would hold them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from tariffs.models import Commodity, CountryGroupMember, LegalAct, Measure, Quota, Tax

Texts = Mapping[str, str]
NAMES = ("name", "name_ru", "name_tg")
DATES = ("valid_from", "valid_to")


@dataclass(frozen=True, slots=True)
class Changeable:
    """A table: its columns in order, and the field behind a column where it has another name.

    `series` names the columns that tell one thing from another: no two rows of a series share a day.
    """

    name: str
    label: Any
    model: Any
    columns: tuple[str, ...]
    series: tuple[str, ...]
    fields: Mapping[str, str] = field(default_factory=dict)
    dated: bool = True

    def path(self, column: str) -> str:
        """The lookup that yields the column's value: `act` is `legal_act__number`."""
        return self.fields.get(column, column)

    def label_of(self, column: str) -> str:
        """The column's name in the reader's language."""
        return str(self.model._meta.get_field(self.path(column).split("__")[0]).verbose_name)


_ACT = {"act": "legal_act__number"}
MEASURE_COLUMNS = (
    "kind", "tax", "flow", "commodity", "excluded_commodities", "origin", "excluded_origins", "procedure",
    "national_procedure", "preference", "document", "alternative_documents", "quota", "season_from", "season_to",
    "rate", "additive", "note", "note_ru", "note_tg", "example", "act", *DATES,
)  # fmt: skip
MEASURE_FIELDS = {
    **_ACT,
    "tax": "tax_code",
    "commodity": "commodity_prefix",
    "document": "document_code",
    "quota": "quota_number",
    "rate": "rate_text",
    "example": "is_example",
}
_COLUMN_OF = {path: column for column, path in MEASURE_FIELDS.items()}

# In the order in which a change set is written: a table refers only to tables before it.
CHANGEABLE: Mapping[str, Changeable] = {
    table.name: table
    for table in (
        Changeable(
            "legal_act",
            _("legal act"),
            LegalAct,
            ("number", "date", "title", "title_ru", "title_tg", "link"),
            ("number",),
            dated=False,
        ),
        Changeable(
            "tax",
            _("tax"),
            Tax,
            ("code", "sequence", "scope", "flow", "base_includes_value", "base_taxes", "base_adjustment", "decimals",
             "rounding", "is_suspended", "act", *NAMES, *DATES),
            ("code",),
            _ACT,
        ),
        Changeable("quota", _("tariff quota"), Quota, ("number", "volume", "unit", "act", *NAMES, *DATES), ("number",),
                   _ACT),
        Changeable(
            "commodity",
            _("commodity"),
            Commodity,
            ("code", "description", "description_ru", "description_tg", "note", "note_ru", "note_tg", "indent",
             "declarable", "supplementary_unit", "act", *DATES),
            ("code",),
            _ACT,
        ),
        Changeable(
            "group_member",
            _("member of a country group"),
            CountryGroupMember,
            ("group", "country", *DATES),
            ("group", "country"),
            {"group": "group__code", "country": "country__code"},
        ),
        Changeable(
            "measure",
            _("measure"),
            Measure,
            MEASURE_COLUMNS,
            tuple(_COLUMN_OF.get(name, name) for name in Measure.KEY),
            MEASURE_FIELDS,
        ),
    )
}  # fmt: skip


def text_of(value: Any) -> str:
    """A value of a field as a cell holds it: a date as 2026-11-23, a flag as yes or no, a list with spaces."""
    if value is None:
        return ""
    if value is True or value is False:
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return _plain(value)
    if isinstance(value, list | tuple):
        return " ".join(str(part) for part in value)
    return str(value)


def _plain(number: Decimal) -> str:
    """Without an exponent and without idle zeros: 0E-4 is 0, 1500.000000 is 1500."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def texts_of(table: Changeable, rows: QuerySet[Any]) -> dict[int, dict[str, str]]:
    """primary key -> texts by column, of the rows of a query. One query."""
    paths = [table.path(column) for column in table.columns]
    return {
        pk: {column: text_of(value) for column, value in zip(table.columns, values, strict=True)}
        for pk, *values in rows.values_list("pk", *paths)
    }


def texts_by_pk(table: Changeable, pks: Iterable[int]) -> dict[int, dict[str, str]]:
    """The published rows with these primary keys, as texts; a key without a row is left out."""
    return texts_of(table, table.model.objects.filter(pk__in=list(pks)))


def texts_in_force(table: Changeable, *, on: date, **lookups: Any) -> dict[int, dict[str, str]]:
    """The rows in force on a date (of legal acts: all) that fit the lookups, as texts."""
    rows: QuerySet[Any] = table.model.objects.on(on) if table.dated else table.model.objects.all()
    return texts_of(table, rows.filter(**lookups))


def series_of(table: Changeable, texts: Texts) -> tuple[str, ...]:
    """What tells the thing a row is about from all others of its table."""
    return tuple(texts.get(column, "") for column in table.series)


def name_of(table: Changeable, texts: Texts) -> str:
    """How a row is called in a sentence: its key without what is empty."""
    shown: Sequence[str] = [
        texts.get(column, "") for column in table.series if column not in ("kind", "additive") and texts.get(column)
    ]
    return " ".join(shown) or str(table.label)


def table_of(row: Model) -> Changeable:
    """The table a published row belongs to."""
    return next(table for table in CHANGEABLE.values() if isinstance(row, table.model))


def becoming(table: Changeable, *, seen: Texts, values: Texts, takes_effect: date, act: str) -> dict[str, str]:
    """The cells of a new row: its own values, what it carries over from `seen`, and what a change set says for all.

    Without a first day of its own it begins when the set takes effect, or with the row it replaces if that is later;
    without an act of its own it rests on the set's.
    """
    texts = {**seen, **values}
    if table.dated:
        texts["valid_from"] = values.get("valid_from") or max(takes_effect.isoformat(), seen.get("valid_from", ""))
    if "act" in table.columns and not values.get("act"):
        texts["act"] = act or seen.get("act", "")
    return texts
