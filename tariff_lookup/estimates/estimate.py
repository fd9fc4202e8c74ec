"""`estimate`: the assessment of a consignment, each charge with its act and words, with papers and options."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lib.figures import ZERO
from tariff_lookup.estimates.claims import GENERAL, claims_open_to, possible, with_proofs
from tariff_lookup.estimates.options import Alternative, Option, options_for
from tariff_lookup.estimates.papers import ConsignmentPapers, papers_for
from tariffs.calculation import (
    Assessment,
    Charge,
    Consignment,
    ConsignmentItem,
    ExchangeRateFact,
    ItemValue,
    Law,
    Need,
    assess,
    counted,
)
from tariffs.models import Commodity, LegalAct, Measure, Tax
from tariffs.rates import UNIT_FACTORS, units_of
from tariffs.selectors import law_for
from tariffs.wording import base_in_words, rate_in_words, tax_names

MASS_UNITS = frozenset(code for code, (base, _) in UNIT_FACTORS.items() if base == "KGM")


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """A charge with its rate in plain words and the act it rests on."""

    charge: Charge
    in_words: str
    act: LegalAct | None


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """What one tax comes to: to pay and to secure."""

    code: str
    name: str
    payable: Decimal
    guaranteed: Decimal


@dataclass(frozen=True, slots=True)
class EstimatedItem:
    """An item with its commodity, value and charges, the units it has to state a quantity of, and its options.

    `idle_paper`: it carries a paper that changes nothing. `misses_quota`: it names a quota that is not open to it.
    """

    item: ConsignmentItem
    commodity: Commodity | None
    value: ItemValue
    lines: tuple[ChargeLine, ...]
    units: tuple[str, ...]
    total: Decimal
    options: tuple[Option, ...]
    idle_paper: bool
    misses_quota: bool


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a consignment costs at the border on a date, and what would change it."""

    consignment: Consignment
    law: Law
    assessment: Assessment
    items: tuple[EstimatedItem, ...]
    whole: tuple[ChargeLine, ...]
    alternatives: tuple[Alternative, ...]
    papers: ConsignmentPapers

    @property
    def needs(self) -> tuple[Need, ...]:
        return self.assessment.needs

    @property
    def is_complete(self) -> bool:
        return not self.assessment.needs

    @property
    def has_example(self) -> bool:
        restrictions = (row for rows in self.law.restrictions.values() for row in rows)
        return any(charge.is_example for charge in self.assessment.charges) or any(
            row.is_example for row in restrictions
        )

    @property
    def value(self) -> Decimal:
        return sum((value.customs_value for value in self.assessment.values), ZERO)

    @property
    def totals(self) -> tuple[TaxTotal, ...]:
        """What each tax comes to, in the order of computation."""
        found: dict[str, TaxTotal] = {}
        order = {tax.code: place for place, tax in enumerate(sorted(self.law.taxes, key=lambda tax: tax.sequence))}
        for charge in sorted(self.assessment.charges, key=lambda charge: order.get(charge.tax_code, len(order))):
            before = found.get(charge.tax_code, TaxTotal(charge.tax_code, charge.tax_name, ZERO, ZERO))
            paid, secured = (charge.amount, ZERO) if charge.payable else (ZERO, charge.amount)
            found[charge.tax_code] = TaxTotal(
                before.code, before.name, before.payable + paid, before.guaranteed + secured
            )
        return tuple(found.values())

    @property
    def value_rates(self) -> tuple[ExchangeRateFact, ...]:
        """The exchange rates that the customs value rests on."""
        costs = [cost for item in self.consignment.items for cost in item.costs.values()]
        costs += self.consignment.costs.values()
        currencies = [self.consignment.invoice_currency, *(cost.currency for cost in costs if cost.amount)]
        known = self.law.exchange_rates
        return tuple(known[code] for code in dict.fromkeys(currencies) if code in known and code != self.law.currency)


def estimate(consignment: Consignment, *, proofs: Mapping[int, str], on: date) -> Estimate:
    """Assess `consignment` with the papers of origin in `proofs` (item number -> document code)."""
    could = possible(consignment, on=on)
    claimed = with_proofs(consignment, proofs, could)
    law = law_for(claimed, on=on)
    assessment = assess(claimed, law)
    claims = claims_open_to(claimed, could, on=on)
    options = options_for(claimed, law, assessment, claims, on=on)
    acts = _acts(law)
    lines = _Lines(assessment, acts, list(Tax.objects.on(on)))
    return Estimate(
        consignment=claimed,
        law=law,
        assessment=assessment,
        items=_items(claimed, law, assessment, lines, options.of_item, on=on),
        whole=lines.of(None),
        alternatives=options.alternatives,
        papers=papers_for(claimed, law, acts),
    )


def units_asked(law: Law, item: ConsignmentItem) -> tuple[str, ...]:
    """Units, other than of mass, in which the rates or the quota of an item need a quantity.

    A quantity that the item states in another unit of the same kind (thousands for pieces) does as well.
    """
    needed = {unit for measure in law.measures.get(item.number, ()) for unit in units_of(measure.rate)}
    if item.quota_code in law.quotas and item.number in law.quota_items:
        needed.add(law.quotas[item.quota_code].unit)
    return tuple(sorted({counted(item, unit, law.unit_factors).unit or unit for unit in needed - MASS_UNITS}))


def _acts(law: Law) -> dict[int, LegalAct]:
    """The act of every measure and restriction that applies. One query."""
    facts = [fact for rows in (law.measures, law.restrictions) for group in rows.values() for fact in group]
    measures = Measure.objects.filter(pk__in={fact.measure_id for fact in facts}).select_related("legal_act")
    return {measure.pk: measure.legal_act for measure in measures}


class _Lines:
    """Charges with their words and acts."""

    def __init__(self, assessment: Assessment, acts: Mapping[int, LegalAct], taxes: list[Tax]) -> None:
        names = tax_names(taxes)
        self.bases = {tax.code: base_in_words(tax, names) for tax in taxes}
        self.assessment = assessment
        self.acts = acts

    def of(self, number: int | None) -> tuple[ChargeLine, ...]:
        """The lines of an item; None: of the declaration as a whole."""
        return tuple(self._line(charge) for charge in self.assessment.charges if charge.item == number)

    def _line(self, charge: Charge) -> ChargeLine:
        words = rate_in_words(charge.rate_text, base=self.bases.get(charge.tax_code, ""))
        return ChargeLine(charge, words, self.acts.get(charge.measure_id or 0))


def _items(
    consignment: Consignment,
    law: Law,
    assessment: Assessment,
    lines: _Lines,
    options: Mapping[int, tuple[Option, ...]],
    *,
    on: date,
) -> tuple[EstimatedItem, ...]:
    codes = {item.commodity_code for item in consignment.items}
    commodities = {row.code: row for row in Commodity.objects.on(on).filter(code__in=codes)}
    found = []
    for item, value in zip(consignment.items, assessment.values, strict=True):
        own, choices = lines.of(item.number), options.get(item.number, ())
        made = [option.claim for option in choices if option.is_current]
        found.append(
            EstimatedItem(
                item=item,
                commodity=commodities.get(item.commodity_code),
                value=value,
                lines=own,
                units=units_asked(law, item),
                total=sum((line.charge.amount for line in own), ZERO),
                options=choices,
                idle_paper=bool(item.documents) and (not made or made == [GENERAL]),
                misses_quota=bool(item.quota_code) and item.number not in law.quota_items,
            )
        )
    return tuple(found)
