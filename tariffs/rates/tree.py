"""The tree a rate text is read into: frozen nodes, numbers as Decimal."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from lib.figures import ONE
from tariffs.rates.units import COMPONENTS, KILOGRAM


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate as the law writes it."""


@dataclass(frozen=True, slots=True)
class Free(Rate):
    """Nothing is charged."""


@dataclass(frozen=True, slots=True)
class Percent(Rate):
    """`value` per cent of the base."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Fixed(Rate):
    """An amount of money, whatever the goods."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Specific(Rate):
    """`amount` of `currency` for each `per` of `unit`; `gross`: of the gross mass.

    `unit` is a code of `RATE_UNITS` or `MASS_KINDS`. With `content` (a code of `CONTENTS`) the unit is the kilogram,
    net, and the amount counts once for each per cent of that content.
    """

    amount: Decimal
    currency: str
    unit: str
    per: Decimal = ONE
    gross: bool = False
    content: str = ""


@dataclass(frozen=True, slots=True)
class Component(Rate):
    """A part that another act works out by the composition of the goods: `code` is one of `COMPONENTS`."""

    code: str


@dataclass(frozen=True, slots=True)
class Sum(Rate):
    """All parts together ("плюс")."""

    parts: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class Max(Rate):
    """The greatest of the parts: "10% min 0.15 EUR/kg", "но не менее"."""

    parts: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class Min(Rate):
    """The least of the parts: "10% max 2 EUR/kg", "но не более"."""

    parts: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class Step(Rate):
    """A table by the size of the base, in national currency: the last row whose bound is not above it counts."""

    rows: tuple[tuple[Decimal, Rate], ...]


def leaves(rate: Rate) -> Iterator[Rate]:
    """Every part of `rate` that is not itself a combination."""
    if isinstance(rate, Sum | Max | Min):
        for part in rate.parts:
            yield from leaves(part)
    elif isinstance(rate, Step):
        for _, part in rate.rows:
            yield from leaves(part)
    else:
        yield rate


def currencies_of(rate: Rate) -> frozenset[str]:
    """Currencies whose exchange rate is needed to compute `rate`."""
    return frozenset(leaf.currency for leaf in leaves(rate) if isinstance(leaf, Specific | Fixed))


def units_of(rate: Rate) -> frozenset[str]:
    """Units in which a quantity is needed to compute `rate`, those of contents and components among them."""
    return frozenset(unit for leaf in leaves(rate) for unit in _units(leaf))


def _units(leaf: Rate) -> tuple[str, ...]:
    if isinstance(leaf, Specific):
        return (leaf.unit, leaf.content) if leaf.content else (leaf.unit,)
    return (KILOGRAM, COMPONENTS[leaf.code].unit) if isinstance(leaf, Component) else ()
