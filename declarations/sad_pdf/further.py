"""Filled boxes for which the form of the SAD has no room: they are listed after it, so that nothing declared is lost.

A row of the box table that is not drawn on the form is listed by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from declarations.boxes import LEVELS, Box
from declarations.sad_pdf.words import Words
from declarations.selectors import PARTS, Content, is_filled

# Boxes that the form draws, by level.
DRAWN: dict[str, frozenset[str]] = {
    "header": frozenset({
        "declaration_type", "general_procedure", "transit_document_type", "office_code", "manifest_reference",
        "lrn", "lrn_year", "loading_lists", "total_packages", "exporter_code", "exporter_name",
        "consignee_code", "consignee_name", "financial_code", "financial_name", "declarant_code",
        "declarant_name", "declarant_representative", "last_consignment_country", "trading_country",
        "value_details", "cap", "export_country", "export_region", "origin_country_name", "destination_country",
        "destination_region", "additional_information", "comments", "departure_identity",
        "departure_nationality", "container_flag", "delivery_terms_code",
        "delivery_terms_place", "delivery_terms_situation", "border_identity", "border_nationality",
        "border_mode", "inland_mode", "loading_place_code", "loading_place_name", "loading_place_country",
        "border_office_code", "location_of_goods", "invoice_amount", "invoice_currency", "transaction_nature_1",
        "transaction_nature_2", "bank_code", "bank_name", "bank_branch", "bank_reference", "payment_terms_code",
        "payment_terms_description", "deferred_payment_reference", "mode_of_payment", "guarantee_name",
        "guarantee_date", "guarantee_excluded_country", "warehouse", "warehouse_delay", "principal_code",
        "principal_name", "principal_representative", "transit_signature_place", "transit_signature_date",
        "transit_destination_office", "transit_destination_country", "seals_number", "seals_identity",
        "transit_control_result", "transit_time_limit", "transit_officer", "total_gross_mass",
        "external_freight", "external_freight_currency", "internal_freight", "internal_freight_currency",
        "insurance", "insurance_currency", "other_cost", "other_cost_currency", "deduction",
        "deduction_currency", "declaration_place", "declaration_date",
    }),
    "item": frozenset({
        "packages_number", "packages_marks", "packages_marks_2", "packages_kind", "commodity_code",
        "additional_code_2", "additional_code_3", "additional_code_4", "preference", "extended_procedure",
        "national_procedure", "quota_code", "supplementary_unit_1", "supplementary_quantity_1",
        "supplementary_unit_2", "supplementary_quantity_2", "supplementary_unit_3", "supplementary_quantity_3",
        "item_price", "valuation_method", "additional_information_code", "origin_country", "origin_region",
        "tariff_description", "commercial_description", "summary_declaration", "summary_declaration_line",
        "previous_document", "licence_number", "free_text_1", "free_text_2", "gross_mass", "net_mass",
        "rate_of_adjustment",
    }),
    "document": frozenset({
        "code", "reference", "date",
    }),
    "container": frozenset({
        "item_number", "identity",
    }),
    "previous": frozenset({
        "office_code", "year", "serial", "number", "item_number", "current_item",
    }),
    "supplier": frozenset({
    }),
}  # fmt: skip


_LEVEL_OF = {"containers": "container", "previous": "previous", "suppliers": "supplier"}


@dataclass(frozen=True, slots=True)
class Further:
    """What one row of the declaration says beyond the form: title of the row, then box, label and text."""

    title: str
    boxes: list[tuple[str, str | Promise, str]]


def further_boxes(content: Content, words: Words) -> list[Further]:
    """Every row that fills a box which the form does not draw."""
    return [row for row in _rows(content, words) if row.boxes]


def _rows(content: Content, words: Words) -> Iterator[Further]:
    yield Further(_("Declaration"), _undrawn("header", content.declaration, words))
    for item, documents in zip(content.items, content.documents, strict=True):
        title = _("Item %(number)d") % {"number": item.number}
        yield Further(title, _undrawn("item", item, words))
        for place, document in enumerate(documents, 1):
            yield Further(f"{title}, {_('document')} {place}", _undrawn("document", document, words))
    titles = {"containers": _("Container"), "previous": _("Previous declaration"), "suppliers": _("Supplier's invoice")}
    for part in PARTS:
        for place, row in enumerate(getattr(content, part), 1):
            yield Further(f"{titles[part]} {place}", _undrawn(_LEVEL_OF[part], row, words))


def _undrawn(level: str, row: Model, words: Words) -> list[tuple[str, str | Promise, str]]:
    boxes = [box for box in LEVELS[level] if box.field not in DRAWN[level]]
    return [(box.box, box.label, _text(box, getattr(row, box.field), words)) for box in boxes if _speaks(box, row)]


def _speaks(box: Box, row: Model) -> bool:
    """A figure that only says "as usual" (costs shared by price, adjusted by 1) is no news."""
    return is_filled(value := getattr(row, box.field)) and not (box.field == "working_mode" and value == 0)


def _text(box: Box, value: Any, words: Words) -> str:
    match box.kind:
        case "amount":
            return words.price(value)
        case "quantity" | "integer":
            return words.figure(value)
        case "date":
            return words.day(value)
        case "flag":
            return "1"
    return str(value)
