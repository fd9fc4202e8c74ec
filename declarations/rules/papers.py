"""Rules of the papers: invoice, transport document, proof of origin, and what each document must say."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from declarations.facts import Case
from declarations.rules.rule import OF_CASE, items, missing, papers
from lib.pointers import pointer_to
from lib.rules import Finding

TRADE_YEARS, PAPER_YEARS = 10, 50


def _oldest(case: Case, *, trade: bool) -> date:
    """The first day that a paper may bear: what comes with the goods is recent, a licence or contract may be old."""
    return date(case.on.year - (TRADE_YEARS if trade else PAPER_YEARS), 1, 1)


def _carried(case: Case, quality: str) -> bool:
    return any(case.paper_is(quality, paper.code) for _pointer, paper in papers(case))


@OF_CASE.rule("D090")
def an_invoice_is_named(case: Case) -> Iterator[Finding]:
    asked = case.has_papers("is_invoice") and case.content.items
    if asked and not _carried(case, "is_invoice") and not any(row.invoice_number for row in case.content.suppliers):
        yield "items[0].documents", _("Name the invoice among the documents of an item.")


@OF_CASE.rule("D091")
def a_transport_document_is_named(case: Case) -> Iterator[Finding]:
    asked = case.has_papers("is_transport") and case.content.items
    by_box_40 = any(item.summary_declaration for item in case.content.items)
    if asked and not by_box_40 and not _carried(case, "is_transport"):
        yield "items[0].documents", _("Name the transport document (waybill, CMR, bill of lading) of an item.")


@OF_CASE.rule("D092")
def document_codes_are_known(case: Case) -> Iterator[Finding]:
    known = case.known["document_type"]
    for pointer, paper in papers(case):
        if missing(case, paper.code, f"{pointer}.code"):
            yield f"{pointer}.code", _("Say what kind of document this is, or remove the row.")
        elif paper.code and paper.code not in known:
            yield (
                f"{pointer}.code",
                _("There is no document code {code}. Choose one from the list.").format(code=paper.code),
            )


@OF_CASE.rule("D093")
def documents_have_a_number(case: Case) -> Iterator[Finding]:
    for pointer, paper in papers(case):
        if missing(case, paper.reference, f"{pointer}.reference"):
            yield f"{pointer}.reference", _("Give the number of the document, “b/n” if it has none.")


@OF_CASE.rule("D094")
def documents_are_not_of_the_future_nor_of_another_age(case: Case) -> Iterator[Finding]:
    for pointer, paper in papers(case):
        first = _oldest(
            case, trade=case.paper_is("is_invoice", paper.code) or case.paper_is("is_transport", paper.code)
        )
        if paper.date is not None and paper.date > case.today:
            yield f"{pointer}.date", _("The date of this document is in the future.")
        elif paper.date is not None and paper.date < first:
            sentence = _("The date of this document lies before {year}. Check the year.")
            yield f"{pointer}.date", sentence.format(year=first.year)


@OF_CASE.rule("D095")
def documents_differ(case: Case) -> Iterator[Finding]:
    for place, documents in enumerate(case.content.documents):
        seen: set[tuple[str, str]] = set()
        for number, paper in enumerate(documents):
            key = (paper.code, paper.reference)
            if paper.code and paper.reference and key in seen:
                yield (
                    pointer_to("items", place, "documents", number, "reference"),
                    _("This document is listed twice. Remove one row."),
                )
            seen.add(key)


@OF_CASE.rule("D096")
def a_preference_has_its_proof_of_origin(case: Case) -> Iterator[Finding]:
    if not case.has_papers("proves_origin"):
        return
    for (pointer, item), documents in zip(items(case), case.content.documents, strict=True):
        if item.preference and not any(case.paper_is("proves_origin", paper.code) for paper in documents):
            yield (
                f"{pointer}.preference",
                _("A preference needs a proof of origin, such as a certificate ST-1, among the item's documents."),
            )


@OF_CASE.rule("D097")
def a_preference_fits_the_origin(case: Case) -> Iterator[Finding]:
    for pointer, item in items(case):
        origins = case.preferences.get(item.preference)
        if item.preference and origins is None:
            yield f"{pointer}.preference", _("There is no preference {code} on this date.").format(code=item.preference)
        elif item.preference and origins and item.origin_country and item.origin_country not in origins:
            yield (
                f"{pointer}.preference",
                _("Goods of {origin} have no preference {code}.").format(
                    origin=item.origin_country, code=item.preference
                ),
            )


@OF_CASE.rule("D098")
def supplier_invoices_are_not_of_the_future_nor_of_another_age(case: Case) -> Iterator[Finding]:
    for place, row in enumerate(case.content.suppliers):
        pointer, first = pointer_to("suppliers", place, "date"), _oldest(case, trade=True)
        if row.date is not None and row.date > case.today:
            yield pointer, _("The date of this invoice is in the future.")
        elif row.date is not None and row.date < first:
            yield pointer, _("The date of this invoice lies before {year}. Check the year.").format(year=first.year)


@OF_CASE.rule("D099")
def items_link_to_suppliers_that_are_listed(case: Case) -> Iterator[Finding]:
    links = {row.link for row in case.content.suppliers if row.link}
    for pointer, item in items(case):
        if links and item.supplier_link and item.supplier_link not in links:
            yield (
                f"{pointer}.supplier_link",
                _("No supplier's invoice has the link {link}.").format(link=item.supplier_link),
            )
