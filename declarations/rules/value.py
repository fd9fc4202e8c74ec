"""Rules of the value: invoice, delivery term, costs and their currencies, exchange rates, what the value comes to."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from declarations.boxes import HEADER, ITEM
from declarations.facts import Case
from declarations.rules.rule import OF_ASSESSMENT, OF_CASE, items, missing
from lib.figures import ZERO, plain
from lib.pointers import pointer_to
from lib.rules import Finding
from tariffs.calculation import COSTS, Assessment
from tariffs.selectors import need_sentence

LARGEST = Decimal(10) ** 14
_HEADER_FIGURES = [box.field for box in HEADER if box.kind in ("amount", "quantity")]
_ITEM_FIGURES = [box.field for box in ITEM if box.kind in ("amount", "quantity")]


@OF_CASE.rule("D040")
def invoice_currency_is_given(case: Case) -> Iterator[Finding]:
    if missing(case, case.content.declaration.invoice_currency, "invoice_currency"):
        yield "invoice_currency", _("Give the currency of the invoice, such as USD.")


@OF_CASE.rule("D041")
def invoice_total_is_given(case: Case) -> Iterator[Finding]:
    total = case.content.declaration.invoice_amount
    if missing(case, total, "invoice_amount") or (total is not None and total == 0):
        yield (
            "invoice_amount",
            _("Give the total of the invoice. For goods without payment write their price all the same."),
        )


@OF_CASE.rule("D042")
def invoice_total_is_the_sum_of_item_prices(case: Case) -> Iterator[Finding]:
    total = case.content.declaration.invoice_amount
    prices = [item.item_price for _pointer, item in items(case)]
    summed = sum((price for price in prices if price is not None), ZERO)
    if total is not None and None not in prices and total != summed:
        yield (
            "invoice_amount",
            _("The invoice total is {total}, the item prices sum to {summed}. Correct one of them.").format(
                total=plain(total), summed=plain(summed)
            ),
        )


@OF_CASE.rule("D043")
def delivery_term_is_known(case: Case) -> Iterator[Finding]:
    header = case.content.declaration
    known = case.known["delivery_term"]
    if missing(case, header.delivery_terms_code, "delivery_terms_code"):
        yield "delivery_terms_code", _("Give the delivery term (Incoterms 2020) of the contract, such as CIF.")
    rows: list[tuple[str, Any]] = [("", header), *((f"{pointer}.", item) for pointer, item in items(case))]
    for prefix, row in rows:
        if row.delivery_terms_code and row.delivery_terms_code not in known:
            yield (
                f"{prefix}delivery_terms_code",
                _("“{code}” is not a delivery term of Incoterms 2020.").format(code=row.delivery_terms_code),
            )


@OF_CASE.rule("D044")
def freight_that_the_price_leaves_out_is_declared(case: Case) -> Iterator[Finding]:
    yield from _left_out(
        case, "external_freight", "includes_freight",
        _("The price under {term} leaves out the carriage to the border. Declare the external freight, or 0."),
    )  # fmt: skip


@OF_CASE.rule("D045")
def insurance_that_the_price_leaves_out_is_declared(case: Case) -> Iterator[Finding]:
    yield from _left_out(
        case, "insurance", "includes_insurance",
        _("The price under {term} leaves out insurance. Declare the insurance, or 0."),
    )  # fmt: skip


def _left_out(case: Case, cost: str, flag: str, sentence: str) -> Iterator[Finding]:
    """A cost that the delivery term leaves out of the price must be declared, on the header or on every item."""
    header = case.content.declaration
    term = case.delivery_terms.get(header.delivery_terms_code)
    if term is None or getattr(term, flag) or not header.declaration_type.startswith("IM"):
        return
    on_items = case.content.items and all(getattr(item, cost) is not None for item in case.content.items)
    if not on_items and missing(case, getattr(header, cost), cost):
        yield cost, sentence.format(term=term.code)


@OF_CASE.rule("D046")
def a_cost_has_its_currency(case: Case) -> Iterator[Finding]:
    rows: list[tuple[str, Any]] = [("", case.content.declaration), *((f"{at}.", item) for at, item in items(case))]
    for prefix, row in rows:
        for name in COSTS:
            pointer = f"{prefix}{name}_currency"
            if getattr(row, name) and missing(case, getattr(row, f"{name}_currency"), pointer):
                yield pointer, _("Give the currency of this amount.")


@OF_CASE.rule("D047")
def currencies_of_item_costs_are_known(case: Case) -> Iterator[Finding]:
    for pointer, item in items(case):
        for name in COSTS:
            code = getattr(item, f"{name}_currency")
            if code and code not in case.known["currency"]:
                yield (
                    f"{pointer}.{name}_currency",
                    _("“{code}” is not a currency code. Use three letters, such as USD.").format(code=code),
                )


@OF_ASSESSMENT.rule("D048")
def exchange_rates_exist(assessed: Assessment) -> Iterator[Finding]:
    for need in assessed.needs:
        if need.code == "T002":
            yield need.pointer, need_sentence(need)


@OF_CASE.rule("D049")
def working_mode_is_known(case: Case) -> Iterator[Finding]:
    mode = case.content.declaration.working_mode
    if mode is not None and mode not in (0, 1, 2):
        yield "working_mode", _("Costs are shared by price (0), by gross mass (1) or not at all (2).")


@OF_CASE.rule("D050")
def header_figures_are_not_negative(case: Case) -> Iterator[Finding]:
    for name in _HEADER_FIGURES:
        figure = getattr(case.content.declaration, name)
        if figure is not None and figure < 0:
            yield name, _("This cannot be less than zero. What lowers the value goes into deductions.")


@OF_CASE.rule("D051")
def item_figures_are_not_negative(case: Case) -> Iterator[Finding]:
    for pointer, item in items(case):
        for name in _ITEM_FIGURES:
            figure = getattr(item, name)
            if figure is not None and figure < 0:
                yield f"{pointer}.{name}", _("This cannot be less than zero.")


@OF_ASSESSMENT.rule("D052")
def deductions_leave_a_value(assessed: Assessment) -> Iterator[Finding]:
    for value in assessed.values:
        if value.customs_value < 0:
            yield (
                pointer_to("items", value.number - 1, "item_price"),
                _("The deductions are greater than the price with its costs. Lower the deductions."),
            )


@OF_ASSESSMENT.rule("D053")
def amounts_can_be_kept(assessed: Assessment) -> Iterator[Finding]:
    total = sum((max(value.customs_value, value.statistical_value) for value in assessed.values), ZERO)
    charged = sum((charge.amount for charge in assessed.charges), ZERO)
    if max(total, charged) >= LARGEST or any(charge.base >= LARGEST for charge in assessed.charges):
        yield (
            "invoice_amount",
            _("The value of this declaration is too large to be right. Check prices and currencies."),
        )


@OF_CASE.rule("D054")
def costs_are_not_shared_and_declared_on_items_alone(case: Case) -> Iterator[Finding]:
    header = case.content.declaration
    if header.working_mode != 2:
        return
    for name in COSTS:
        if getattr(header, name) and not any(getattr(item, name) for item in case.content.items):
            yield name, _("Costs are not shared out in mode 2. Write this cost at the items it belongs to.")


@OF_CASE.rule("D055")
def transaction_nature_is_a_digit(case: Case) -> Iterator[Finding]:
    header = case.content.declaration
    for name in ("transaction_nature_1", "transaction_nature_2"):
        code = getattr(header, name)
        if code and not code.isdigit():
            yield name, _("The nature of transaction is a number, such as 1 for a sale.")
