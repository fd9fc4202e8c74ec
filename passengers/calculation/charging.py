"""What is above a limit as charges: a flat rate on all of it, or the full duties and taxes of each good's share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from lib.figures import ONE, ZERO, plain
from lib.money import round_money
from passengers.calculation.facts import FULL, MONEY, Charge, Good, Limit
from passengers.calculation.measuring import KILOGRAM, Scales, as_item, scaled
from tariffs.calculation import (
    Consignment,
    ConsignmentItem,
    ExchangeRateFact,
    Goods,
    amount_of,
    assess,
    money_text,
    quantity_text,
)
from tariffs.rates import UNIT_SYMBOLS, Percent, leaves, units_of

_FREE_CIRCULATION = "4"


@dataclass
class Bill:
    """Charges and their sum."""

    charges: list[Charge] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        return sum((charge.amount for charge in self.charges), ZERO)

    def add(self, other: "Bill") -> None:
        self.charges += other.charges


@dataclass(frozen=True, slots=True)
class Over:
    """What is above one limit of a rule: the whole and the excess in its unit; for how many it held, what was used."""

    limit: Limit
    total: Decimal
    over: Decimal
    persons: int
    used: Decimal

    @property
    def share(self) -> Decimal:
        return self.over / self.total if self.total else ZERO


class Till:
    """Makes out the bill of one rule."""

    def __init__(self, scales: Scales, *, flow: str) -> None:
        self.scales, self.flow = scales, flow
        self.law = scales.exchange.law

    def bill(self, limit: Limit, overs: Sequence[Over], goods: Sequence[Good], person: int) -> Bill:
        if limit.above == FULL:
            most = max(overs, key=lambda each: each.share)
            if not most.over:
                return Bill()
            parts = [scaled(good, most.over, most.total) for good in goods]
            return Bill([charge for part in parts for charge in self._full(limit, part, person, most.share)])
        return Bill([self._flat(limit, overs, goods, person)])

    # A flat rate ---------------------------------------------------------------------------------------------
    def _flat(self, limit: Limit, overs: Sequence[Over], goods: Sequence[Good], person: int) -> Charge:
        assert limit.rate is not None
        share = max(each.share for each in overs)
        by_unit = {each.limit.unit: each for each in overs}
        base, text = ZERO, "0"
        if any(isinstance(leaf, Percent) for leaf in leaves(limit.rate)):
            base, text = self._base(by_unit.get(MONEY), goods, share)
        item = self._item(units_of(limit.rate), by_unit, goods, share)
        rated = Goods(self.law, self.scales.exchange, base, text, item)
        amount = amount_of(limit.rate, rated)
        rounded = round_money(amount.exact, self.law.decimals)
        used = dict(rated.used)
        for currency in {*(each.limit.currency for each in overs), *(good.currency for good in goods)} - {""}:
            if fact := self.scales.exchange.fact(currency):
                used[currency] = fact
        return Charge(
            limit=limit.code,
            name=limit.name,
            person=person,
            good=goods[0].number if len(goods) == 1 else None,
            tax_code=limit.tax_code,
            tax_name=limit.name,
            base=base,
            rate_text=limit.rate_text,
            amount=rounded,
            formula=f"{amount.text} = {money_text(rounded, self.law.decimals)} {self.law.currency}",
            legal_basis=limit.legal_basis,
            exchange_rates=tuple(used[code] for code in sorted(used)),
            is_example=limit.is_example,
        )

    def _base(self, money: Over | None, goods: Sequence[Good], share: Decimal) -> tuple[Decimal, str]:
        """The value that is above, and how it comes about: (13 549.65 − 1000 USD × 9.0331)."""
        decimals = self.law.decimals
        if money is None:
            value = sum((self.scales.value(good) for good in goods), ZERO)
            part = round_money(value * share, decimals)
            shown = money_text(part, decimals)
            return part, shown if share == ONE else f"{shown} [of {money_text(value, decimals)}]"
        if money.over == money.total:
            return money.over, money_text(money.over, decimals)
        limit = money.limit
        free = f"{quantity_text(limit.amount)} {limit.currency}"
        if money.persons != 1:
            free = f"{money.persons} × {free}"
        if limit.currency != self.law.currency:
            free += f" × {plain(self.scales.exchange.rate(limit.currency, pointer=''))}"
        used = f" + {money_text(money.used, decimals)}" if money.used else ""
        return money.over, f"({money_text(money.total, decimals)} − {free}{used})"

    def _item(
        self, units: Iterable[str], by_unit: dict[str, Over], goods: Sequence[Good], share: Decimal
    ) -> ConsignmentItem:
        """How much of each unit that the rate counts is above."""
        mass, quantities = ZERO, []
        for unit in sorted(units):
            if unit in by_unit:
                found = by_unit[unit].over
            else:
                found = sum((self.scales.of(good, unit) for good in goods), ZERO) * share
            if unit == KILOGRAM:
                mass = found
            else:
                quantities.append((unit, found))
        return replace(as_item(Good(0, "", None)), net_mass=mass, gross_mass=mass, supplementary=tuple(quantities))

    # Full duties and taxes -----------------------------------------------------------------------------------
    def _full(self, limit: Limit, good: Good, person: int, share: Decimal) -> list[Charge]:
        if good.value is None:
            self.scales.miss(good, "price")
            return []
        item = as_item(good, price=good.value)
        currency = good.currency or self.law.currency
        asked = Consignment(self.flow, _FREE_CIRCULATION, currency, (item,))
        law = replace(self.law, taxes=tuple(tax for tax in self.law.taxes if tax.scope == "item"))
        found = assess(asked, law)
        for need in found.needs:
            self.scales.miss(good, need.values.get("unit", "mass"))
        rate = self.scales.exchange.fact(currency)
        return [
            Charge(
                limit=limit.code,
                name=limit.name,
                person=person,
                good=good.number,
                tax_code=charge.tax_code,
                tax_name=charge.tax_name,
                base=charge.base,
                rate_text=charge.rate_text,
                amount=charge.amount,
                formula=f"{charge.formula}{_part(good, limit.unit, share)}",
                legal_basis=charge.legal_basis,
                exchange_rates=_once([*([rate] if rate else []), *charge.exchange_rates]),
                is_example=charge.is_example or limit.is_example,
            )
            for charge in found.charges
            if charge.amount
        ]


def _part(good: Good, unit: str, share: Decimal) -> str:
    """What part of the good is above: " [2.5 l]"; nothing where it is the whole."""
    if share == ONE or unit == MONEY:
        return "" if share == ONE else f" [{quantity_text(round_money(share * 100, 2))}%]"
    quantity = dict(good.quantities).get(unit) or (good.mass if unit == KILOGRAM else None)
    return f" [{quantity_text(quantity)} {UNIT_SYMBOLS.get(unit, unit)}]" if quantity else ""


def _once(facts: Iterable[ExchangeRateFact]) -> tuple[ExchangeRateFact, ...]:
    return tuple(dict.fromkeys(facts))
