"""From an ASYCUDA export to the canonical draft, the figures it states, and the list of what has no box."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, TypedDict

from declarations.boxes import CONTAINER, DOCUMENT, HEADER, ITEM, PREVIOUS, SUPPLIER, Box
from declarations.sad_xml.tree import Node, read
from lib.figures import ZERO, last_place, plain
from lib.numbers import with_one_reading

COSTS = ("external_freight", "internal_freight", "insurance", "other_cost", "deduction")
_SCALE = {"amount": 4, "quantity": 6}
_DATE_FORMATS = ("%m/%d/%y", "%m/%d/%Y", "%d/%m/%Y", "%d/%m/%y", "%Y-%m-%d", "%d.%m.%Y")
_NOT_APPORTIONED = "2"
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
}


class StatedLine(TypedDict):
    """A tax line as the file has it; `rate` in the file's own unit (percent or fraction)."""

    tax_code: str
    base: Decimal
    rate: Decimal
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


def parse(content: bytes) -> ParsedSad:
    """Read an ASYCUDA World SAD export. Raises Rejected with X001 to X005 where it cannot be one."""
    root = read(content)
    rounded: list[tuple[str, str]] = []
    draft = _boxes(root, HEADER, "", rounded)
    mode = draft.get("working_mode") or "0"
    nodes = root.all("Item")
    draft["items"] = [_item(node, f"Item[{n}]", mode, rounded) for n, node in enumerate(nodes, start=1)]
    for name, rows, tags in (
        ("containers", CONTAINER, ("Container",)),
        ("previous", PREVIOUS, ("Prev_decl",)),
        ("suppliers", SUPPLIER, ("Suppliers_documents", "Supplier_documents")),
    ):
        draft[name] = _rows(root.all(*tags), rows, tags[0], rounded)
    stated = _stated(root, nodes)
    kept = [{"path": path, "value": value} for path, value in [*root.unread(), *rounded]]
    return ParsedSad(draft=draft, stated=stated, kept=kept)


def _item(node: Node, path: str, mode: str, rounded: list[tuple[str, str]]) -> dict[str, Any]:
    boxes: Iterable[Box] = ITEM
    if mode != _NOT_APPORTIONED:
        boxes = [box for box in ITEM if box.field not in _COST_FIELDS]
    item = _boxes(node, boxes, path, rounded)
    item["commodity_code"] = item.get("commodity_code", "") + node.take("Tarification/HScode/Precision_1")
    item["documents"] = _rows(node.all("Attached_documents"), DOCUMENT, f"{path}/Attached_documents", rounded)
    return item


def _rows(nodes: list[Node], boxes: Iterable[Box], path: str, rounded: list[tuple[str, str]]) -> list[dict[str, Any]]:
    rows = [_boxes(node, boxes, f"{path}[{n}]", rounded) for n, node in enumerate(nodes, start=1)]
    return [row for row in rows if any(row.values())]


def _boxes(node: Node, boxes: Iterable[Box], path: str, rounded: list[tuple[str, str]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for box in boxes:
        text = node.take(box.xml) or (node.take(_OTHER_NAMES[box.xml]) if box.xml in _OTHER_NAMES else "")
        if not text:
            continue
        values[box.field] = _value(text, box)
        if box.kind in _SCALE and _decimal(text) != _decimal(values[box.field]):
            rounded.append((f"{path}/{box.xml}".lstrip("/"), text))
    return values


def _value(text: str, box: Box) -> str | bool:
    """Canonical JSON for the text of an element; a text that cannot be read goes on as it is, to be held."""
    if box.kind == "flag":
        return text.lower() in ("true", "1", "yes")
    reader = _READERS.get(box.kind)
    return reader(text) if reader else text


def _decimal_text(places: int) -> Callable[[str], str]:
    def read_text(text: str) -> str:
        number = _decimal(text)
        if number is None:
            return text
        exponent = number.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > places:
            number = number.quantize(last_place(places), rounding=ROUND_HALF_UP)
        return with_one_reading(plain(number))

    return read_text


def _integer_text(text: str) -> str:
    number = _decimal(text)
    return str(int(number)) if number is not None and number == number.to_integral_value() else text


def _date_text(text: str) -> str:
    day = _day(text)
    return day.isoformat() if day else text


_READERS: dict[str, Callable[[str], str]] = {
    "amount": _decimal_text(_SCALE["amount"]),
    "quantity": _decimal_text(_SCALE["quantity"]),
    "integer": _integer_text,
    "date": _date_text,
}


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal("1e18") else None


def _day(text: str) -> date | None:
    for form in _DATE_FORMATS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def _stated(root: Node, nodes: list[Node]) -> StatedSad:
    stated_day = root.peek("Identification/Assessment/Date") or root.peek("Identification/Registration/Date")
    rates, currencies = {}, {}
    for name in ("Invoice", *COSTS):
        path = f"Valuation/Gs_{name}"
        rates[name.lower()] = _rate(root, path)
        currencies[name.lower()] = root.peek(f"{path}/Currency_code")
    return StatedSad(
        date=_day(stated_day),
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
    return StatedLine(
        tax_code=line.peek("Duty_tax_code"),
        base=_decimal(line.peek("Duty_tax_Base")) or ZERO,
        rate=_decimal(line.peek("Duty_tax_rate")) or ZERO,
        amount=_decimal(line.peek("Duty_tax_amount")) or ZERO,
        payable=line.peek("Duty_tax_MP") != "0",
    )
