"""Rules of what the tariff asks for beside money: papers for restricted goods, prohibitions, tariff quotas."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from declarations.facts import Case
from declarations.rules.rule import OF_CASE, items
from lib.languages import in_language
from lib.rules import Finding
from tariffs.calculation import RestrictionFact
from tariffs.models import DocumentType


@OF_CASE.rule("D100")
def restricted_goods_have_their_paper(case: Case) -> Iterator[Finding]:
    for place, (pointer, _item) in enumerate(items(case)):
        carried = {paper.code for paper in case.content.documents[place] if paper.code and paper.reference}
        asked: dict[tuple[str, ...], RestrictionFact] = {}
        for restriction in case.law.restrictions.get(place + 1, ()):
            if not restriction.prohibited and not carried.intersection(restriction.documents):
                asked.setdefault(restriction.documents, restriction)
        for restriction in asked.values():
            yield (
                f"{pointer}.documents",
                _("Goods of this code need a paper. Name among the item's documents: {papers}. {why}").format(
                    papers=_named(restriction.documents, case.document_types), why=_why(restriction)
                ),
            )


@OF_CASE.rule("D101")
def goods_are_not_prohibited(case: Case) -> Iterator[Finding]:
    for place, (pointer, _item) in enumerate(items(case)):
        for restriction in case.law.restrictions.get(place + 1, ()):
            if restriction.prohibited:
                yield (
                    f"{pointer}.commodity_code",
                    _("These goods are prohibited and cannot be declared. {why}").format(why=_why(restriction)),
                )


@OF_CASE.rule("D102")
def quota_is_known(case: Case) -> Iterator[Finding]:
    for pointer, item in items(case):
        if item.quota_code and item.quota_code not in case.law.quotas:
            yield (
                f"{pointer}.quota_code",
                _("There is no tariff quota {number} on this date. Leave the box empty to pay the usual rate.").format(
                    number=item.quota_code
                ),
            )


@OF_CASE.rule("D103")
def quota_is_for_these_goods(case: Case) -> Iterator[Finding]:
    for place, (pointer, item) in enumerate(items(case), 1):
        if item.quota_code in case.law.quotas and place not in case.law.quota_items:
            yield (
                f"{pointer}.quota_code",
                _(
                    "Quota {number} ({name}) is not for this code, origin or procedure, or asks for a paper that is "
                    "not named. Correct these, or leave the box empty to pay the usual rate."
                ).format(number=item.quota_code, name=case.law.quotas[item.quota_code].name),
            )


def _named(codes: tuple[str, ...], types: Mapping[str, DocumentType]) -> str:
    """The papers by name and code, one of which is enough: "veterinary certificate (853) or …"."""
    names = [f"{in_language(types[code])} ({code})" if code in types else code for code in codes]
    return _(" or ").join(names)


def _why(restriction: RestrictionFact) -> str:
    """The measure's note, if it has one, and the act it rests on."""
    note = restriction.note.strip()
    if note and not note.endswith((".", "!", "?")):
        note += "."
    basis = _("Legal basis: {act}.").format(act=restriction.legal_basis.rstrip("."))
    return f"{note} {basis}".strip()
