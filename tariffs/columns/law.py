"""The tables of law: acts, taxes, quotas, nomenclature, members of groups, measures, exchange rates, travellers."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from lib.cells import above_zero, code, day, decimal, matching, or_empty, origin, origins, text, whole, words
from tariffs.columns.charging import CHARGING
from tariffs.columns.papers import SCAN_RULE
from tariffs.columns.shared import (
    ACT,
    ACT_IF_ANY,
    CODES_HINT,
    EXAMPLE,
    TAX_CODE,
    choice,
    days,
    flag_column,
    long_text,
    names,
    notes,
    rate_text,
    season,
)
from tariffs.columns.table import LawColumn, Table
from tariffs.columns.travel import TRAVEL
from tariffs.models import Commodity, CountryGroupMember, ExchangeRate, Flow, LegalAct, Measure, Quota, Tax


def _whole_and_positive(value: str) -> int:
    above_zero(value)
    return whole(value)


# The tables ---------------------------------------------------------------------------------------------------

LEGAL_ACT = Table(
    "legal_act",
    _("legal act"),
    LegalAct,
    "legal_acts.csv",
    (
        LawColumn("number", text(60)),
        LawColumn("date", day, required=False, widget="day"),
        long_text("title", 300),
        long_text("title_ru", 300, required=False),
        long_text("title_tg", 300, required=False),
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
        LawColumn("code", TAX_CODE),
        LawColumn("sequence", whole),
        choice("scope", Tax.Scope.choices),
        choice("flow", Flow.choices),
        flag_column("base_includes_value"),
        LawColumn("base_taxes", words, required=False, refers="tax", many=True),
        LawColumn("base_adjustment", decimal, required=False),
        LawColumn("missing_adjustment", decimal, required=False),
        LawColumn("decimals", whole),
        choice("rounding", Tax.Rounding.choices),
        flag_column("is_suspended"),
        ACT,
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
        ACT,
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
        *(long_text(name, 4000, required=False) for name in ("description", "description_ru", "description_tg")),
        *notes(8000),
        LawColumn("indent", whole, required=False, in_file=False),
        flag_column("declarable", required=False, in_file=False),
        LawColumn("supplementary_unit", code(4), required=False, refers="unit"),
        ACT_IF_ANY,
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
        LawColumn("country", origin(2), field="country__code", refers="country"),
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
        choice("kind", Measure.Kind.choices, required=False, usual="rate", first=True),
        LawColumn("tax", or_empty(TAX_CODE), required=False, field="tax_code", refers="tax", first=True),
        choice("flow", Flow.choices, required=False, first=True),
        LawColumn(
            "commodity",
            matching(r"\d{0,11}", _("Write up to eleven digits.")),
            required=False,
            field="commodity_prefix",
            widget="commodity",
            hint=_("2 to 10 digits; longer ones inherit it. Empty: all goods."),
            first=True,
        ),
        LawColumn("excluded_commodities", words, required=False, many=True, hint=CODES_HINT),
        LawColumn(
            "origin",
            origin(8),
            required=False,
            refers="origin",
            hint=_("A country or a group. Empty: any."),
            first=True,
        ),
        LawColumn("excluded_origins", origins, required=False, refers="origin", many=True, hint=CODES_HINT),
        LawColumn("procedure", code(4), required=False, refers="procedure"),
        LawColumn("national_procedure", code(4), required=False, refers="national_procedure"),
        LawColumn("preference", code(8), required=False),
        LawColumn("document", code(5), required=False, field="document_code", refers="document_type", first=True),
        LawColumn("alternative_documents", words, required=False, refers="document_type", many=True, hint=CODES_HINT),
        LawColumn("quota", code(17), required=False, field="quota_number", refers="quota"),
        season("season_from", _("Month and day: 06-01.")),
        season("season_to", _("Month and day: 11-30.")),
        LawColumn(
            "rate",
            or_empty(rate_text),
            required=False,
            field="rate_text",
            hint=_("As the law writes it: 10% min 0.15 EUR/kg, 5%, Free."),
            first=True,
            fault="T405",
        ),
        flag_column("additive", required=False, usual="no"),
        *notes(300),
        EXAMPLE,
        replace(ACT, first=True),
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
        EXAMPLE,
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
        LawColumn("tax", TAX_CODE, field="tax_code", refers="tax"),
        LawColumn("from_value", decimal),
        LawColumn("fee", rate_text, fault="T405"),
        EXAMPLE,
        ACT,
        *days(),
    ),
    series=("tax", "from_value"),
)

# In the order in which law is written: a table refers only to tables before it.
LAW: dict[str, Table] = {
    table.name: table
    for table in (LEGAL_ACT, TAX, QUOTA, COMMODITY, GROUP_MEMBER, MEASURE, EXCHANGE_RATE, *CHARGING, SCAN_RULE, *TRAVEL)
}


def changed_by_hand() -> dict[str, Table]:
    """The tables of which officers put rows into change sets."""
    return {name: table for name, table in LAW.items() if table.changed_by_hand}
