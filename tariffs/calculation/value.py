"""Customs value: prices and costs in national currency, costs shared among the items to the last unit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from lib.figures import ONE, ZERO, places, plain
from lib.money import apportion, round_money
from lib.pointers import pointer_to
from tariffs.calculation.facts import (
    COSTS,
    Consignment,
    ConsignmentItem,
    Cost,
    ExchangeRateFact,
    ItemValue,
    Law,
    Need,
    Share,
    SharedCost,
)
from tariffs.calculation.figures import money_text

BY_PRICE, BY_GROSS_MASS, NOT_SHARED = 0, 1, 2
_COST_NAMES = {
    "external_freight": "external freight",
    "internal_freight": "internal freight",
    "insurance": "insurance",
    "other_cost": "other costs",
    "deduction": "deductions",
}


@dataclass
class Exchange:
    """Looks exchange rates up in a `Law` and remembers which were asked for in vain."""

    law: Law
    needs: dict[tuple[str, str], Need] = field(default_factory=dict)

    def rate(self, currency: str, *, pointer: str) -> Decimal:
        """National units for one unit of `currency`; 0 and a need where no rate is in force."""
        if currency == self.law.currency:
            return ONE
        fact = self.law.exchange_rates.get(currency)
        if fact is not None:
            return fact.rate
        self.needs.setdefault((currency, pointer), _missing_rate(currency, pointer, self.law))
        return ZERO

    def fact(self, currency: str) -> ExchangeRateFact | None:
        return None if currency == self.law.currency else self.law.exchange_rates.get(currency)

    def to_national(self, amount: Decimal, currency: str, *, pointer: str) -> Decimal:
        if not amount:
            return ZERO
        return round_money(amount * self.rate(currency, pointer=pointer), self.law.decimals)


def _missing_rate(currency: str, pointer: str, law: Law) -> Need:
    if not currency:
        return Need("T005", pointer, "The currency is missing.")
    sentence = f"No exchange rate of {currency} is in force on {law.on:%Y-%m-%d}."
    return Need("T002", pointer, sentence, {"currency": currency, "on": f"{law.on:%Y-%m-%d}"})


def item_values(consignment: Consignment, law: Law, exchange: Exchange) -> tuple[ItemValue, ...]:
    """The customs value of each item: price + shares of the costs - share of the deductions."""
    shares = _own_costs if consignment.working_mode == NOT_SHARED else _shared_costs
    costs = shares(consignment, law, exchange)
    rate = exchange.rate(consignment.invoice_currency, pointer="invoice_currency") if consignment.items else ZERO
    return tuple(
        _value(item, rate, {name: costs[name][place] for name in COSTS}, consignment, law)
        for place, item in enumerate(consignment.items)
    )


def _value(
    item: ConsignmentItem, rate: Decimal, costs: dict[str, Decimal], consignment: Consignment, law: Law
) -> ItemValue:
    price = round_money(item.item_price * rate, law.decimals)
    customs_value = price + sum(costs.values()) - 2 * costs["deduction"]
    return ItemValue(
        number=item.number,
        price=price,
        **costs,
        customs_value=customs_value,
        statistical_value=round_money(customs_value * item.rate_of_adjustment, law.decimals),
        formula=_formula(item, rate, price, costs, customs_value, consignment, law),
    )


def _formula(
    item: ConsignmentItem,
    rate: Decimal,
    price: Decimal,
    costs: dict[str, Decimal],
    customs_value: Decimal,
    consignment: Consignment,
    law: Law,
) -> str:
    def written(amount: Decimal) -> str:
        return money_text(amount, law.decimals)

    text = written(price)
    if consignment.invoice_currency != law.currency:
        price_text = money_text(item.item_price, places(item.item_price, least=2))
        text = f"{price_text} {consignment.invoice_currency} × {plain(rate)}"
    added = [(name, amount) for name, amount in costs.items() if amount]
    for name, amount in added:
        text += f" {'−' if name == 'deduction' else '+'} {_COST_NAMES[name]} {written(amount)}"
    return f"{text} = {written(customs_value)} {law.currency}"


def _own_costs(consignment: Consignment, law: Law, exchange: Exchange) -> dict[str, list[Decimal]]:
    """Working mode 2: each item states its own costs."""

    def own(item: ConsignmentItem, place: int, name: str) -> Decimal:
        cost = item.costs.get(name)
        if cost is None:
            return ZERO
        pointer = pointer_to("items", place, f"{name}_currency")
        return exchange.to_national(cost.amount, cost.currency or consignment.invoice_currency, pointer=pointer)

    return {name: [own(item, place, name) for place, item in enumerate(consignment.items)] for name in COSTS}


def _shared_costs(consignment: Consignment, law: Law, exchange: Exchange) -> dict[str, list[Decimal]]:
    """Working modes 0 and 1: each cost, in national currency, shared by price or by gross mass."""
    return {cost.name: [share.amount for share in cost.shares] for cost in shared_costs(consignment, law, exchange)}


def shared_costs(consignment: Consignment, law: Law, exchange: Exchange) -> tuple[SharedCost, ...]:
    """Every cost of the declaration with what falls on each item, in working modes 0 and 1.

    Each item carries what rounding left it short of, or gave it too much, into its next cost. So the shares of every
    cost sum to that cost exactly, and the costs of every item together are its exact share within one unit; within
    two where a cost has so few units that an item was given more than its part of the next.
    """
    weights = [max(weight_of(item, consignment.working_mode), ZERO) for item in consignment.items]
    carried = [ZERO] * len(weights)
    shared = []
    for name in COSTS:
        cost = consignment.costs.get(name, Cost(ZERO))
        currency = cost.currency or consignment.invoice_currency
        total = exchange.to_national(cost.amount, currency, pointer=f"{name}_currency")
        if name == "deduction":
            carried = [-left for left in carried]
        shares = _share(total, weights, carried, law.decimals)
        carried = [share.left for share in shares]
        rate = exchange.rate(currency, pointer=f"{name}_currency") if cost.amount else ZERO
        shared.append(SharedCost(name, cost.amount, currency, rate, total, tuple(shares)))
    return tuple(shared)


def weight_of(item: ConsignmentItem, working_mode: int) -> Decimal:
    """What counts for an item when a cost is shared: its gross mass in working mode 1, else its price."""
    return item.gross_mass if working_mode == BY_GROSS_MASS else item.item_price


def _share(total: Decimal, weights: Sequence[Decimal], carried: Sequence[Decimal], decimals: int) -> list[Share]:
    """Shares of `total` that sum to it exactly, and what each is short of its exact part afterwards."""
    if not total or not weights:
        return [Share(weight, ZERO, left, ZERO) for weight, left in zip(weights, carried, strict=True)]
    whole = sum(weights, ZERO)
    parts = list(weights) if whole else [ONE] * len(weights)
    exact = [total * part / (whole or len(weights)) for part in parts]
    wanted = [part + left for part, left in zip(exact, carried, strict=True)]
    sign = -1 if total < 0 else 1
    amounts = apportion(total, [max(sign * part, ZERO) for part in wanted], decimals)
    return [Share(*each) for each in zip(weights, exact, carried, amounts, strict=True)]
