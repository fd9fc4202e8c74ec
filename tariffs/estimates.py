"""The public calculator's answer: the same law and the same arithmetic as the assessment of a declaration.

`estimate` adds what a declaration does not show: what is asked for, and what a proof of origin would save.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from tariffs.browsing import Papers, papers_for
from tariffs.calculation import Assessment, Charge, Consignment, ConsignmentItem, ItemValue, Law, Need, assess
from tariffs.models import Commodity, CountryGroupMember, DocumentType, LegalAct, Measure
from tariffs.rates import UNIT_FACTORS, units_of
from tariffs.selectors import law_for

MOST_ALTERNATIVES = 3
MASS_UNITS = frozenset(code for code, (base, _) in UNIT_FACTORS.items() if base == "KGM")


@dataclass(frozen=True, slots=True)
class Claim:
    """A preference that an item may claim with a paper."""

    document_code: str
    preference: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """The same consignment with one more paper: what it comes to, and what that saves."""

    document: DocumentType
    items: tuple[int, ...]
    payable: Decimal
    saved: Decimal


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """A charge with the act it rests on."""

    charge: Charge
    act: LegalAct | None


@dataclass(frozen=True, slots=True)
class EstimatedItem:
    """An item with its commodity, its value, its charges and the units of which it has to state a quantity."""

    item: ConsignmentItem
    commodity: Commodity | None
    value: ItemValue
    lines: tuple[ChargeLine, ...]
    units: tuple[str, ...]
    total: Decimal


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a consignment costs at the border on a date, and what would change it."""

    consignment: Consignment
    law: Law
    assessment: Assessment
    items: tuple[EstimatedItem, ...]
    whole: tuple[ChargeLine, ...]
    alternatives: tuple[Alternative, ...]
    papers: Papers

    @property
    def needs(self) -> tuple[Need, ...]:
        return self.assessment.needs

    @property
    def is_complete(self) -> bool:
        return not self.assessment.needs

    @property
    def has_example(self) -> bool:
        return any(charge.is_example for charge in self.assessment.charges)

    @property
    def value(self) -> Decimal:
        return sum((value.customs_value for value in self.assessment.values), Decimal(0))


def units_asked(law: Law, number: int) -> tuple[str, ...]:
    """Units, other than of mass, in which the rates of an item need a quantity."""
    units = {unit for measure in law.measures.get(number, ()) for unit in units_of(measure.rate)}
    return tuple(sorted(units - MASS_UNITS))


def estimate(consignment: Consignment, *, proofs: Mapping[int, str], on: date) -> Estimate:
    """Assess `consignment` with the papers of origin in `proofs` (item number -> document code)."""
    claims = _claims(consignment, on=on)
    with_proofs = _with_claims(
        consignment,
        {number: _claim(claims.get(number, []), document) for number, document in proofs.items() if document},
    )
    law = law_for(with_proofs, on=on)
    assessment = assess(with_proofs, law)
    acts = _acts(assessment)
    documents = DocumentType.objects.in_bulk(
        {claim.document_code for options in claims.values() for claim in options}, field_name="code"
    )
    return Estimate(
        consignment=with_proofs,
        law=law,
        assessment=assessment,
        items=_items(with_proofs, law, assessment, acts, on=on),
        whole=_lines(assessment, None, acts),
        alternatives=_alternatives(with_proofs, assessment, claims, documents, on=on),
        papers=papers_for(Measure.objects.filter(pk__in=_measure_ids(assessment) | _restriction_ids(law))),
    )


