"""From a declaration to an ASYCUDA World export that other systems read, spelling mistakes of the format included."""

import math
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from declarations.boxes import CONTAINER, DOCUMENT, HEADER, ITEM, PREVIOUS, SUPPLIER, Box
from declarations.models import Charge, Declaration, Item, ItemValuation
from declarations.sad_xml.parsing import COSTS
from declarations.sad_xml.tree import key_of
from lib.figures import ONE, ZERO, plain
from tariffs.rates import Percent, parse
from tariffs.selectors import code_list, exchange_rate, territory

_HS_DIGITS = 8
_RATE_PLACES = 12
_TOP = (
    "Property",
    "Identification",
    "Traders",
    "Declarant",
    "General_information",
    "Transport",
    "Financial",
    "Warehouse",
    "Transit",
    "Valuation",
    "Prev_decl",
    "Container",
    "Item",
    "Suppliers_documents",
)
# Where the format wants a code's name too: box field -> (code list, path of the name).
_HEADER_NAMES = {
    "office_code": ("office", "Identification/Office_segment/Customs_Clearance_office_name"),
    "border_office_code": ("office", "Transport/Border_office/Name"),
    "export_country": ("country", "General_information/Country/Export/Export_country_name"),
    "destination_country": ("country", "General_information/Country/Destination/Destination_country_name"),
    "invoice_currency": ("currency", "Valuation/Gs_Invoice/Currency_name"),
}
_ITEM_NAMES = {
    "packages_kind": ("package_kind", "Packages/Kind_of_packages_name"),
    "supplementary_unit_1": ("unit", "Tarification/Supplementary_unit[1]/Suppplementary_unit_name"),
    "supplementary_unit_2": ("unit", "Tarification/Supplementary_unit[2]/Suppplementary_unit_name"),
    "supplementary_unit_3": ("unit", "Tarification/Supplementary_unit[3]/Suppplementary_unit_name"),
}


class _Writer:
    """Puts texts at paths; an element is made when the first path goes through it."""

    def __init__(self, element: Element) -> None:
        self.element = element

    def put(self, path: str, text: str) -> None:
        """Set the text of the element at `path` ("A/B[2]/C", counted from 1)."""
        node = self.element
        for step in path.split("/"):
            name, _, place = step.rstrip("]").partition("[")
            same = [child for child in node if key_of(child.tag) == key_of(name)]
            while len(same) < int(place or 1):
                same.append(SubElement(node, name))
            node = same[int(place or 1) - 1]
        node.text = text

    def boxes(self, row: Any, boxes: Iterable[Box]) -> None:
        """Put every box of `row`; an empty text is written `<null/>`, an empty figure or date as nothing."""
        for box in boxes:
            value = getattr(row, box.field)
            self.put(box.xml, _text(value))
            if value in ("", None) and box.kind in ("code", "text", "lines"):
                self.null(box.xml)

    def null(self, path: str) -> None:
        node = self.element.find(path)
        if node is not None and not len(node):
            SubElement(node, "null")

    def names(self, row: Any, names: Mapping[str, tuple[str, str]], lists: Mapping[str, Mapping[str, str]]) -> None:
        for field, (list_name, path) in names.items():
            if name := lists[list_name].get(getattr(row, field)):
                self.put(path, name)


def build(declaration: Declaration, *, on: date) -> bytes:
    """`declaration` as an ASYCUDA export, UTF-8; `on` chooses code names and rates while it has no tax date."""
    day = declaration.tax_date or on
    lists = {name: code_list(name, on=day) for name in ("office", "country", "currency", "package_kind", "unit")}
    items = list(declaration.items.prefetch_related("documents", "charges").select_related("valuation"))
    root = Element("ASYCUDA")
    writer = _Writer(root)
    writer.boxes(declaration, HEADER)
    writer.names(declaration, _HEADER_NAMES, lists)
    _write_totals(writer, declaration, items)
    _write_value(writer, declaration, items, on=day)
    for rows, tag, boxes in (
        (declaration.previousdeclarations.all(), "Prev_decl", PREVIOUS),
        (declaration.containers.all(), "Container", CONTAINER),
        (declaration.supplierinvoices.all(), "Suppliers_documents", SUPPLIER),
    ):
        for row in rows:
            _Writer(SubElement(root, tag)).boxes(row, boxes)
    for item in items:
        _write_item(_Writer(SubElement(root, "Item")), item, lists)
    root[:] = sorted(root, key=lambda child: _TOP.index(child.tag) if child.tag in _TOP else len(_TOP))
    indent(root, space="")
    content: bytes = tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n' + content


