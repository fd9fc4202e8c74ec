"""The tables of law: acts, taxes, quotas, nomenclature, members of groups, measures, exchange rates."""

from dataclasses import replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lib.cells import (
    above_zero,
    code,
    day,
    decimal,
    flag,
    matching,
    month_and_day,
    one_of,
    or_empty,
    text,
    whole,
    words,
)
from tariffs.columns.table import Choices, LawColumn, Table
from tariffs.models import Commodity, CountryGroupMember, ExchangeRate, Flow, LegalAct, Measure, Quota, Tax
from tariffs.rates import RateUnreadable, parse
from tariffs.wording import unreadable


def rate_text(value: str) -> str:
    """A rate that the grammar of rate texts can read, kept as it is written."""
    try:
        parse(value)
    except RateUnreadable as error:
        raise ValueError(unreadable(error)) from None
    return value


def _whole_and_positive(value: str) -> int:
    above_zero(value)
    return whole(value)


# Columns that come again --------------------------------------------------------------------------------------


def _long(name: str, limit: int, **more: Any) -> LawColumn:
    return LawColumn(name, text(limit), widget="long", **more)


def _flag(name: str, **more: Any) -> LawColumn:
    return LawColumn(name, flag, widget="flag", **more)


def _choice(name: str, choices: Choices, **more: Any) -> LawColumn:
    read = one_of(*(value for value, _label in choices))
    if not more.get("required", True):
        read = or_empty(read, more.get("usual", ""))
    return LawColumn(name, read, widget="choice", choices=choices, **more)


def _season(name: str, hint: str | Promise) -> LawColumn:
    return LawColumn(name, month_and_day, required=False, hint=hint, fault="T409")


def names(limit: int = 250) -> tuple[LawColumn, ...]:
    """A name in three languages."""
    return (
        _long("name", limit),
        _long("name_ru", limit, required=False),
        _long("name_tg", limit, required=False),
    )


def days(**more: Any) -> tuple[LawColumn, ...]:
    """The first and the last day of a row, both inclusive."""
    return (
        LawColumn("valid_from", day, of_the_set=True, widget="day", hint=_FROM_HINT, **more),
        LawColumn("valid_to", day, required=False, widget="day", hint=_("Empty: without an end."), **more),
    )


def notes(limit: int) -> tuple[LawColumn, ...]:
    """A note in three languages."""
    return tuple(_long(name, limit, required=False) for name in ("note", "note_ru", "note_tg"))


_FROM_HINT = _("Empty: the day of the change set.")
_CODES_HINT = _("Codes with spaces between them.")
_TAX = matching(r"[A-Z0-9]{1,8}", _("Write up to eight capital letters or digits."))
_ACT = LawColumn(
    "act",
    text(60),
    field="legal_act__number",
    of_the_set=True,
    refers="act",
    hint=_("Empty: the act of the change set."),
)
_ACT_IF_ANY = replace(_ACT, required=False, in_file=False)
_EXAMPLE = _flag("example", required=False, field="is_example", usual="no")

# The tables ---------------------------------------------------------------------------------------------------

LEGAL_ACT = Table(
    "legal_act",
    _("legal act"),
    LegalAct,
    "legal_acts.csv",
    (
        LawColumn("number", text(60)),
        LawColumn("date", day, required=False, widget="day"),
        _long("title", 300),
        _long("title_ru", 300, required=False),
        _long("title_tg", 300, required=False),
        LawColumn("link", text(200), required=False),
    ),
    series=("number",),
    dated=False,
    public="legal_acts",
    title=_("The legal acts that taxes and measures are based on"),
    order=("number",),
)

TAX = Table(
    "tax",
    _("tax"),
    Tax,
    "taxes.csv",
    (
        LawColumn("code", _TAX),
        LawColumn("sequence", whole),
        _choice("scope", Tax.Scope.choices),
        _choice("flow", Flow.choices),
        _flag("base_includes_value"),
        LawColumn("base_taxes", words, required=False, refers="tax", many=True),
        LawColumn("base_adjustment", decimal, required=False),
        LawColumn("missing_adjustment", decimal, required=False),
        LawColumn("decimals", whole),
        _choice("rounding", Tax.Rounding.choices),
        _flag("is_suspended"),
        _ACT,
        *names(),
        *days(),
    ),
    public="taxes",
    title=_("Duties, taxes and fees: base, order of computation, rounding"),
    order=("sequence", "code"),
)

QUOTA = Table(
    "quota",
    _("tariff quota"),
    Quota,
    "quotas.csv",
    (
        LawColumn("number", matching(r"[A-Za-z0-9./-]{1,17}", _("Write up to 17 letters or digits."))),
        LawColumn("volume", decimal),
        LawColumn("unit", code(4), refers="unit"),
        _ACT,
        *names(),
        *days(),
    ),
    series=("number",),
    public="quotas",
    title=_("Tariff quotas and their volumes"),
    order=("number",),
)