# Proof of origin ----------------------------------------------------------------------------------------------
def _claims(consignment: Consignment, *, on: date) -> dict[int, list[Claim]]:
    """What each item may claim by its commodity and origin, if it has the paper. Two queries."""
    prefixes = {item.commodity_code[:n] for item in consignment.items for n in range(len(item.commodity_code) + 1)}
    rows = list(
        Measure.objects.covering(prefixes, on=on)
        .filter(kind=Measure.Kind.RATE, quota_number="")
        .exclude(document_code="")
        .exclude(origin="")
    )
    groups: dict[str, set[str]] = defaultdict(set)
    members = CountryGroupMember.objects.on(on).filter(country__code__in={item.origin for item in consignment.items})
    for country, group in members.values_list("country__code", "group__code"):
        groups[country].add(group)
    return {
        item.number: sorted(
            {
                Claim(row.document_code, row.preference)
                for row in rows
                if item.commodity_code.startswith(row.commodity_prefix)
                and item.procedure.startswith(row.procedure)
                and (row.origin == item.origin or row.origin in groups[item.origin])
            },
            key=lambda claim: (claim.document_code, claim.preference),
        )
        for item in consignment.items
    }


def _claim(options: list[Claim], document: str) -> Claim:
    """The claim that goes with a paper; the bare paper where nothing may be claimed with it."""
    return next((claim for claim in options if claim.document_code == document), Claim(document, ""))


def _with_claims(consignment: Consignment, claims: Mapping[int, Claim]) -> Consignment:
    return replace(consignment, items=tuple(_with_claim(item, claims.get(item.number)) for item in consignment.items))


def _with_claim(item: ConsignmentItem, claim: Claim | None) -> ConsignmentItem:
    if claim is None:
        return item
    return replace(
        item, documents=item.documents | {claim.document_code}, preference=claim.preference or item.preference
    )


def _alternatives(
    consignment: Consignment,
    assessment: Assessment,
    claims: Mapping[int, list[Claim]],
    documents: Mapping[str, DocumentType],
    *,
    on: date,
) -> tuple[Alternative, ...]:
    """For each paper that some item could still have: what the consignment would come to with it, if less."""
    if assessment.needs:
        return ()
    held = {item.number: item.documents for item in consignment.items}
    by_document: dict[str, dict[int, Claim]] = defaultdict(dict)
    for number, options in claims.items():
        for claim in options:
            if claim.document_code not in held[number] and claim.document_code in documents:
                by_document[claim.document_code].setdefault(number, claim)
    found = []
    for code, chosen in sorted(by_document.items())[:MOST_ALTERNATIVES]:
        other = _with_claims(consignment, chosen)
        outcome = assess(other, law_for(other, on=on))
        saved = _total(assessment) - _total(outcome)
        if saved > 0 and not outcome.needs:
            found.append(Alternative(documents[code], tuple(sorted(chosen)), outcome.payable, saved))
    return tuple(sorted(found, key=lambda alternative: -alternative.saved))


def _total(assessment: Assessment) -> Decimal:
    return assessment.payable + assessment.guaranteed


# Lines --------------------------------------------------------------------------------------------------------
def _measure_ids(assessment: Assessment) -> set[int]:
    return {charge.measure_id for charge in assessment.charges if charge.measure_id is not None}


def _restriction_ids(law: Law) -> set[int]:
    return {row.measure_id for rows in law.restrictions.values() for row in rows}


def _acts(assessment: Assessment) -> dict[int, LegalAct]:
    measures = Measure.objects.filter(pk__in=_measure_ids(assessment)).select_related("legal_act")
    return {measure.pk: measure.legal_act for measure in measures}


def _lines(assessment: Assessment, number: int | None, acts: Mapping[int, LegalAct]) -> tuple[ChargeLine, ...]:
    return tuple(
        ChargeLine(charge, acts.get(charge.measure_id or 0)) for charge in assessment.charges if charge.item == number
    )


def _items(
    consignment: Consignment, law: Law, assessment: Assessment, acts: Mapping[int, LegalAct], *, on: date
) -> tuple[EstimatedItem, ...]:
    codes = {item.commodity_code for item in consignment.items}
    commodities = {row.code: row for row in Commodity.objects.on(on).filter(code__in=codes)}
    found = []
    for item, value in zip(consignment.items, assessment.values, strict=True):
        lines = _lines(assessment, item.number, acts)
        total = sum((line.charge.amount for line in lines), Decimal(0))
        units = units_asked(law, item.number)
        found.append(EstimatedItem(item, commodities.get(item.commodity_code), value, lines, units, total))
    return tuple(found)
