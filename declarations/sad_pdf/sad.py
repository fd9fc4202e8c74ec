"""The SAD: first sheet with item 1, continuation sheets (BIS) with three items each, lists for what does not fit."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from declarations.models import Charge, Declaration, IssuedPaper, Item, ItemDocument, Status
from declarations.sad_pdf.further import further_boxes
from declarations.sad_pdf.words import Words
from declarations.selectors import Content, charges_of, content_of
from lib.figures import ZERO
from lib.languages import in_language
from lib.papers import print_on_form, print_pdf, qr_drawing
from tariffs.selectors import exchange_rate, national_currency, territory
from tariffs.wording import formula_in_words

ITEMS_ON_A_CONTINUATION = 3
_ROOM_31, _ROOM_44 = 620, 520
_ROOM_47_FIRST, _ROOM_47 = 13, 6


@dataclass(frozen=True, slots=True)
class TaxLine:
    """A row of box 47. `means` is 1 for paid, 0 for secured."""

    code: str
    base: str
    rate: str
    amount: str
    means: str


@dataclass(slots=True)
class ItemSheet:
    """What the boxes 31 to 47 of one item show; `continued` is what did not fit, by box."""

    row: Item
    number: int
    commodity: str = ""
    goods: str = ""
    papers: str = ""
    previous: str = ""
    price: str = ""
    gross: str = ""
    net: str = ""
    supplementary: str = ""
    adjustment: str = ""
    statistical: str = ""
    tax_codes: str = ""
    tax_bases: str = ""
    tax_rates: str = ""
    tax_amounts: str = ""
    tax_means: str = ""
    total: str = ""
    continued: dict[str, str] = field(default_factory=dict)


def render_sad(declaration: Declaration, issued: IssuedPaper | None = None, *, accounting: Sequence[str] = ()) -> bytes:
    """The SAD as PDF; once `issued` with the QR of its check.

    `accounting` are lines for box B that later desks know, such as receipts.
    """
    on = declaration.tax_date or timezone.localtime(declaration.updated_at).date()
    words, content = Words(on, national_currency()), content_of(declaration)
    charges = charges_of(declaration)
    sheets = _item_sheets(content, charges, words)
    first, rest = sheets[0], sheets[1:]
    continuations = [
        rest[start : start + ITEMS_ON_A_CONTINUATION] for start in range(0, len(rest), ITEMS_ON_A_CONTINUATION)
    ]
    context = {
        "d": declaration,
        "h": _header(declaration, words),
        "territory": in_language(territory()),
        "first": first,
        "continuations": continuations,
        "forms": 1 + len(continuations),
        "items": len(content.items),
        "accounting": [*_box_b(declaration, charges, words), *accounting],
        "continued": [sheet for sheet in sheets if sheet.continued],
        "further": further_boxes(content, words),
        "is_draft": declaration.status == Status.DRAFT,
        "is_void": declaration.status in (Status.CANCELLED, Status.REJECTED, Status.SUPERSEDED),
        "summary": _summary(charges, words),
        "continuation_places": range(1, ITEMS_ON_A_CONTINUATION + 1),
        "qr": qr_drawing(issued.address) if issued else "",
        "blank": ItemSheet(row=Item(), number=0),
    }
    if continuations:
        return print_on_form("papers/sad.html", context, form=1, uses=len(continuations))
    return print_pdf("papers/sad.html", context)


def _header(declaration: Declaration, words: Words) -> dict[str, str]:
    """Header boxes that need wording; plain ones are read from the declaration itself."""
    on = declaration.tax_date
    rate = exchange_rate(declaration.invoice_currency, on=on) if on and declaration.invoice_currency else None
    return {
        "office": words.offices.get(declaration.office_code, declaration.office_code),
        "lodged": words.moment(declaration.lodged_at),
        "invoice": words.price(declaration.invoice_amount),
        "rate": words.figure(rate.rate) if rate else "",
        "export_country": words.country(declaration.export_country),
        "destination_country": words.country(declaration.destination_country),
        "packages": words.figure(declaration.total_packages),
        "guarantee_date": words.day(declaration.guarantee_date),
        "signed": words.day(declaration.declaration_date),
        "transit_signed": words.day(declaration.transit_signature_date),
        "container": "1" if declaration.container_flag else "0",
        "costs": " ".join(_costs(declaration, words)),
    }


def _costs(declaration: Declaration, words: Words) -> Iterable[str]:
    """Box 12: the cost elements of the value, as far as they are declared."""
    for name in ("external_freight", "internal_freight", "insurance", "other_cost", "deduction"):
        amount = getattr(declaration, name)
        if amount:
            sign = "−" if name == "deduction" else "+"
            yield f"{sign}{words.price(amount)} {getattr(declaration, f'{name}_currency')}".strip()


def _item_sheets(content: Content, charges: Sequence[Charge], words: Words) -> list[ItemSheet]:
    by_item: dict[int, list[Charge]] = defaultdict(list)
    for charge in charges:
        if charge.item_id is not None:
            by_item[charge.item_id].append(charge)
    valued = {row.pk: row for row in Item.objects.filter(declaration=content.declaration).select_related("valuation")}
    sheets = []
    for place, (item, documents) in enumerate(zip(content.items, content.documents, strict=True)):
        sheet = ItemSheet(row=item, number=item.number)
        _fill_goods(sheet, item, content, words)
        _fill_papers(sheet, item, documents, content, words)
        valuation = getattr(valued[item.pk], "valuation", None)
        sheet.statistical = words.money(valuation.statistical_value) if valuation else ""
        _fill_taxes(sheet, by_item[item.pk], words, room=_ROOM_47 if place else _ROOM_47_FIRST)
        sheets.append(sheet)
    return sheets or [ItemSheet(row=Item(), number=0)]


def _fill_goods(sheet: ItemSheet, item: Item, content: Content, words: Words) -> None:
    kind = words.packages.get(item.packages_kind, "")
    containers = [row.identity for row in content.containers if row.identity and row.item_number in (None, item.number)]
    lines = [
        _joined(words.figure(item.packages_number), item.packages_kind, kind),
        _joined(item.packages_marks, item.packages_marks_2),
        ", ".join(containers),
        item.commercial_description,
        item.tariff_description if item.tariff_description != item.commercial_description else "",
    ]
    sheet.commodity = _joined(
        item.commodity_code, item.additional_code_2, item.additional_code_3, item.additional_code_4
    )
    sheet.goods = _fitting(sheet, "31", "\n".join(line for line in lines if line), _ROOM_31)
    sheet.price = words.price(item.item_price)
    sheet.gross, sheet.net = words.figure(item.gross_mass), words.figure(item.net_mass)
    pairs = [
        (getattr(item, f"supplementary_quantity_{n}"), getattr(item, f"supplementary_unit_{n}")) for n in (1, 2, 3)
    ]
    sheet.supplementary = "; ".join(f"{words.figure(amount)} {unit}" for amount, unit in pairs if amount is not None)
    sheet.adjustment = words.figure(item.rate_of_adjustment)


def _fill_papers(
    sheet: ItemSheet, item: Item, documents: Sequence[ItemDocument], content: Content, words: Words
) -> None:
    papers = [_joined(row.code, row.reference or row.name, words.day(row.date)) for row in documents]
    remarks = [item.licence_number, item.free_text_1, item.free_text_2]
    if item.number == 1:
        remarks += [
            _total_mass(content, words),
            content.declaration.additional_information,
            content.declaration.comments,
        ]
    text = "; ".join(part for part in [*papers, *remarks] if part)
    sheet.papers = _fitting(sheet, "44", text, _ROOM_44)
    drawn = [
        f"{row.office_code}/{row.year or ''}/{row.serial}{row.number or ''}/{row.item_number or ''}"
        for row in content.previous
        if row.current_item in (None, item.number)
    ]
    own = [f"{item.summary_declaration} {item.summary_declaration_line}".strip(), item.previous_document]
    sheet.previous = "; ".join(part for part in [*own, *drawn] if part)


def _total_mass(content: Content, words: Words) -> str:
    """The gross mass of the whole declaration, which has no box on the form."""
    mass = content.declaration.total_gross_mass
    return _("gross mass in all %(mass)s kg") % {"mass": words.figure(mass)} if mass else ""


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _fill_taxes(sheet: ItemSheet, charges: Sequence[Charge], words: Words, *, room: int) -> None:
    lines = [_tax_line(charge, words) for charge in charges]
    if len(lines) > room:
        listed = (f"{row.code}  {row.base} × {row.rate} = {row.amount}  ({row.means})" for row in lines[room - 1 :])
        sheet.continued["47"] = "\n".join(listed)
        lines = [*lines[: room - 1], TaxLine("…", "", "", "", "")]
    sheet.tax_codes, sheet.tax_bases, sheet.tax_rates, sheet.tax_amounts, sheet.tax_means = (
        "\n".join(getattr(line, name) for line in lines) for name in ("code", "base", "rate", "amount", "means")
    )
    if charges:
        sheet.total = words.money(sum((charge.amount for charge in charges if charge.payable), ZERO))


def _tax_line(charge: Charge, words: Words) -> TaxLine:
    rate = formula_in_words(charge.rate_text)
    return TaxLine(
        code=charge.tax_code,
        base=words.figure(charge.base),
        rate=rate if len(rate) <= 22 else rate[:21] + "…",
        amount=words.money(charge.amount),
        means="1" if charge.payable else "0",
    )


def _fitting(sheet: ItemSheet, box: str, text: str, room: int) -> str:
    """The text, or as much of it as the box holds; then the whole of it goes on a list at the end."""
    lines = sum(1 + len(line) // 84 for line in text.splitlines())
    if len(text) <= room and lines <= room // 60:
        return text
    sheet.continued[box] = text
    short = "\n".join(text.splitlines()[: room // 80])[: room - 60]
    return f"{short} … " + _("(continued at the end)")


def _box_b(declaration: Declaration, charges: Sequence[Charge], words: Words) -> list[str]:
    """Box B: charges on the declaration as a whole, then what is to be paid and to be secured."""
    lines = [declaration.mode_of_payment] if declaration.mode_of_payment else []
    for charge in charges:
        if charge.item_id is None:
            lines.append(f"{charge.tax_code} {charge.tax_name}: {words.money(charge.amount)}")
    if declaration.payable is not None:
        lines.append(_("To pay: %(sum)s") % {"sum": words.amount(declaration.payable)})
    if declaration.guaranteed:
        lines.append(_("To secure: %(sum)s") % {"sum": words.amount(declaration.guaranteed)})
    return lines


def _summary(charges: Sequence[Charge], words: Words) -> str:
    """Totals by tax for the continuation sheets."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for charge in charges:
        totals[charge.tax_code] += charge.amount
    return "\n".join(f"{code}  {words.money(total)}" for code, total in totals.items())
