"""What the same goods would cost with a paper, a preference or from a quota, beside the general rate.

Each claim is assessed once for all the items that may make it; where several items share one quota, each is assessed
alone as well, because the first takes first.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from lib.pointers import place_in
from tariff_lookup.estimates.claims import GENERAL, Claim, Claims, law_under
from tariffs.calculation import Assessment, Consignment, Draw, Law, assess
from tariffs.models import DocumentType
from tariffs.selectors import QuotaBalance, quota_balances


@dataclass(frozen=True, slots=True)
class Option:
    """A way to declare one item. `total` and `saved` (against the general rate) are None while something is missing.

    `draw` is what the item would take from its quota. `is_current`: the item is calculated this way now.
    """

    claim: Claim
    document: DocumentType | None
    quota: QuotaBalance | None
    total: Decimal | None
    saved: Decimal | None
    draw: Draw | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class Alternative:
    """The same consignment with one more claim for `items`: what it comes to, and what that saves against now."""

    claim: Claim
    document: DocumentType | None
    quota: QuotaBalance | None
    items: tuple[int, ...]
    payable: Decimal
    saved: Decimal


@dataclass(frozen=True, slots=True)
class Options:
    """For each item with a choice its options, the general rate first; and what is cheaper for the consignment."""

    of_item: Mapping[int, tuple[Option, ...]]
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class _Names:
    documents: Mapping[str, DocumentType]
    quotas: Mapping[str, QuotaBalance]


def options_for(consignment: Consignment, law: Law, assessment: Assessment, claims: Claims, *, on: date) -> Options:
    """Every option of every item. Two queries at most, beside those that the claims took."""
    if not claims.of_item:
        return Options({}, ())
    case = _Case(consignment, law, assessment, claims, _names(claims, on=on))
    general = case.outcome(dict.fromkeys(claims.of_item, GENERAL))
    found: dict[int, list[Option]] = {
        number: [case.option(number, GENERAL, general, general)] for number in claims.of_item
    }
    alternatives: list[Alternative] = []
    for claim in claims.all():
        numbers = [number for number, open_to in claims.of_item.items() if claim in open_to]
        together = case.outcome(dict.fromkeys(numbers, claim))
        for number in numbers:
            alone = case.outcome({number: claim}) if claim.quota and len(numbers) > 1 else together
            found[number].append(case.option(number, claim, alone, general))
        alternatives += case.alternative(claim, numbers, together)
    return Options(
        {number: tuple(options) for number, options in found.items()},
        tuple(sorted(alternatives, key=lambda alternative: -alternative.saved)),
    )


def _names(claims: Claims, *, on: date) -> _Names:
    documents = {claim.document for claim in claims.all()} - {""}
    quotas = {claim.quota for claim in claims.all()} - {""}
    return _Names(
        DocumentType.objects.in_bulk(documents, field_name="code") if documents else {},
        {row.quota.number: row for row in quota_balances(quotas, on=on)} if quotas else {},
    )


@dataclass(frozen=True, slots=True)
class _Case:
    consignment: Consignment
    law: Law
    now: Assessment
    claims: Claims
    names: _Names

    def outcome(self, changed: Mapping[int, Claim]) -> Assessment:
        """The assessment with the items in `changed` under their claims."""
        items = (
            changed[item.number].applied_to(item) if item.number in changed else item for item in self.consignment.items
        )
        other = replace(self.consignment, items=tuple(items))
        return self.now if other == self.consignment else assess(other, law_under(self.law, self.claims, changed))

    def option(self, number: int, claim: Claim, outcome: Assessment, general: Assessment) -> Option:
        item = self.consignment.items[number - 1]
        others = (other for other in self.claims.of_item[number] if other.is_made_by(item))
        is_current = next(others, GENERAL) == claim
        outcome = self.now if is_current else outcome
        total, without = _item_total(outcome, number), _item_total(general, number)
        return Option(
            claim=claim,
            document=self.names.documents.get(claim.document),
            quota=self.names.quotas.get(claim.quota),
            total=total,
            saved=without - total if total is not None and without is not None else None,
            draw=next((draw for draw in outcome.draws if draw.item == number), None) if claim.quota else None,
            is_current=is_current,
        )

    def alternative(self, claim: Claim, numbers: Iterable[int], outcome: Assessment) -> Iterable[Alternative]:
        """The claim for all items it helps, if it comes to less than now."""
        if self.now.needs or outcome.needs:
            return
        saved = _total(self.now) - _total(outcome)
        if saved > 0:
            yield Alternative(
                claim,
                self.names.documents.get(claim.document),
                self.names.quotas.get(claim.quota),
                tuple(number for number in numbers if not claim.is_made_by(self.consignment.items[number - 1])),
                outcome.payable,
                saved,
            )


def _total(assessment: Assessment) -> Decimal:
    return assessment.payable + assessment.guaranteed


def _item_total(assessment: Assessment, number: int) -> Decimal | None:
    """What is charged on an item; None where something it needs is missing."""
    if any(place_in(need.pointer, "items") in (None, number - 1) for need in assessment.needs):
        return None
    amounts: dict[int | None, Decimal] = defaultdict(Decimal)
    for charge in assessment.charges:
        amounts[charge.item] += charge.amount
    return amounts[number]
