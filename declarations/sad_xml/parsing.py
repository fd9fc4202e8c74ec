"""From an ASYCUDA export to the canonical draft, the figures it states, and the list of what has no box."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypedDict

from django.utils.translation import ngettext

from declarations.boxes import CONTAINER, DOCUMENT, HEADER, ITEM, PREVIOUS, SUPPLIER, Box
from declarations.sad_xml.days import Days
from declarations.sad_xml.tree import Node, read
from lib.cells import NO, YES
from lib.codes import digits_of
from lib.figures import ZERO, last_place, plain
from lib.numbers import NotANumber, read_program_number, with_one_reading
from lib.spelling import seen

COSTS = ("external_freight", "internal_freight", "insurance", "other_cost", "deduction")
_SCALE = {"amount": 4, "quantity": 6}
_LARGEST = Decimal(10) ** 18
_NOT_APPORTIONED = "2"
MOST_KEPT, LONGEST_KEPT, MOST_KEPT_CHARACTERS = 5_000, 1_000, 500_000
# What systems in other languages than those of `lib.cells` answer.
_YES = YES | {"oui", "vrai", "si", "sí", "sim", "po"}
_NO = NO | {"non", "faux", "não", "jo"}
_PRECISION = "Tarification/HScode/Precision_1"
_WHOLE_CODE = 10
_ITEM_INVOICE = "Valuation_item/Item_Invoice/Amount_foreign_currency"
_COST_FIELDS = {name for cost in COSTS for name in (cost, f"{cost}_currency")}
# A later generation of the format names the suppliers' block again.
_OTHER_NAMES = {
    "Suppliers_document_name": "Invoice_supplier_name",
    "Suppliers_document_country": "Invoice_supplier_country",
    "Suppliers_document_city": "Invoice_supplier_city",
    "Suppliers_document_street": "Invoice_supplier_street",
    "Suppliers_document_telephone": "Invoice_supplier_telephone",
    "Suppliers_document_fax": "Invoice_supplier_fax",
    "Suppliers_document_zip_code": "Invoice_supplier_zip_code",
    "Prev_decl_HS_prec": "Prev_decl_HS_spec",
    "Tarification/Quota_code": "Tarification/Quota/QuotaCode",
}


class StatedLine(TypedDict):
    """A tax line as the file has it; `rate` in the file's own unit (percent or fraction).

    `rate_text` is the rate where the file writes it as the law does, empty where it is a figure.
    """

    tax_code: str
    base: Decimal
    rate: Decimal
    rate_text: str
    amount: Decimal
    payable: bool


class StatedItem(TypedDict):
    """What the file says of an item's value and taxes, in its national currency."""

    number: int
    customs_value: Decimal | None
    statistical_value: Decimal | None
    costs: dict[str, Decimal]
    lines: list[StatedLine]


class StatedSad(TypedDict):
    """Figures the other system computed. `exchange_rates` by cost name, and "invoice"."""

    date: date | None
    invoice_currency: str
    exchange_rates: dict[str, Decimal]
    currencies: dict[str, str]
    customs_value: Decimal | None
    global_taxes: Decimal
    payable: Decimal | None
    guaranteed: Decimal | None
    items: list[StatedItem]


class ParsedSad(TypedDict):
    """`draft` is canonical JSON; `kept` is [{"path", "value"}] of every element that has no box."""

    draft: dict[str, Any]
    stated: StatedSad
    kept: list[dict[str, str]]


@dataclass(slots=True)
class _File:
    """What reading one file has to know of the whole of it: how it writes days, and which figures it had to round."""

    days: Days
    rounded: list[tuple[str, str]] = field(default_factory=list)


def parse(content: bytes) -> ParsedSad:
    """Read an ASYCUDA World SAD export. Raises Rejected with X001 to X007 where it cannot be one."""
    root = read(content)
    file = _File(Days(_days(root)))
    draft = _boxes(root, HEADER, "", file)
    mode = draft.get("working_mode") or "0"
    nodes = root.all("Item")
    draft["items"] = [_item(node, f"Item[{n}]", mode, file) for n, node in enumerate(nodes, start=1)]
    for name, rows, tags in (
        ("containers", CONTAINER, ("Container",)),
        ("previous", PREVIOUS, ("Prev_decl",)),
        ("suppliers", SUPPLIER, ("Suppliers_documents", "Supplier_documents")),
    ):
        draft[name] = _rows(root.all(*tags), rows, tags[0], file)
    stated = _stated(root, nodes, file)
    return ParsedSad(draft=draft, stated=stated, kept=_kept([*root.unread(), *file.rounded]))


def _days(node: Node) -> Iterator[str]:
    """The texts of all elements that are named after a day."""
    if "date" in node.key:
        yield node.text
    for child in node.children:
        yield from _days(child)


def _kept(unread: list[tuple[str, str]]) -> list[dict[str, str]]:
    """What has no box, as far as a person reads it; how much more there is, the last row says."""
    kept: list[dict[str, str]] = []
    room = MOST_KEPT_CHARACTERS
    for path, value in unread[:MOST_KEPT]:
        shown = value if len(value) <= LONGEST_KEPT else f"{value[:LONGEST_KEPT]}…"
        room -= len(path) + len(shown)
        if room < 0:
            break
        kept.append({"path": path, "value": shown})
    if left := len(unread) - len(kept):
        sentence = ngettext("%(count)d more is in the file itself.", "%(count)d more are in the file itself.", left)
        kept.append({"path": "…", "value": sentence % {"count": left}})
    return kept


