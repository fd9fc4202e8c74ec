"""The tables of the law for travellers: categories, allowances, limits of cash, requirements, posts, terms."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from lib.cells import code, decimal, flag, matching, one_of, or_empty, origin, text, whole, words
from tariffs.columns.shared import ACT, CODES_HINT, EXAMPLE, TAX_CODE, choice, days, names, notes, rate_text
from tariffs.columns.table import LawColumn, Table
from tariffs.models import (
    CashLimit,
    Direction,
    Residents,
    TravelAllowance,
    TravelCategory,
    TravelPost,
    TravelRequirement,
    TravelTerm,
    Way,
)

_WORD = matching(r"[A-Z0-9-]{1,20}", _("Write up to twenty capital letters, digits or hyphens."))
_CODE = LawColumn("code", _WORD, first=True)
_DIRECTION = choice("direction", Direction.choices, first=True)
_RESIDENTS = choice("residents", Residents.choices, required=False, usual="any")
_END = (*notes(400), EXAMPLE, replace(ACT, first=True), *days(first=True))


def _way(**more: Any) -> LawColumn:
    return choice("way", Way.choices, first=True, **more)


def _unit(name: str, **more: Any) -> LawColumn:
    return LawColumn(name, code(4), refers="unit", **more)


def _money_or_unit(value: str) -> str:
    read: str = one_of(TravelAllowance.MONEY)(value) if value == TravelAllowance.MONEY else code(4)(value)
    return read


TRAVEL_CATEGORY = Table(
    "travel_category",
    TravelCategory._meta.verbose_name or "",
    TravelCategory,
    "travel_categories.csv",
    (
        _CODE,
        choice("topic", TravelCategory.Topic.choices, first=True),
        LawColumn(
            "commodity", matching(r"\d{0,11}", _("Write up to eleven digits.")), required=False, widget="commodity"
        ),
        _unit("unit", required=False),
        *names(),
        *_END,
    ),
    public="travel_categories",
    title=_("Travellers' goods in everyday words, with their commodity codes"),
    order=("topic", "code"),
)

TRAVEL_ALLOWANCE = Table(
    "travel_allowance",
    TravelAllowance._meta.verbose_name or "",
    TravelAllowance,
    "travel_allowances.csv",
    (
        _CODE,
        _DIRECTION,
        _way(required=False),
        LawColumn(
            "categories", words, required=False, refers="travel_category", many=True, hint=CODES_HINT, first=True
        ),
        LawColumn("amount", decimal, first=True),
        LawColumn("unit", _money_or_unit, first=True, hint=_("MONEY, or a unit: KGM, LTR, NAR, GRM.")),
        LawColumn("currency", or_empty(code(3)), required=False, refers="currency", first=True),
        choice("period", TravelAllowance.Period.choices, required=False, usual="crossing"),
        LawColumn("age_from", whole, required=False),
        _RESIDENTS,
        LawColumn("group", or_empty(_WORD), required=False, hint=_("Rows of one group are one rule.")),
        choice("combines", TravelAllowance.Combines.choices, required=False, usual="and"),
        LawColumn("pooled", flag, required=False, widget="flag", usual="no"),
        choice("above", TravelAllowance.Above.choices, first=True),
        LawColumn("rate", or_empty(rate_text), required=False, field="rate_text", first=True, fault="T405"),
        choice("charged", TravelAllowance.Charged.choices, required=False, usual="excess"),
        LawColumn("tax", or_empty(TAX_CODE), required=False, field="tax_code"),
        *names(),
        *_END,
    ),
    public="travel_allowances",
    title=_("What travellers may carry free, and what is due above it"),
    order=("group", "code"),
)

CASH_LIMIT = Table(
    "cash_limit",
    CashLimit._meta.verbose_name or "",
    CashLimit,
    "travel_cash.csv",
    (
        _CODE,
        _DIRECTION,
        _RESIDENTS,
        choice("kind", CashLimit.Kind.choices, first=True),
        choice("duty", CashLimit.Duty.choices, first=True),
        LawColumn("amount", decimal, first=True),
        LawColumn("currency", code(3), refers="currency", first=True),
        LawColumn("as_declared", flag, required=False, widget="flag", usual="no"),
        *names(),
        *_END,
    ),
    public="travel_cash",
    title=_("Limits of cash and bearer instruments"),
    order=("direction", "code"),
)

TRAVEL_REQUIREMENT = Table(
    "travel_requirement",
    TravelRequirement._meta.verbose_name or "",
    TravelRequirement,
    "travel_requirements.csv",
    (
        _CODE,
        _DIRECTION,
        LawColumn("category", _WORD, refers="travel_category", first=True),
        choice("duty", TravelRequirement.Duty.choices, first=True),
        LawColumn("document", or_empty(text(5)), required=False, refers="document_type"),
        *names(),
        *_END,
    ),
    public="travel_requirements",
    title=_("What travellers declare, need a paper for, or may not carry"),
    order=("category", "code"),
)

TRAVEL_POST = Table(
    "travel_post",
    TravelPost._meta.verbose_name or "",
    TravelPost,
    "travel_posts.csv",
    (
        LawColumn("code", code(8), refers="office", first=True),
        _way(),
        *names(),
        *_END,
    ),
    series=("code", "way"),
    public="travel_posts",
    title=_("Where travellers cross the border, and how"),
    order=("way", "code"),
)

TRAVEL_TERM = Table(
    "travel_term",
    TravelTerm._meta.verbose_name or "",
    TravelTerm,
    "travel_terms.csv",
    (
        _CODE,
        choice("kind", TravelTerm.Kind.choices, first=True),
        LawColumn("origin", or_empty(origin(8)), required=False, refers="origin"),
        LawColumn("days", whole, first=True),
        *names(),
        *_END,
    ),
    series=("kind", "origin"),
    public="travel_terms",
    title=_("Terms for travellers, in days"),
    order=("kind", "origin"),
)

TRAVEL = (TRAVEL_CATEGORY, TRAVEL_ALLOWANCE, CASH_LIMIT, TRAVEL_REQUIREMENT, TRAVEL_POST, TRAVEL_TERM)
