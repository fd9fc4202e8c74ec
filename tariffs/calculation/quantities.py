"""How much of an item there is in the unit that a rate or a quota names. One reading for everything that counts goods.

The quantity declared in that very unit counts, whatever else is declared; for kilograms it is the mass of its box. Only
where it is missing is one of a convertible unit taken: the mass, else the quantity whose unit is nearest in size to the
one that is asked for, the first of two that are equally near.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from lib.figures import ONE, ZERO
from tariffs.calculation.facts import ConsignmentItem
from tariffs.calculation.figures import quantity_text
from tariffs.rates import UNIT_FACTORS, UNIT_SYMBOLS

KILOGRAM = "KGM"
Factors = Mapping[str, tuple[str, Decimal]]


@dataclass(frozen=True, slots=True)
class Counted:
    """`quantity` in the unit asked for, 0 where nothing fits; `unit` is that in which it was declared.

    `remark` says in a formula what was converted, and what was passed over: " [60 l, not 1 998 cm3]".
    """

    quantity: Decimal = ZERO
    unit: str = ""
    remark: str = ""


def factor_of(unit: str, factors: Factors) -> tuple[str, Decimal]:
    """The base unit of `unit` and how many of it one makes; `factors` of the country go before the usual ones."""
    return factors.get(unit) or UNIT_FACTORS.get(unit) or (unit, ONE)


def counted(item: ConsignmentItem, unit: str, factors: Factors, *, gross: bool = False) -> Counted:
    """How many of `unit` the item holds; `gross`: by gross mass."""
    base, factor = factor_of(unit, factors)
    if base == KILOGRAM and gross:
        return Counted(item.gross_mass / factor, KILOGRAM)
    mass = item.net_mass if base == KILOGRAM else ZERO
    if unit == KILOGRAM and mass > 0:
        return Counted(mass, KILOGRAM)
    declared = [(code, quantity) for code, quantity in item.supplementary if quantity > 0]
    named = next((quantity for code, quantity in declared if code == unit), ZERO)
    if named > 0:
        return Counted(named, unit)
    if mass > 0:
        return Counted(mass / factor, KILOGRAM)
    return _converted(declared, base, factor, factors)


def _converted(declared: list[tuple[str, Decimal]], base: str, factor: Decimal, factors: Factors) -> Counted:
    sizes = {code: factor_of(code, factors) for code, _quantity in declared}
    fitting = [(code, quantity) for code, quantity in declared if sizes[code][0] == base]
    if not fitting:
        return Counted()

    def distance(pair: tuple[str, Decimal]) -> Decimal:
        size = sizes[pair[0]][1]
        return max(size / factor, factor / size)

    code, quantity = taken = min(fitting, key=distance)
    passed = "".join(f", not {_text(*other)}" for other in fitting if other is not taken)
    return Counted(quantity * sizes[code][1] / factor, code, f" [{_text(*taken)}{passed}]")


def _text(code: str, quantity: Decimal) -> str:
    return f"{quantity_text(quantity)} {UNIT_SYMBOLS.get(code, code)}"