def _item(node: Node, path: str, mode: str, file: _File) -> dict[str, Any]:
    boxes: Iterable[Box] = ITEM
    if mode != _NOT_APPORTIONED:
        boxes = [box for box in ITEM if box.field not in _COST_FIELDS]
    item = _boxes(node, boxes, path, file)
    item["commodity_code"] = _commodity_code(node, item.get("commodity_code", ""))
    if not _decimal(item.get("item_price", "")) and (price := node.take(_ITEM_INVOICE)):
        item["item_price"] = _figure(price, _SCALE["amount"])
    item["documents"] = _rows(node.all("Attached_documents"), DOCUMENT, f"{path}/Attached_documents", file)
    return item


def _commodity_code(node: Node, code: str) -> str:
    """The code with its first precision; behind a code of ten digits zeros say nothing and are only kept."""
    precision = seen(node.peek(_PRECISION))
    if len(digits_of(code)) >= _WHOLE_CODE and not precision.strip("0"):
        return code
    return code + seen(node.take(_PRECISION))


def _rows(nodes: list[Node], boxes: Iterable[Box], path: str, file: _File) -> list[dict[str, Any]]:
    rows = [_boxes(node, boxes, f"{path}[{n}]", file) for n, node in enumerate(nodes, start=1)]
    return [row for row in rows if any(row.values())]


def _boxes(node: Node, boxes: Iterable[Box], path: str, file: _File) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for box in boxes:
        text = node.take(box.xml) or (node.take(_OTHER_NAMES[box.xml]) if box.xml in _OTHER_NAMES else "")
        if not text:
            continue
        values[box.field] = _value(text, box, file.days)
        if box.kind in _SCALE and _decimal(text) != _decimal(values[box.field]):
            file.rounded.append((f"{path}/{box.xml}".lstrip("/"), text))
    return values


def _value(text: str, box: Box, days: Days) -> str | bool:
    """Canonical JSON for the text of an element; a text that cannot be read goes on as it is, to be held."""
    match box.kind:
        case "flag":
            return _flag(text)
        case "amount" | "quantity":
            return _figure(text, _SCALE[box.kind])
        case "integer":
            number = _decimal(text)
            return str(int(number)) if number is not None and number == number.to_integral_value() else text
        case "date":
            day = days.read(text)
            return day.isoformat() if day else text
    return text


def _flag(text: str) -> str | bool:
    word = seen(text).strip().casefold()
    return True if word in _YES else False if word in _NO else text


def _figure(text: str, places: int) -> str:
    number = _decimal(text)
    if number is None:
        return text
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > places:
        number = number.quantize(last_place(places), rounding=ROUND_HALF_UP)
    return with_one_reading(plain(number))


def _decimal(text: str) -> Decimal | None:
    try:
        number = read_program_number(text)
    except NotANumber:
        return None
    return number if abs(number) < _LARGEST else None


def _stated(root: Node, nodes: list[Node], file: _File) -> StatedSad:
    stated_day = root.peek("Identification/Assessment/Date") or root.peek("Identification/Registration/Date")
    rates, currencies = {}, {}
    for name in ("Invoice", *COSTS):
        path = f"Valuation/Gs_{name}"
        rates[name.lower()] = _rate(root, path)
        currencies[name.lower()] = root.peek(f"{path}/Currency_code")
    return StatedSad(
        date=file.days.read(stated_day),
        invoice_currency=currencies["invoice"],
        exchange_rates={name: rate for name, rate in rates.items() if rate},
        currencies=currencies,
        customs_value=_decimal(root.peek("Valuation/Total_CIF")),
        global_taxes=_decimal(root.peek("Financial/Amounts/Global_taxes")) or ZERO,
        payable=_decimal(root.peek("Financial/Amounts/Totals_taxes")),
        guaranteed=_decimal(root.peek("Financial/Guarantee/Amount")),
        items=[_stated_item(number, node) for number, node in enumerate(nodes, start=1)],
    )


def _rate(root: Node, path: str) -> Decimal:
    """The rate a block states; where it states none, national amount / foreign amount."""
    rate = _decimal(root.peek(f"{path}/Currency_rate"))
    if rate:
        return rate
    national = _decimal(root.peek(f"{path}/Amount_national_currency"))
    foreign = _decimal(root.peek(f"{path}/Amount_foreign_currency"))
    return national / foreign if national and foreign else ZERO


def _stated_item(number: int, node: Node) -> StatedItem:
    lines = [_stated_line(line) for taxation in node.all("Taxation") for line in taxation.all("Taxation_line")]
    costs = {cost: _decimal(node.peek(f"Valuation_item/item_{cost}/Amount_national_currency")) for cost in COSTS}
    return StatedItem(
        number=number,
        customs_value=_decimal(node.peek("Valuation_item/Total_CIF_itm")),
        statistical_value=_decimal(node.peek("Valuation_item/Statistical_value")),
        costs={cost: amount for cost, amount in costs.items() if amount is not None},
        lines=[line for line in lines if line["tax_code"]],
    )


def _stated_line(line: Node) -> StatedLine:
    text = line.peek("Duty_tax_rate")
    rate = _decimal(text)
    return StatedLine(
        tax_code=line.peek("Duty_tax_code"),
        base=_decimal(line.peek("Duty_tax_Base")) or ZERO,
        rate=rate or ZERO,
        rate_text=text if rate is None else "",
        amount=_decimal(line.peek("Duty_tax_amount")) or ZERO,
        payable=line.peek("Duty_tax_MP") != "0",
    )
