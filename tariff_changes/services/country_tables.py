"""The tables of a country folder: their files, columns, and the models they fill. docs/country.md tells the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Office
from lib.cells import day, decimal, flag, matching, month_and_day, one_of, text, whole, words
from lib.sheets import Column
from tariffs.models import (
    CodeListEntry,
    CountryGroup,
    Currency,
    DeliveryTerm,
    DocumentType,
    Flow,
    Measure,
    PackageKind,
    Section,
    Tax,
    TransportMode,
    Unit,
)
from tariffs.models import Country as CountryRow
from tariffs.rates import RateUnreadable, parse
from tariffs.wording import unreadable


def rate_text(value: str) -> str:
    """A rate that the grammar of rate texts can read, kept as it is written."""
    try:
        parse(value)
    except RateUnreadable as error:
        raise ValueError(unreadable(error)) from None
    return value


@dataclass(frozen=True, slots=True)
class Table:
    """A file of the folder. `model` is None where the rows need more than a copy (they refer to other rows)."""

    file: str
    columns: Sequence[Column]
    model: Any = None
    key: tuple[str, ...] = ("code",)


def _code(pattern: str) -> Column:
    return Column("code", matching(pattern, _("This is not a code of this list.")))


_NAMES = (
    Column("name", text(250)),
    Column("name_ru", text(250), required=False),
    Column("name_tg", text(250), required=False),
)
_DATES = (Column("valid_from", day), Column("valid_to", day, required=False))
_DESCRIPTIONS = tuple(Column(name, text(4000), required=False) for name in ("description_ru", "description_tg"))
_NOTES = tuple(Column(name, text(8000), required=False) for name in ("note", "note_ru", "note_tg"))
_PREFIX = matching(r"\d{0,11}", _("Write up to eleven digits."))
_TAX = matching(r"[A-Z0-9]{1,8}", _("Write up to eight capital letters or digits."))
_ACT = Column("act", text(60))
_EXAMPLE = Column("example", flag, required=False, field="is_example")

# The order is the order of loading: a table refers only to tables before it.
TABLES: tuple[Table, ...] = (
    Table("countries.csv", (_code(r"[A-Z]{2}"), *_NAMES), CountryRow),
    Table("currencies.csv", (_code(r"[A-Z]{3}"), Column("decimals", whole), *_NAMES), Currency),
    Table(
        "units.csv",
        (
            _code(r"[A-Z0-9]{1,4}"),
            Column("symbol", text(20), required=False),
            Column("base", text(4), required=False),
            Column("factor", lambda value: decimal(value or "1"), required=False),
            *_NAMES,
        ),
        Unit,
    ),
    Table("packages.csv", (_code(r"[A-Z0-9]{1,3}"), *_NAMES), PackageKind),
    Table(
        "delivery_terms.csv",
        (
            _code(r"[A-Z]{3}"),
            Column("includes_freight", flag, required=False),
            Column("includes_insurance", flag, required=False),
            *_NAMES,
        ),
        DeliveryTerm,
    ),
    Table("transport_modes.csv", (_code(r"[A-Z0-9]{1,3}"), *_NAMES), TransportMode),
    Table(
        "document_types.csv",
        (
            _code(r"[A-Z0-9]{1,5}"),
            Column("proves_origin", flag, required=False),
            Column("is_invoice", flag, required=False),
            Column("is_transport", flag, required=False),
            *_NAMES,
        ),
        DocumentType,
    ),
    Table(
        "code_lists.csv",
        (
            Column("code_list", one_of("declaration_type", "general_procedure", "valuation_method", "working_mode")),
            _code(r"[A-Z0-9]{1,8}"),
            *_NAMES,
        ),
        CodeListEntry,
        ("code_list", "code"),
    ),
    Table(
        "sections.csv",
        (
            Column("number", whole),
            Column("roman", text(5)),
            Column("first_chapter", matching(r"\d\d", _("Write two digits."))),
            Column("last_chapter", matching(r"\d\d", _("Write two digits."))),
            *_NOTES,
            *_NAMES,
        ),
        Section,
        ("number",),
    ),
    Table(
        "offices.csv",
        (
            _code(r"[A-Z0-9]{1,8}"),
            Column("name", text(120)),
            Column("name_ru", text(120), required=False),
            Column("name_tg", text(120), required=False),
            Column("address", text(250), required=False),
            Column("is_border", flag, required=False),
            *_DATES,
        ),
        Office,
    ),
    Table("groups.csv", (_code(r"[A-Z0-9]{1,8}"), *_NAMES), CountryGroup),
    Table("group_members.csv", (Column("group", text(8)), Column("country", text(2)), *_DATES)),
    Table(
        "legal_acts.csv",
        (
            Column("number", text(60)),
            Column("date", day, required=False),
            Column("title", text(300)),
            Column("title_ru", text(300), required=False),
            Column("title_tg", text(300), required=False),
            Column("link", text(200), required=False),
        ),
    ),
    Table(
        "procedures.csv",
        (
            _code(r"[A-Z0-9]{1,4}"),
            Column("is_national", flag, required=False),
            Column("general_procedure", text(4), required=False),
            Column("suspends", flag, required=False),
            Column("needs_previous", flag, required=False),
            *_NAMES,
            *_DATES,
        ),
    ),
    Table(
        "taxes.csv",
        (
            Column("code", _TAX),
            Column("sequence", whole),
            Column("scope", one_of(*Tax.Scope.values)),
            Column("flow", one_of(*Tax.Flow.values)),
            Column("base_includes_value", flag),
            Column("base_taxes", words, required=False),
            Column("base_adjustment", decimal, required=False),
            Column("decimals", whole),
            Column("rounding", one_of(*Tax.Rounding.values)),
            Column("is_suspended", flag),
            _ACT,
            *_NAMES,
            *_DATES,
        ),
    ),
    Table(
        "nomenclature.csv",
        (
            Column("code", matching(r"\d{2,11}", _("Write two to eleven digits."))),
            Column("supplementary_unit", text(4), required=False),
            Column("description", text(4000), required=False),
            *_DESCRIPTIONS,
            *_NOTES,
            Column("valid_from", day, required=False),
            Column("valid_to", day, required=False),
        ),
    ),
    Table(
        "quotas.csv",
        (
            Column("number", matching(r"[A-Za-z0-9./-]{1,17}", _("Write up to 17 letters or digits."))),
            Column("volume", decimal),
            Column("unit", text(4)),
            _ACT,
            *_NAMES,
            *_DATES,
        ),
    ),
    Table(
        "measures.csv",
        (
            Column("kind", lambda value: one_of(*Measure.Kind.values)(value or "rate"), required=False),
            Column("tax", lambda value: _TAX(value) if value else "", required=False, field="tax_code"),
            Column("flow", lambda value: one_of(*Flow.values)(value) if value else "", required=False),
            Column("commodity", _PREFIX, required=False, field="commodity_prefix"),
            Column("excluded_commodities", words, required=False),
            Column("origin", text(8), required=False),
            Column("excluded_origins", words, required=False),
            Column("procedure", text(4), required=False),
            Column("national_procedure", text(4), required=False),
            Column("preference", text(8), required=False),
            Column("document", text(5), required=False, field="document_code"),
            Column("alternative_documents", words, required=False),
            Column("quota", text(17), required=False, field="quota_number"),
            Column("season_from", month_and_day, required=False),
            Column("season_to", month_and_day, required=False),
            Column("rate", lambda value: rate_text(value) if value else "", required=False, field="rate_text"),
            Column("additive", flag, required=False),
            *(Column(name, text(300), required=False) for name in ("note", "note_ru", "note_tg")),
            _EXAMPLE,
            _ACT,
            *_DATES,
        ),
    ),
    Table(
        "fees.csv",
        (
            Column("tax", _TAX, field="tax_code"),
            Column("from_value", decimal),
            Column("fee", rate_text),
            _EXAMPLE,
            _ACT,
            *_DATES,
        ),
    ),
    Table(
        "exchange_rates.csv",
        (
            Column("currency", matching(r"[A-Z]{3}", _("Write the three letters of the currency."))),
            Column("nominal", whole),
            Column("rate", decimal),
            Column("source", text(120), required=False),
            _EXAMPLE,
            *_DATES,
        ),
    ),
)
BY_FILE = {table.file: table for table in TABLES}
