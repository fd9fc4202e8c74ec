"""The papers that a consignment needs, and what may not be brought at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from tariffs.calculation import Consignment, Law, RestrictionFact
from tariffs.models import DocumentType, LegalAct


@dataclass(frozen=True, slots=True)
class PaperAsked:
    """One of `documents` is needed for `items` (numbers), by `restriction` and the act it rests on."""

    documents: tuple[DocumentType, ...]
    items: tuple[int, ...]
    restriction: RestrictionFact
    act: LegalAct | None


@dataclass(frozen=True, slots=True)
class Prohibition:
    """Goods that may not be declared: the numbers of the items, the reason and the act."""

    items: tuple[int, ...]
    restriction: RestrictionFact
    act: LegalAct | None


@dataclass(frozen=True, slots=True)
class ConsignmentPapers:
    """One of `invoices`, one of `transport`, the `proofs` that are claimed, and what restrictions ask for."""

    invoices: tuple[DocumentType, ...]
    transport: tuple[DocumentType, ...]
    proofs: tuple[tuple[DocumentType, tuple[int, ...]], ...]
    asked: tuple[PaperAsked, ...]
    prohibitions: tuple[Prohibition, ...]


@dataclass
class _Together:
    """A restriction with all items that it concerns."""

    restriction: RestrictionFact
    items: list[int] = field(default_factory=list)


def papers_for(consignment: Consignment, law: Law, acts: Mapping[int, LegalAct]) -> ConsignmentPapers:
    """What has to lie beside the declaration. One query."""
    restrictions: dict[object, _Together] = {}
    for number, rows in sorted(law.restrictions.items()):
        for row in rows:
            key = (row.prohibited, row.documents, row.note, row.legal_basis)
            together = restrictions.setdefault(key, _Together(row))
            if number not in together.items:
                together.items.append(number)
    carried: dict[str, list[int]] = {}
    for item in consignment.items:
        for code in sorted(item.documents):
            carried.setdefault(code, []).append(item.number)
    codes = {code for one in restrictions.values() for code in one.restriction.documents} | set(carried)
    found = list(DocumentType.objects.filter(Q(is_invoice=True) | Q(is_transport=True) | Q(code__in=codes)))
    types = {paper.code: paper for paper in found}
    return ConsignmentPapers(
        invoices=tuple(paper for paper in found if paper.is_invoice),
        transport=tuple(paper for paper in found if paper.is_transport),
        proofs=tuple((types[code], tuple(numbers)) for code, numbers in carried.items() if code in types),
        asked=tuple(
            PaperAsked(
                tuple(types[code] for code in one.restriction.documents if code in types),
                tuple(one.items),
                one.restriction,
                acts.get(one.restriction.measure_id),
            )
            for one in restrictions.values()
            if not one.restriction.prohibited
        ),
        prohibitions=tuple(
            Prohibition(tuple(one.items), one.restriction, acts.get(one.restriction.measure_id))
            for one in restrictions.values()
            if one.restriction.prohibited
        ),
    )
