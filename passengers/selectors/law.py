"""The law for travellers on a day: limits, limits of cash, requirements, categories, posts, terms."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from django.db.models import Q

from lib.figures import ZERO
from lib.languages import in_language
from passengers.calculation import CashRule, Limit, Party, TravelLaw
from tariffs.calculation import Consignment, ConsignmentItem
from tariffs.models import (
    CashLimit,
    Direction,
    TravelAllowance,
    TravelCategory,
    TravelPost,
    TravelRequirement,
    TravelTerm,
)
from tariffs.rates import parse
from tariffs.selectors import currencies, exchange_rates, law_for, legal_basis


def travel_law(party: Party, *, direction: str, way: str, on: date) -> TravelLaw:
    """The limits for the direction and way, and the tariff's law for full payments of these goods."""
    items = tuple(
        ConsignmentItem(good.number, good.commodity_code, "", good.value or ZERO, supplementary=good.quantities)
        for good in party.goods
    )
    tariff = law_for(Consignment(party.flow, "4", currencies().national.code, items), on=on)
    # Sums are told in any currency that a traveller may carry: all rates of the day go in.
    tariff = replace(tariff, exchange_rates=exchange_rates(on=on))
    return TravelLaw(tariff, tuple(limit_of(row) for row in allowances(direction=direction, way=way, on=on)))


def allowances(*, direction: str, way: str, on: date) -> Sequence[TravelAllowance]:
    """Rows for the direction and way."""
    rows = TravelAllowance.objects.on(on).filter(direction__in=[direction, Direction.BOTH])
    if way:
        rows = rows.filter(way__in=[way, ""])
    return list(rows.select_related("legal_act").order_by("group", "code"))


def limit_of(row: TravelAllowance) -> Limit:
    """The row as the arithmetic takes it, its name in the reader's language."""
    return Limit(
        code=row.code,
        name=in_language(row),
        amount=row.amount,
        unit=row.unit,
        above=row.above,
        currency=row.currency,
        categories=frozenset(row.categories),
        age_from=row.age_from,
        residents=row.residents,
        group=row.group,
        combines=row.combines,
        pooled=row.pooled,
        rate=parse(row.rate_text) if row.rate_text else None,
        rate_text=row.rate_text,
        charged=row.charged,
        tax_code=row.tax_code,
        legal_basis=legal_basis(row.legal_act),
        is_example=row.is_example,
        period=row.period,
    )


def cash_limits(*, direction: str, on: date) -> Sequence[CashLimit]:
    rows = CashLimit.objects.on(on).filter(direction__in=[direction, Direction.BOTH])
    return list(rows.select_related("legal_act").order_by("duty", "code"))


def cash_rules(*, direction: str, on: date) -> tuple[CashRule, ...]:
    """Limits of cash as the arithmetic takes them."""
    return tuple(
        CashRule(
            code=row.code,
            name=in_language(row),
            duty=row.duty,
            amount=row.amount,
            currency=row.currency,
            kind=row.kind,
            residents=row.residents,
            as_declared=row.as_declared,
            legal_basis=legal_basis(row.legal_act),
            is_example=row.is_example,
        )
        for row in cash_limits(direction=direction, on=on)
    )


def requirements(*, direction: str, on: date, of: Iterable[str] | None = None) -> Sequence[TravelRequirement]:
    """What is asked of the categories `of` (None: of all) in this direction."""
    rows = TravelRequirement.objects.on(on).filter(direction__in=[direction, Direction.BOTH])
    if of is not None:
        rows = rows.filter(category__in=set(of))
    return list(rows.select_related("legal_act").order_by("duty", "code"))


def categories(*, on: date) -> Sequence[TravelCategory]:
    """Every category in force, in the order of its question."""
    return list(TravelCategory.objects.on(on).order_by("topic", "code"))


def posts(*, way: str, on: date) -> Sequence[TravelPost]:
    """Where one crosses by this way."""
    return list(TravelPost.objects.on(on).filter(way=way).order_by("code"))


def term(kind: str, *, on: date, countries: Iterable[str] = ()) -> TravelTerm | None:
    """The term in force: one for one of the countries (or groups) before the general one."""
    rows = TravelTerm.objects.on(on).filter(Q(origin="") | Q(origin__in=list(countries)), kind=kind)
    found: TravelTerm | None = rows.select_related("legal_act").order_by("-origin").first()
    return found
