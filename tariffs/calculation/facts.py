"""What goes into `assess` and what comes out: frozen dataclasses, amounts as Decimal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from lib.figures import ONE, ZERO
from tariffs.rates import Rate

# Which part of an item a measure is charged on, where the item names a tariff quota.
WHOLE, WITHIN, BEYOND = "whole", "within", "beyond"
COSTS = ("external_freight", "internal_freight", "insurance", "other_cost", "deduction")


@dataclass(frozen=True, slots=True)
class Cost:
    """An amount in a currency; an empty currency means the invoice's."""

    amount: Decimal
    currency: str = ""


@dataclass(frozen=True, slots=True)
class ConsignmentItem:
    """One item as declared, in the words of the box table. Its price is in the invoice currency, masses in kilograms.

    `supplementary` holds (unit code, quantity). `costs` counts only in working mode 2 (not apportioned). `quota_code`
    is the number of the tariff quota that the item claims (box 39).
    """

    number: int
    commodity_code: str
    origin_country: str
    item_price: Decimal
    gross_mass: Decimal = ZERO
    net_mass: Decimal = ZERO
    extended_procedure: str = "4000"
    national_procedure: str = ""
    preference: str = ""
    documents: frozenset[str] = frozenset()
    supplementary: tuple[tuple[str, Decimal], ...] = ()
    rate_of_adjustment: Decimal = ONE
    costs: Mapping[str, Cost] = field(default_factory=dict)
    quota_code: str = ""


@dataclass(frozen=True, slots=True)
class Consignment:
    """What is judged. `flow` is "import" or "export"; `working_mode` 0 by price, 1 by gross weight, 2 not at all."""

    flow: str
    general_procedure: str
    invoice_currency: str
    items: tuple[ConsignmentItem, ...]
    costs: Mapping[str, Cost] = field(default_factory=dict)
    working_mode: int = 0


@dataclass(frozen=True, slots=True)
class ExchangeRateFact:
    """`rate` national units for one unit of `currency`, in force from `since`."""

    currency: str
    rate: Decimal
    since: date
    source: str = ""


@dataclass(frozen=True, slots=True)
class TaxFact:
    """A tax in force, as `tariffs.models.Tax` describes it.

    `missing_adjustment` is added to the base once for each of `base_taxes` that the item does not have.
    """

    code: str
    name: str
    sequence: int
    scope: str
    base_includes_value: bool
    base_taxes: tuple[str, ...]
    base_adjustment: Decimal
    decimals: int
    is_suspended: bool
    legal_basis: str
    rounding: str = "half_up"
    missing_adjustment: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class MeasureFact:
    """A measure that applies to an item (already selected), with its rate read.

    `part` says of an item with a quota what it is charged on: WITHIN what the balance covers, BEYOND it (the rate
    that the item would pay without the quota), or WHOLE.
    """

    measure_id: int
    tax_code: str
    rate: Rate
    rate_text: str
    legal_basis: str
    is_example: bool = False
    origin: str = ""
    commodity_prefix: str = ""
    part: str = WHOLE


@dataclass(frozen=True, slots=True)
class RestrictionFact:
    """Goods that may come in (or go out) only with one of `documents`, or not at all (`prohibited`)."""

    measure_id: int
    documents: tuple[str, ...]
    note: str
    legal_basis: str
    prohibited: bool = False
    is_example: bool = False
    commodity_prefix: str = ""


@dataclass(frozen=True, slots=True)
class QuotaFact:
    """A tariff quota in force that an item names; `volume` and `balance` in `unit` (UNECE Rec 20)."""

    number: str
    name: str
    unit: str
    volume: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class Law:
    """The law that applies to one consignment on one date, looked up by `tariffs.selectors.law_for`.

    `measures[n]` are those of item number n; `measures[0]` those of taxes charged on the declaration;
    `restrictions[n]` what item n needs a paper for, or is prohibited by. `quotas` are those in force that items name,
    `quota_items` the numbers of the items whose goods, origin, procedure and papers fit the quota they name.
    Charges of `suspending_procedures` are secured and not paid, those of `unsecured_procedures` without a guarantee.
    `unit_factors` says of a unit how many of which base unit it makes: TNE -> (KGM, 1000).
    """

    on: date
    currency: str
    decimals: int
    exchange_rates: Mapping[str, ExchangeRateFact]
    taxes: tuple[TaxFact, ...]
    measures: Mapping[int, tuple[MeasureFact, ...]]
    suspending_procedures: frozenset[str] = frozenset()
    unit_factors: Mapping[str, tuple[str, Decimal]] = field(default_factory=dict)
    restrictions: Mapping[int, tuple[RestrictionFact, ...]] = field(default_factory=dict)
    quotas: Mapping[str, QuotaFact] = field(default_factory=dict)
    quota_items: frozenset[int] = frozenset()
    unsecured_procedures: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ItemValue:
    """Customs value of an item in national currency: price + shares of costs - share of deductions."""

    number: int
    price: Decimal
    external_freight: Decimal
    internal_freight: Decimal
    insurance: Decimal
    other_cost: Decimal
    deduction: Decimal
    customs_value: Decimal
    statistical_value: Decimal
    formula: str


@dataclass(frozen=True, slots=True)
class Share:
    """What falls on an item of a cost, in national currency: `exact` is its part, `carried` what it was short of.

    `amount` is what it gets; what it is short of after that, or has too much, is `left`.
    """

    weight: Decimal
    exact: Decimal
    carried: Decimal
    amount: Decimal

    @property
    def left(self) -> Decimal:
        return self.exact + self.carried - self.amount


@dataclass(frozen=True, slots=True)
class SharedCost:
    """A cost of the declaration (`stated` in `currency`), `total` in national currency, with its share of each item."""

    name: str
    stated: Decimal
    currency: str
    rate: Decimal
    total: Decimal
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Charge:
    """One line of box 47. `item` None: the declaration. `payable` False: secured by a guarantee.

    An item that its quota covers in part has two lines of one tax; `part` tells them apart.
    """

    item: int | None
    tax_code: str
    tax_name: str
    base: Decimal
    rate_text: str
    amount: Decimal
    payable: bool
    formula: str
    legal_basis: str
    measure_id: int | None = None
    exchange_rates: tuple[ExchangeRateFact, ...] = ()
    is_example: bool = False
    part: str = WHOLE


@dataclass(frozen=True, slots=True)
class Draw:
    """What an item asks of the quota it names, what it gets, and what the balance was before it; all in `unit`.

    `remark` says in the formula what quantity that was converted from.
    """

    item: int
    number: str
    unit: str
    asked: Decimal
    drawn: Decimal
    balance: Decimal
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """Something that has to be declared before a rate can be computed: `pointer` names the field.

    `sentence` is English; `tariffs.selectors.need_sentence` says it in the reader's language from `code` and
    `values`. Codes: T001 a quantity in a unit, T002 the exchange rate of a currency, T003 the net mass, T004 the
    gross mass, T005 the currency itself; stated as a quantity in a unit of its own: T006 the agricultural component,
    T007 the additional duty on sugar, T008 that on flour, T009 the sucrose content.
    """

    code: str
    pointer: str
    sentence: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The result. With `needs` not empty the charges are incomplete and must not be stored."""

    currency: str
    values: tuple[ItemValue, ...]
    charges: tuple[Charge, ...]
    payable: Decimal
    guaranteed: Decimal
    needs: tuple[Need, ...] = ()
    draws: tuple[Draw, ...] = ()
