"""The amount a rate comes to for given goods, with the formula that a person can follow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tariffs.calculation.facts import ConsignmentItem, ExchangeRateFact, Law, Need
from tariffs.calculation.figures import money_text, quantity_text
from tariffs.calculation.value import Exchange
from tariffs.rates import (
    UNIT_FACTORS,
    UNIT_SYMBOLS,
    Fixed,
    Free,
    Max,
    Min,
    Percent,
    Rate,
    Specific,
    Step,
    Sum,
    number_text,
    unit_text,
)

KILOGRAM = "KGM"
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Amount:
    """An exact amount in national currency and the formula of it, without the result."""

    exact: Decimal
    text: str


@dataclass
class Goods:
    """What a rate is applied to: a base, and the quantities of an item (none: the whole declaration).

    Collects what is missing in `needs` and the exchange rates that were used in `used`.
    """

    law: Law
    exchange: Exchange
    base: Decimal
    base_text: str
    item: ConsignmentItem | None = None
    place: int = 0
    needs: list[Need] = field(default_factory=list)
    used: dict[str, ExchangeRateFact] = field(default_factory=dict)

    def exchange_rate(self, currency: str) -> Decimal:
        fact = self.exchange.fact(currency)
        if fact is not None:
            self.used[currency] = fact
        return self.exchange.rate(currency, pointer="")

    def quantity(self, rate: Specific) -> Decimal:
        """How many of the rate's unit the item holds; 0 and a need where it is not declared."""
        base, factor = _factor(rate.unit, self.law.unit_factors)
        found = NOTHING if self.item is None else self._in_base(self.item, base, gross=rate.gross)
        if found <= 0:
            self.needs.append(self._missing(rate, base))
        return found / factor

    def _in_base(self, item: ConsignmentItem, base: str, *, gross: bool) -> Decimal:
        if base == KILOGRAM:
            mass = item.gross_mass if gross else item.net_mass
            if mass > 0 or gross:
                return mass
        for unit, quantity in item.supplementary:
            declared_base, factor = _factor(unit, self.law.unit_factors)
            if declared_base == base and quantity > 0:
                return quantity * factor
        return NOTHING

    def _missing(self, rate: Specific, base: str) -> Need:
        prefix = f"items[{self.place}]."
        if base == KILOGRAM:
            code, name = ("T004", "gross") if rate.gross else ("T003", "net")
            return Need(code, f"{prefix}{name}_mass", f"The rate {unit_text(rate)} needs the {name} mass.")
        declared = len(self.item.supplementary) if self.item else 0
        pointer = f"{prefix}supplementary_quantity_{min(declared + 1, 3)}"
        values = {"unit": rate.unit, "symbol": UNIT_SYMBOLS[rate.unit]}
        return Need("T001", pointer, f"Declare the quantity in {values['symbol']} (unit {rate.unit}).", values)


def _factor(unit: str, factors: Mapping[str, tuple[str, Decimal]]) -> tuple[str, Decimal]:
    return factors.get(unit) or UNIT_FACTORS.get(unit) or (unit, Decimal(1))


def amount_of(rate: Rate, goods: Goods) -> Amount:
    """The exact amount of `rate` for `goods`; it never falls when the base or a quantity rises."""
    return _AMOUNTS[type(rate)](rate, goods)


def _money(amount: Decimal, goods: Goods) -> str:
    return money_text(amount, goods.law.decimals)


def _percent(rate: Percent, goods: Goods) -> Amount:
    return Amount(goods.base * rate.value / 100, f"{goods.base_text} × {number_text(rate.value)}%")


def _fixed(rate: Fixed, goods: Goods) -> Amount:
    exchange = goods.exchange_rate(rate.currency)
    text = f"{number_text(rate.amount)} {rate.currency}"
    return Amount(rate.amount * exchange, f"{text}{_exchange_text(rate.currency, exchange, goods)}")


def _specific(rate: Specific, goods: Goods) -> Amount:
    quantity, exchange = goods.quantity(rate), goods.exchange_rate(rate.currency)
    text = (
        f"{quantity_text(quantity)} {UNIT_SYMBOLS[rate.unit]} × "
        f"{number_text(rate.amount)} {rate.currency}/{unit_text(rate)}"
        f"{_exchange_text(rate.currency, exchange, goods)}"
    )
    return Amount(quantity / rate.per * rate.amount * exchange, text)


def _exchange_text(currency: str, exchange: Decimal, goods: Goods) -> str:
    return "" if currency == goods.law.currency else f" × {number_text(exchange)}"


def _parts(rate: Sum | Max | Min, goods: Goods) -> tuple[list[Amount], str]:
    parts = [amount_of(part, goods) for part in rate.parts]
    return parts, "; ".join(f"{part.text} = {_money(part.exact, goods)}" for part in parts)


def _sum(rate: Sum, goods: Goods) -> Amount:
    parts, _ = _parts(rate, goods)
    return Amount(sum((part.exact for part in parts), NOTHING), " + ".join(part.text for part in parts))


def _max(rate: Max, goods: Goods) -> Amount:
    parts, text = _parts(rate, goods)
    return Amount(max(part.exact for part in parts), f"max({text})")


def _min(rate: Min, goods: Goods) -> Amount:
    parts, text = _parts(rate, goods)
    return Amount(min(part.exact for part in parts), f"min({text})")


def _step(rate: Step, goods: Goods) -> Amount:
    for bound, part in reversed(rate.rows):
        if goods.base >= bound:
            inner = amount_of(part, goods)
            return Amount(inner.exact, f"{goods.base_text} ≥ {quantity_text(bound)}: {inner.text}")
    return Amount(NOTHING, f"{goods.base_text} < {quantity_text(rate.rows[0][0])}: 0")


_AMOUNTS: dict[type[Rate], Callable[..., Amount]] = {
    Free: lambda rate, goods: Amount(NOTHING, "Free"),
    Percent: _percent,
    Fixed: _fixed,
    Specific: _specific,
    Sum: _sum,
    Max: _max,
    Min: _min,
    Step: _step,
}
