"""What goes into `judge` and what comes out: frozen dataclasses, amounts as Decimal."""

from dataclasses import dataclass, field
from decimal import Decimal

from lib.figures import ZERO
from tariffs.calculation import ExchangeRateFact, Law
from tariffs.rates import Rate

MONEY = "MONEY"
EVERYBODY, RESIDENTS, NON_RESIDENTS = "any", "residents", "non_residents"
AND, OR, PARTS = "and", "or", "parts"
RATE, FULL, PROHIBITED = "rate", "full", "prohibited"
EXCESS, WHOLE = "excess", "whole"


@dataclass(frozen=True, slots=True)
class Limit:
    """An allowance in force for the direction and way, as `tariffs.models.TravelAllowance` describes it."""

    code: str
    name: str
    amount: Decimal
    unit: str
    above: str
    currency: str = ""
    categories: frozenset[str] = frozenset()
    age_from: int = 0
    residents: str = EVERYBODY
    group: str = ""
    combines: str = AND
    pooled: bool = False
    rate: Rate | None = None
    rate_text: str = ""
    charged: str = EXCESS
    tax_code: str = ""
    legal_basis: str = ""
    is_example: bool = False
    period: str = "crossing"


@dataclass(frozen=True, slots=True)
class Person:
    """A traveller of a party; the first of them answers for what is carried in common."""

    number: int
    age: int
    resident: bool = True


@dataclass(frozen=True, slots=True)
class Good:
    """Goods of one kind. `person` 0: carried in common. `value` None: the price is not known.

    `mass` is in kilograms, `quantities` hold (unit code, quantity). What is not `divisible` is within the allowance
    whole or not at all. The commodity code counts for full duties and taxes alone.
    """

    number: int
    category: str
    value: Decimal | None
    currency: str = ""
    person: int = 0
    mass: Decimal | None = None
    quantities: tuple[tuple[str, Decimal], ...] = ()
    divisible: bool = True
    commodity_code: str = ""


@dataclass(frozen=True, slots=True)
class Used:
    """What a traveller has used of a limit earlier in its period, in its unit; money in national currency."""

    limit: str
    person: int
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Party:
    """Who travels together with what; `flow` is "import" or "export"."""

    persons: tuple[Person, ...]
    goods: tuple[Good, ...]
    used: tuple[Used, ...] = ()
    flow: str = "import"


@dataclass(frozen=True, slots=True)
class TravelLaw:
    """The limits, and the law of the tariff for full payments: `tariff.measures[n]` are those of good number n."""

    tariff: Law
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class Charge:
    """What is due, by one limit. `person` 0: the party. `good` None: several goods together."""

    limit: str
    name: str
    person: int
    good: int | None
    tax_code: str
    tax_name: str
    base: Decimal
    rate_text: str
    amount: Decimal
    formula: str
    legal_basis: str
    exchange_rates: tuple[ExchangeRateFact, ...] = ()
    is_example: bool = False


@dataclass(frozen=True, slots=True)
class Carried:
    """How much counts against a limit, how much of it is free, and what is above; money in national currency."""

    limit: str
    name: str
    person: int
    unit: str
    total: Decimal
    free: Decimal
    over: Decimal
    legal_basis: str
    is_example: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """More than may be carried at all: `over`, in `unit`, stays behind."""

    limit: str
    name: str
    person: int
    unit: str
    over: Decimal
    legal_basis: str
    is_example: bool


@dataclass(frozen=True, slots=True)
class Unknown:
    """What has to be known of a good before a sum can be told: `what` is "price", "mass", a unit or a currency."""

    good: int
    what: str


@dataclass(frozen=True, slots=True)
class Judged:
    """The result. With `unknown` not empty an officer settles the rest."""

    currency: str
    charges: tuple[Charge, ...] = ()
    carried: tuple[Carried, ...] = ()
    refused: tuple[Refused, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    payable: Decimal = field(default=ZERO)


# Cash ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CashLine:
    """Cash, bearer instruments or gold of a traveller; `kind` is "cash", "bearer" or "gold"."""

    person: int
    kind: str
    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class CashHeld:
    """What is left of a row of cash that was declared on entry; `key` names the row."""

    key: int
    kind: str
    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class CashRule:
    """A limit of cash in force for the direction, as `tariffs.models.CashLimit` describes it."""

    code: str
    name: str
    duty: str
    amount: Decimal
    currency: str
    kind: str = "all"
    residents: str = EVERYBODY
    as_declared: bool = False
    legal_basis: str = ""
    is_example: bool = False


@dataclass(frozen=True, slots=True)
class CashFound:
    """A rule that a traveller's cash is above: `total` and `threshold` in the rule's currency."""

    rule: str
    name: str
    duty: str
    person: int
    total: Decimal
    threshold: Decimal
    currency: str
    legal_basis: str
    is_example: bool