COMMODITY = Table(
    "commodity",
    _("commodity"),
    Commodity,
    "nomenclature.csv",
    (
        LawColumn("code", matching(r"\d{2,11}", _("Write two to eleven digits.")), widget="commodity"),
        *(_long(name, 4000, required=False) for name in ("description", "description_ru", "description_tg")),
        *notes(8000),
        LawColumn("indent", whole, required=False, in_file=False),
        _flag("declarable", required=False, in_file=False),
        LawColumn("supplementary_unit", code(4), required=False, refers="unit"),
        _ACT_IF_ANY,
        replace(days()[0], required=False),
        days()[1],
    ),
    public="commodities",
    title=_("The nomenclature from chapters to ten digits"),
    order=("code",),
)

GROUP_MEMBER = Table(
    "group_member",
    _("member of a country group"),
    CountryGroupMember,
    "group_members.csv",
    (
        LawColumn("group", code(8), field="group__code", refers="group"),
        LawColumn("country", code(2), field="country__code", refers="country"),
        *days(),
    ),
    series=("group", "country"),
    public="group_members",
    title=_("Which country belongs to which group"),
    order=("group__code", "country__code"),
)

MEASURE = Table(
    "measure",
    _("measure"),
    Measure,
    "measures.csv",
    (
        _choice("kind", Measure.Kind.choices, required=False, usual="rate", first=True),
        LawColumn("tax", or_empty(_TAX), required=False, field="tax_code", refers="tax", first=True),
        _choice("flow", Flow.choices, required=False, first=True),
        LawColumn(
            "commodity",
            matching(r"\d{0,11}", _("Write up to eleven digits.")),
            required=False,
            field="commodity_prefix",
            widget="commodity",
            hint=_("2 to 10 digits; longer ones inherit it. Empty: all goods."),
            first=True,
        ),
        LawColumn("excluded_commodities", words, required=False, many=True, hint=_CODES_HINT),
        LawColumn(
            "origin",
            code(8),
            required=False,
            refers="origin",
            hint=_("A country or a group. Empty: any."),
            first=True,
        ),
        LawColumn("excluded_origins", words, required=False, refers="origin", many=True, hint=_CODES_HINT),
        LawColumn("procedure", code(4), required=False, refers="procedure"),
        LawColumn("national_procedure", code(4), required=False, refers="national_procedure"),
        LawColumn("preference", code(8), required=False),
        LawColumn("document", code(5), required=False, field="document_code", refers="document_type", first=True),
        LawColumn("alternative_documents", words, required=False, refers="document_type", many=True, hint=_CODES_HINT),
        LawColumn("quota", code(17), required=False, field="quota_number", refers="quota"),
        _season("season_from", _("Month and day: 06-01.")),
        _season("season_to", _("Month and day: 11-30.")),
        LawColumn(
            "rate",
            or_empty(rate_text),
            required=False,
            field="rate_text",
            hint=_("As the law writes it: 10% min 0.15 EUR/kg, 5%, Free."),
            first=True,
            fault="T405",
        ),
        _flag("additive", required=False, usual="no"),
        *notes(300),
        _EXAMPLE,
        replace(_ACT, first=True),
        *days(first=True),
    ),
    series=(
        "kind", "tax", "flow", "commodity", "origin", "procedure", "national_procedure", "preference", "document",
        "quota", "season_from", "season_to", "additive",
    ),
    public="measures",
    title=_("Rates, preferences, quotas, restrictions and prohibitions"),
    order=("tax_code", "commodity_prefix", "pk"),
    shows_key=True,
)  # fmt: skip

EXCHANGE_RATE = Table(
    "exchange_rate",
    _("exchange rate"),
    ExchangeRate,
    "exchange_rates.csv",
    (
        LawColumn("currency", matching(r"[A-Z]{3}", _("Write the three letters of the currency.")), refers="currency"),
        LawColumn("nominal", _whole_and_positive),
        LawColumn("rate", above_zero),
        LawColumn("source", text(120), required=False),
        _EXAMPLE,
        *days(),
    ),
    series=("currency",),
    changed_by_hand=False,
    public="exchange_rates",
    title=_("Official exchange rates"),
    order=("currency",),
)

# A form of measures of their own: steps by value for a tax that is charged on the declaration.
FEES = Table(
    "fee",
    _("measure"),
    Measure,
    "fees.csv",
    (
        LawColumn("tax", _TAX, field="tax_code", refers="tax"),
        LawColumn("from_value", decimal),
        LawColumn("fee", rate_text, fault="T405"),
        _EXAMPLE,
        _ACT,
        *days(),
    ),
    series=("tax", "from_value"),
)

# In the order in which law is written: a table refers only to tables before it.
LAW: dict[str, Table] = {
    table.name: table for table in (LEGAL_ACT, TAX, QUOTA, COMMODITY, GROUP_MEMBER, MEASURE, EXCHANGE_RATE)
}


def changed_by_hand() -> dict[str, Table]:
    """The tables of which officers put rows into change sets."""
    return {name: table for name, table in LAW.items() if table.changed_by_hand}
