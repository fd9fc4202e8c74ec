"""What each item may claim with a paper, a preference or a quota, and the law under which it is then charged.

Which claims there could be is read from the measures; whether one makes a difference to an item is left to the same
`law_for` that assesses declarations: every item with every claim is put to it at once.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from lib.codes import beginnings
from tariffs.calculation import Consignment, ConsignmentItem, Law, MeasureFact
from tariffs.models import CountryGroupMember, Measure
from tariffs.selectors import law_for

MOST_CLAIMS = 8


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """What an item may claim: a paper, a preference, a quota, or several together. All empty: the general rate."""

    document: str = ""
    preference: str = ""
    quota: str = ""

    def applied_to(self, item: ConsignmentItem) -> ConsignmentItem:
        """The item with this claim and no other; a paper that it carries already stays beside a quota."""
        keeps = self.quota and not self.document
        documents = item.documents if keeps else frozenset({self.document} - {""})
        return replace(item, documents=documents, preference=self.preference, quota_code=self.quota)

    def is_made_by(self, item: ConsignmentItem) -> bool:
        """Whether the item makes exactly this claim, as far as papers and quotas decide about its rate."""
        return self.applied_to(item) == item


GENERAL = Claim()


@dataclass(frozen=True, slots=True)
class Claims:
    """By item number the claims that make a difference, and the law for an item under each (and under GENERAL)."""

    of_item: Mapping[int, tuple[Claim, ...]]
    measures: Mapping[tuple[int, Claim], tuple[MeasureFact, ...]]
    law: Law | None

    def all(self) -> list[Claim]:
        """Every claim of any item, once."""
        return sorted({claim for claims in self.of_item.values() for claim in claims})


def possible(consignment: Consignment, *, on: date) -> dict[int, list[Claim]]:
    """What each item could claim by its commodity and origin. Two queries."""
    codes = {item.commodity_code for item in consignment.items}
    prefixes = {beginning for code in codes for beginning in beginnings(code)}
    conditional = Measure.objects.covering(prefixes, on=on).filter(kind=Measure.Kind.RATE)
    rows = list(conditional.exclude(document_code="", preference="", quota_number=""))
    groups: dict[str, set[str]] = defaultdict(set)
    members = CountryGroupMember.objects.on(on).filter(
        country__code__in={item.origin_country for item in consignment.items}
    )
    for country, group in members.values_list("country__code", "group__code"):
        groups[country].add(group)
    found = {}
    for item in consignment.items:
        fitting = {
            Claim(row.document_code, row.preference, row.quota_number)
            for row in rows
            if item.commodity_code.startswith(row.commodity_prefix)
            and (row.origin in ("", item.origin_country) or row.origin in groups[item.origin_country])
        }
        found[item.number] = sorted(fitting)[:MOST_CLAIMS]
    return found


def with_proofs(consignment: Consignment, proofs: Mapping[int, str], could: Mapping[int, list[Claim]]) -> Consignment:
    """The consignment with the papers in `proofs` (item number -> document) and the preference that goes with each."""
    return replace(
        consignment, items=tuple(_with_proof(item, proofs.get(item.number, ""), could) for item in consignment.items)
    )


def _with_proof(item: ConsignmentItem, document: str, could: Mapping[int, list[Claim]]) -> ConsignmentItem:
    if not document:
        return item
    meant = (
        claim for claim in could.get(item.number, ()) if claim.document == document and claim.quota == item.quota_code
    )
    preference = item.preference or next((claim.preference for claim in meant), "")
    return replace(item, documents=item.documents | {document}, preference=preference)


def claims_open_to(consignment: Consignment, could: Mapping[int, list[Claim]], *, on: date) -> Claims:
    """Those of the possible claims that change what the law takes for an item."""
    variants: dict[int, tuple[int, Claim]] = {}
    items: list[ConsignmentItem] = []
    for item in consignment.items:
        for claim in (GENERAL, *could.get(item.number, ())) if could.get(item.number) else ():
            items.append(replace(claim.applied_to(item), number=len(items) + 1))
            variants[len(items)] = (item.number, claim)
    if not items:
        return Claims({}, {}, None)
    law = law_for(replace(consignment, items=tuple(items)), on=on)
    measures = {key: law.measures.get(number, ()) for number, key in variants.items()}
    open_to: dict[int, list[Claim]] = defaultdict(list)
    for variant, (number, claim) in variants.items():
        fits = variant in law.quota_items if claim.quota else measures[number, claim] != measures[number, GENERAL]
        if claim != GENERAL and fits:
            open_to[number].append(claim)
    return Claims({number: tuple(claims) for number, claims in open_to.items()}, measures, law)


def law_under(law: Law, claims: Claims, changed: Mapping[int, Claim]) -> Law:
    """`law` with the items in `changed` under their claims."""
    if claims.law is None:
        return law
    measures = {**law.measures, **{number: claims.measures[number, claim] for number, claim in changed.items()}}
    return replace(
        law,
        measures=measures,
        quotas={**claims.law.quotas, **law.quotas},
        exchange_rates={**claims.law.exchange_rates, **law.exchange_rates},
    )
