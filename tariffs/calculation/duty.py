"""The amount a rate comes to for given goods, with the formula that a person can follow."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from lib.figures import ZERO, plain
from lib.pointers import pointer_to
from tariffs.calculation.facts import ConsignmentItem, ExchangeRateFact, Law, Need
from tariffs.calculation.figures import money_text, quantity_text
from tariffs.calculation.quantities import KILOGRAM, Counted, counted, factor_of
from tariffs.calculation.value import Exchange
from tariffs.rates import (
    COMPONENTS,
    CONTENTS,
    UNIT_SYMBOLS,
    Component,
    Fixed,
    Free,
    Max,
    Min,
    Percent,
    Rate,
    Specific,
    Step,
    Sum,
    unit_text,
)

PER_CENT, COMPONENT_MASS = Decimal(100), Decimal(100)
_COMPONENT_NEEDS = {"EA": "T006", "EAR": "T006", "ADSZ": "T007", "ADSZR": "T007", "ADFM": "T008", "ADFMR": "T008"}


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

    def quantity(self, unit: str, *, per: str, gross: bool = False) -> Counted:
        """How many of `unit` the item holds; 0 and a need where it is not declared. `per`: "kg", "1000 pcs"."""
        found = Counted() if self.item is None else counted(self.item, unit, self.law.unit_factors, gross=gross)
        if found.quantity <= 0:
            base, _factor = factor_of(unit, self.law.unit_factors)
            self.needs.append(self._missing(unit, base, per, gross=gross))
        return found

    def content(self, code: str) -> Decimal:
        """The declared content in per cent by weight, which may be 0; 0 and a need where there is no percentage."""
        found = self._stated(code)
        if found is not None and found <= PER_CENT:
            return found
        sentence = f"Declare the sucrose content in per cent by weight (unit {code}): the rate is charged on it."
        self.needs.append(Need("T009", self._free_field(), sentence, {"unit": code}))
        return ZERO

    def component(self, code: str) -> Decimal:
        """The stated amount of a component for 100 kg net, which may be 0; 0 and a need where none is stated."""
        kind = COMPONENTS[code]
        found = self._stated(kind.unit)
        if found is None:
            values = {"unit": kind.unit, "symbol": kind.symbol, "currency": self.law.currency}
            sentence = f"State the amount of {kind.symbol} for 100 kg net in {self.law.currency} (unit {kind.unit})."
            self.needs.append(Need(_COMPONENT_NEEDS[code], self._free_field(), sentence, values))
        return found or ZERO

    def _stated(self, unit: str) -> Decimal | None:
        stated = (quantity for code, quantity in (self.item.supplementary if self.item else ()) if code == unit)
        return next((quantity for quantity in stated if quantity >= 0), None)

    def _missing(self, unit: str, base: str, per: str, *, gross: bool) -> Need:
        if base == KILOGRAM:
            code, name = ("T004", "gross") if gross else ("T003", "net")
            return Need(code, pointer_to("items", self.place, f"{name}_mass"), f"The rate {per} needs the {name} mass.")
        values = {"unit": unit, "symbol": UNIT_SYMBOLS[unit]}
        sentence = f"Declare the quantity in {values['symbol']} (unit {unit})."
        return Need("T001", self._free_field(), sentence, values)

    def _free_field(self) -> str:
        declared = len(self.item.supplementary) if self.item else 0
        return pointer_to("items", self.place, f"supplementary_quantity_{min(declared + 1, 3)}")


def amount_of(rate: Rate, goods: Goods) -> Amount:
    """The exact amount of `rate` for `goods`; steps aside, it never falls when the base or a quantity rises."""
    return _AMOUNTS[type(rate)](rate, goods)


def _money(amount: Decimal, goods: Goods) -> str:
    return money_text(amount, goods.law.decimals)


def _percent(rate: Percent, goods: Goods) -> Amount:
    return Amount(goods.base * rate.value / 100, f"{goods.base_text} × {plain(rate.value)}%")


def _fixed(rate: Fixed, goods: Goods) -> Amount:
    exchange = goods.exchange_rate(rate.currency)
    text = f"{plain(rate.amount)} {rate.currency}"
    return Amount(rate.amount * exchange, f"{text}{_exchange_text(rate.currency, exchange, goods)}")


def _specific(rate: Specific, goods: Goods) -> Amount:
    per = unit_text(rate)
    found = goods.quantity(rate.unit, per=per, gross=rate.gross)
    exchange = goods.exchange_rate(rate.currency)
    exact = found.quantity / rate.per
    text = f"{quantity_text(found.quantity)} {UNIT_SYMBOLS[rate.unit]}{found.remark}"
    if rate.content:
        content = goods.content(rate.content)
        exact, text = exact * content, f"{text} × {plain(content)}{CONTENTS[rate.content].symbol}"
    text = f"{text} × {plain(rate.amount)} {rate.currency}/{per}{_exchange_text(rate.currency, exchange, goods)}"
    return Amount(exact * rate.amount * exchange, text)


def _component(rate: Component, goods: Goods) -> Amount:
    """The stated amount is in national currency for 100 kg of net mass: another act has worked it out."""
    mass = goods.quantity(KILOGRAM, per="100 kg").quantity
    stated = goods.component(rate.code)
    text = (
        f"{quantity_text(mass)} kg × {COMPONENTS[rate.code].symbol} "
        f"{plain(stated)} {goods.law.currency}/{plain(COMPONENT_MASS)} kg"
    )
    return Amount(mass / COMPONENT_MASS * stated, text)


def _exchange_text(currency: str, exchange: Decimal, goods: Goods) -> str:
    return "" if currency == goods.law.currency else f" × {plain(exchange)}"


def _parts(rate: Sum | Max | Min, goods: Goods) -> tuple[list[Amount], str]:
    parts = [amount_of(part, goods) for part in rate.parts]
    return parts, "; ".join(f"{part.text} = {_money(part.exact, goods)}" for part in parts)


def _sum(rate: Sum, goods: Goods) -> Amount:
    parts, _ = _parts(rate, goods)
    return Amount(sum((part.exact for part in parts), ZERO), " + ".join(part.text for part in parts))


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
    return Amount(ZERO, f"{goods.base_text} < {quantity_text(rate.rows[0][0])}: 0")


_AMOUNTS: dict[type[Rate], Callable[..., Amount]] = {
    Free: lambda rate, goods: Amount(ZERO, "Free"),
    Percent: _percent,
    Fixed: _fixed,
    Specific: _specific,
    Component: _component,
    Sum: _sum,
    Max: _max,
    Min: _min,
    Step: _step,
}
