"""The law for travellers on a day: limits, limits of cash, requirements, categories, posts, terms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from lib.figures import ZERO
from lib.languages import in_language
from lib.remembered import Remembered
from passengers.calculation import CashRule, Limit, Party, TravelLaw
from tariffs.calculation import Consignment, ConsignmentItem, ExchangeRateFact, Law
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
from tariffs.selectors import Edition, code_lists, currencies, exchange_rates, law_for, legal_basis

USUAL_VALIDITY = 30

_rows: Remembered[tuple[Edition, date, str], tuple[Any, ...]] = Remembered(64)
_rates: Remembered[tuple[Edition, date], Mapping[str, ExchangeRateFact]] = Remembered(16)


def travel_law(party: Party, *, direction: str, way: str, on: date) -> TravelLaw:
    """The limits for the direction and way, and the tariff's law for full payments of these goods."""
    items = tuple(
        ConsignmentItem(good.number, good.commodity_code, "", good.value or ZERO, supplementary=good.quantities)
        for good in party.goods
    )
    tariff = law_for(Consignment(party.flow, "4", currencies().national.code, items), on=on)
    # Sums are told in any currency that a traveller may carry: all rates of the day go in.
    rates = _rates.one((_edition(on), on), lambda: exchange_rates(on=on))
    tariff = replace(tariff, exchange_rates=rates)
    return TravelLaw(tariff, tuple(limit_of(row) for row in allowances(direction=direction, way=way, on=on)))


def exchange_law(*, on: date) -> Law:
    """National currency and every rate of the day: what sums of several currencies are compared by."""
    return travel_law(Party((), ()), direction=Direction.EXIT, way="", on=on).tariff


def _edition(on: date) -> Edition:
    return code_lists(on=on).edition


def _of_day(table: Any, *, on: date) -> Sequence[Any]:
    """The rows of a table in force, remembered by each process until the law changes. They are not for editing."""

    def read() -> tuple[Any, ...]:
        return tuple(table.objects.on(on).select_related("legal_act").order_by(*table._meta.ordering))

    return _rows.one((_edition(on), on, table.__name__), read)


def _for_direction(table: Any, *, direction: str, on: date) -> list[Any]:
    return [row for row in _of_day(table, on=on) if row.direction in (direction, Direction.BOTH)]


def allowances(*, direction: str, way: str, on: date) -> Sequence[TravelAllowance]:
    """Rows for the direction and way; without a way those of every way."""
    rows = _for_direction(TravelAllowance, direction=direction, on=on)
    return [row for row in rows if not way or row.way in (way, "")]


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
    return sorted(_for_direction(CashLimit, direction=direction, on=on), key=lambda row: (row.duty, row.code))


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
    rows = _for_direction(TravelRequirement, direction=direction, on=on)
    wanted = None if of is None else set(of)
    found = [row for row in rows if wanted is None or row.category in wanted]
    return sorted(found, key=lambda row: (row.duty, row.code))


def categories(*, on: date) -> Sequence[TravelCategory]:
    """Every category in force, in the order of its question."""
    return _of_day(TravelCategory, on=on)


def posts(*, way: str, on: date) -> Sequence[TravelPost]:
    """Where one crosses by this way."""
    return [row for row in _of_day(TravelPost, on=on) if row.way == way]


def terms(*, on: date) -> Sequence[TravelTerm]:
    """Every term in force, in the order of its kind."""
    return _of_day(TravelTerm, on=on)


def term(kind: str, *, on: date, countries: Iterable[str] = ()) -> TravelTerm | None:
    """The term in force: one for one of the countries (or groups) before the general one."""
    wanted = {"", *countries}
    found = [row for row in _of_day(TravelTerm, on=on) if row.kind == kind and row.origin in wanted]
    return max(found, key=lambda row: bool(row.origin), default=None)


def validity(*, on: date) -> int:
    """Days for which a declaration that is sent on the day may be presented."""
    found = term(TravelTerm.Kind.VALIDITY, on=on)
    return found.days if found else USUAL_VALIDITY
