"""How much of a good counts against a limit, and what a share of it is."""

from dataclasses import replace
from decimal import Decimal

from lib.figures import ZERO
from lib.money import round_money
from passengers.calculation.facts import MONEY, Good, Unknown
from tariffs.calculation import ConsignmentItem, Exchange, counted

KILOGRAM = "KGM"
_MILLIONTH = 6


class Scales:
    """Measures goods by value or in a unit, and remembers what could not be measured."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.unknown: dict[tuple[int, str], Unknown] = {}

    def of(self, good: Good, unit: str) -> Decimal:
        """How much of `unit` the good has; money in national currency. 0, and a note of it, where that is not known."""
        if unit == MONEY:
            return self.value(good)
        found = counted(as_item(good), unit, self.exchange.law.unit_factors).quantity
        if found <= 0:
            self.miss(good, "mass" if unit == KILOGRAM else unit)
        return found

    def value(self, good: Good) -> Decimal:
        """The price in national currency."""
        if good.value is None:
            self.miss(good, "price")
            return ZERO
        if not good.value:
            return ZERO
        rate = self.exchange.rate(good.currency, pointer="")
        if not rate:
            self.miss(good, good.currency)
        return round_money(good.value * rate, self.exchange.law.decimals)

    def miss(self, good: Good, what: str) -> None:
        self.unknown.setdefault((good.number, what), Unknown(good.number, what))


def as_item(good: Good, *, price: Decimal = ZERO) -> ConsignmentItem:
    """The good as the tariff's arithmetic takes it."""
    mass = good.mass or ZERO
    return ConsignmentItem(
        number=good.number,
        commodity_code=good.commodity_code,
        origin_country="",
        item_price=price,
        gross_mass=mass,
        net_mass=mass,
        supplementary=good.quantities,
    )


def scaled(good: Good, part: Decimal, whole: Decimal) -> Good:
    """`part` of `whole` of the good: of its value, mass and every quantity; quantities to a millionth."""

    def share(quantity: Decimal) -> Decimal:
        return round_money(quantity * part / whole, _MILLIONTH)

    return replace(
        good,
        value=None if good.value is None else good.value * part / whole,
        mass=None if good.mass is None else share(good.mass),
        quantities=tuple((unit, share(quantity)) for unit, quantity in good.quantities),
    )
