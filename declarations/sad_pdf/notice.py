"""The assessment notice: every charge with its formula, rate, exchange rate and legal basis, and how to pay."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from declarations.models import Charge, Declaration, IssuedPaper, Item
from declarations.sad_pdf.words import NO_BREAK, Words
from declarations.selectors import charges_of, valuations_of
from declarations.selectors.levies import Later, owed_later
from lib.bank_transfer import transfer_for
from lib.creditor_reference import DECLARATION
from lib.languages import in_language
from lib.papers import print_pdf, qr_drawing
from tariffs.selectors import national_currency, territory


@dataclass(frozen=True, slots=True)
class Line:
    """A charge, its figures written out."""

    charge: Charge
    base: str
    amount: str
    exchange_rates: str


@dataclass(frozen=True, slots=True)
class Group:
    """The charges of one item; `item` None: of the declaration as a whole."""

    item: Item | None
    value: str
    value_formula: str
    lines: list[Line]


def render_notice(declaration: Declaration, issued: IssuedPaper | None = None) -> bytes:
    """The assessment notice as PDF, for a declaration that was assessed."""
    assert declaration.lodged_at is not None, "Only what was lodged is assessed."
    on = declaration.tax_date or timezone.localtime(declaration.lodged_at).date()
    words = Words(on, national_currency())
    charges, later = charges_of(declaration), owed_later(declaration)
    context = {
        "d": declaration,
        "territory": in_language(territory()),
        "office": words.offices.get(declaration.office_code, declaration.office_code),
        "lodged": words.moment(declaration.lodged_at),
        "tax_date": words.day(declaration.tax_date),
        "later": [(each, _figures(each, words)) for each in later],
        "later_total": words.amount(sum((each.amount for each in later), Decimal(0))),
        "groups": _groups(declaration, charges, words),
        "totals": _totals(charges, words),
        "payable": words.money(declaration.payable),
        "guaranteed": words.money(declaration.guaranteed) if declaration.guaranteed else "",
        "payable_amount": words.amount(declaration.payable),
        "guaranteed_amount": words.amount(declaration.guaranteed),
        "customs_value": words.amount(declaration.customs_value),
        "address": issued.address if issued else "",
        "qr": qr_drawing(issued.address) if issued else "",
        "transfer": transfer_for(DECLARATION, declaration.mrn, amount=words.money(declaration.payable)),
        "has_examples": any(each.is_example for each in charges) or any(each.is_example for each in later),
    }
    return print_pdf("papers/notice.html", context)


def _groups(declaration: Declaration, charges: Sequence[Charge], words: Words) -> list[Group]:
    by_item: dict[int | None, list[Line]] = defaultdict(list)
    for charge in charges:
        by_item[charge.item_id].append(_line(charge, words))
    groups, valuations = [], valuations_of(declaration)
    for item in Item.objects.filter(declaration=declaration).order_by("number"):
        valuation = valuations.get(item.pk)
        value = words.amount(valuation.customs_value) if valuation else ""
        groups.append(Group(item, value, valuation.formula if valuation else "", by_item[item.pk]))
    if by_item[None]:
        groups.append(Group(None, "", "", by_item[None]))
    return groups


def _line(charge: Charge, words: Words) -> Line:
    rates = ", ".join(_rate(fact, words) for fact in charge.exchange_rates)
    return Line(charge, words.figure(charge.base), words.money(charge.amount), rates)


def _figures(later: Later, words: Words) -> tuple[str, str]:
    """Base and amount, written out."""
    return ("" if later.base is None else words.figure(later.base), words.money(later.amount))


def _rate(fact: dict[str, Any], words: Words) -> str:
    """An exchange rate as it was stored with the charge."""
    since = f" ({words.day(date.fromisoformat(fact['since']))})" if fact.get("since") else ""
    rate = words.figure(Decimal(str(fact.get("rate", 0))))
    return f"1{NO_BREAK}{fact.get('currency', '')} = {rate}{NO_BREAK}{words.national}{since}"


def _totals(charges: Sequence[Charge], words: Words) -> list[tuple[str, str, str, str]]:
    """Code, name, to pay, to secure: tax by tax."""
    paid: dict[str, Decimal] = defaultdict(Decimal)
    secured: dict[str, Decimal] = defaultdict(Decimal)
    names = {}
    for charge in charges:
        names[charge.tax_code] = charge.tax_name
        (paid if charge.payable else secured)[charge.tax_code] += charge.amount
    return [(code, name, words.money(paid[code]), words.money(secured[code])) for code, name in names.items()]