def _write_totals(writer: _Writer, declaration: Declaration, items: list[Item]) -> None:
    forms = 1 + math.ceil(max(len(items) - 1, 0) / 3)
    writer.put("Property/Sad_flow", "E" if declaration.flow == "export" else "I")
    writer.put("Property/Forms/Number_of_the_form", "1")
    writer.put("Property/Forms/Total_number_of_forms", str(forms))
    writer.put("Property/Nbers/Total_number_of_items", str(len(items)))
    if declaration.lodged_at is None or declaration.tax_date is None:
        return
    for segment in ("Registration", "Assessment"):
        path = f"Identification/{segment}"
        writer.put(f"{path}/Serial_number", declaration.registration_series)
        writer.put(f"{path}/Number", _text(declaration.registration_number))
        writer.put(f"{path}/Date", _text(declaration.tax_date))
    fees = sum((charge.amount for charge in declaration.charges.filter(item=None)), ZERO)
    writer.put("Financial/Amounts/Global_taxes", _text(fees))
    writer.put("Financial/Amounts/Totals_taxes", _text(declaration.payable))
    writer.put("Financial/Guarantee/Amount", _text(declaration.guaranteed))


def _write_value(writer: _Writer, declaration: Declaration, items: list[Item], *, on: date) -> None:
    valuations = [valuation for item in items if (valuation := _valuation(item)) is not None]
    national = territory().currency
    for name, field in (("Invoice", "price"), *((cost, cost) for cost in COSTS)):
        path = f"Valuation/Gs_{name}"
        own = declaration.invoice_currency if name == "Invoice" else getattr(declaration, f"{name}_currency")
        currency = own or declaration.invoice_currency
        fact = exchange_rate(currency, on=on) if currency and currency != national else None
        rate = fact.rate if fact else (ONE if currency == national else None)
        writer.put(f"{path}/Currency_rate", _text(rate))
        if valuations:
            total = sum((getattr(valuation, field) for valuation in valuations), ZERO)
            writer.put(f"{path}/Amount_national_currency", _text(total))
    writer.put("Valuation/Total_CIF", _text(declaration.customs_value))
    writer.put("Valuation/Total/Total_invoice", _text(declaration.invoice_amount))
    writer.put("Valuation/Total/Total_weight", _text(declaration.total_gross_mass))


def _valuation(item: Item) -> ItemValuation | None:
    try:
        return item.valuation
    except ItemValuation.DoesNotExist:
        return None


def _write_item(writer: _Writer, item: Item, lists: Mapping[str, Mapping[str, str]]) -> None:
    for document in item.documents.all():
        _Writer(SubElement(writer.element, "Attached_documents")).boxes(document, DOCUMENT)
    writer.boxes(item, ITEM)
    writer.names(item, _ITEM_NAMES, lists)
    if len(item.commodity_code) > _HS_DIGITS:
        writer.put("Tarification/HScode/Commodity_code", item.commodity_code[:_HS_DIGITS])
        writer.put("Tarification/HScode/Precision_1", item.commodity_code[_HS_DIGITS:])
    codes = " ".join(document.code for document in item.documents.all() if document.code)
    writer.put("Tarification/Attached_doc_item", codes)
    valuation = _valuation(item)
    if valuation is not None:
        _write_valuation(writer, valuation)
    _write_charges(writer, list(item.charges.all()))


def _write_valuation(writer: _Writer, valuation: ItemValuation) -> None:
    writer.put("Valuation_item/Total_CIF_itm", _text(valuation.customs_value))
    writer.put("Valuation_item/Statistical_value", _text(valuation.statistical_value))
    writer.put("Valuation_item/Item_Invoice/Amount_national_currency", _text(valuation.price))
    for cost in COSTS:
        writer.put(f"Valuation_item/item_{cost}/Amount_national_currency", _text(getattr(valuation, cost)))


def _write_charges(writer: _Writer, charges: list[Charge]) -> None:
    paid = sum((charge.amount for charge in charges if charge.payable), ZERO)
    secured = sum((charge.amount for charge in charges if not charge.payable), ZERO)
    writer.put("Taxation/Item_taxes_amount", _text(paid))
    writer.put("Taxation/Item_taxes_guaranted_amount", _text(secured))
    for place, charge in enumerate(charges, start=1):
        path = f"Taxation/Taxation_line[{place}]"
        writer.put(f"{path}/Duty_tax_code", charge.tax_code)
        writer.put(f"{path}/Duty_tax_Base", _text(charge.base))
        writer.put(f"{path}/Duty_tax_rate", _rate(charge))
        writer.put(f"{path}/Duty_tax_amount", _text(charge.amount))
        writer.put(f"{path}/Duty_tax_MP", "1" if charge.payable else "0")


def _rate(charge: Charge) -> str:
    """Per cent of the base, as the format has it: of a rate of another kind what it came to."""
    rate = parse(charge.rate_text)
    if isinstance(rate, Percent):
        return plain(rate.value)
    return plain(round(charge.amount * 100 / charge.base, _RATE_PLACES)) if charge.base else "0"


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return f"{value.month}/{value.day}/{value:%y}"
    if isinstance(value, Decimal):
        return plain(value)
    return str(value)
