"""Rules of box 40 against the stock that is there: which account an item draws on, with which goods, and how much."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from declarations.facts import Case
from declarations.models import MEASURES, StockAccount
from declarations.rules.rule import OF_CASE
from declarations.selectors import Quantities, StockDraw
from lib.figures import ZERO, plain
from lib.pointers import pointer_to
from lib.rules import Finding

HEADING = 4
_OF_ITEM = {
    "packages": "packages_number",
    "net_mass": "net_mass",
    "supplementary_quantity": "supplementary_quantity_1",
    "value": "item_price",
}


def _name_of(draw: StockDraw, field: str = "number") -> str:
    """Where the account is named: a cell of the row, or the item's text."""
    if draw.row is None:
        return pointer_to("items", draw.item, "previous_document")
    return pointer_to("previous", draw.row, field)


def _cell_of(draw: StockDraw, measure: str) -> str:
    """Where the quantity is said."""
    if draw.row is None:
        return pointer_to("items", draw.item, _OF_ITEM[measure])
    name = "mass" if measure == "net_mass" else measure
    return pointer_to("previous", draw.row, f"{name}_written_off")


def _found(case: Case) -> Iterator[tuple[StockDraw, StockAccount]]:
    return ((draw, draw.account) for draw in case.draws if draw.account is not None)


def _unfound(case: Case) -> Iterator[StockDraw]:
    """Where nothing was found under a name that can be read, for a trader who is registered (else D012 speaks)."""
    known = case.trader is not None
    return (draw for draw in case.draws if known and draw.earlier is not None and draw.account is None)


@OF_CASE.rule("D110")
def an_earlier_declaration_can_be_read(case: Case) -> Iterator[Finding]:
    for draw in case.draws:
        if draw.earlier is None:
            yield (
                _name_of(draw),
                _("Write the earlier declaration as office/year/series/number/item, or its MRN and the item."),
            )


@OF_CASE.rule("D111")
def an_earlier_declaration_is_there(case: Case) -> Iterator[Finding]:
    for draw in _unfound(case):
        why = draw.unfound
        if why.which or why.status or why.without_stock:
            continue
        if why.meant:
            sentence = _("There is no declaration {number} of this company with such goods. Is {meant} meant?")
        else:
            sentence = _("There is no declaration {number} of this company with such goods. Check each digit.")
        yield _name_of(draw), sentence.format(number=draw.earlier, meant=why.meant)


@OF_CASE.rule("D112")
def an_earlier_declaration_is_named_in_full(case: Case) -> Iterator[Finding]:
    for draw in _unfound(case):
        if draw.unfound.which == "office_code":
            sentence = _("Several offices have a declaration {number}. Name the office too.")
            yield _name_of(draw, "office_code"), sentence.format(number=draw.earlier)
        elif draw.unfound.which:
            sentence = _("Declaration {number} has several items. Name the item that these goods come from.")
            yield _name_of(draw, "item_number"), sentence.format(number=draw.earlier)


@OF_CASE.rule("D113")
def an_earlier_declaration_was_released(case: Case) -> Iterator[Finding]:
    for draw in _unfound(case):
        if draw.unfound.status:
            sentence = _("Declaration {number} is {status}. Goods can be drawn from it once it is released.")
            yield _name_of(draw), sentence.format(number=draw.earlier, status=draw.unfound.status)


@OF_CASE.rule("D114")
def an_earlier_declaration_holds_stock(case: Case) -> Iterator[Finding]:
    for draw in _unfound(case):
        if draw.unfound.without_stock:
            sentence = _("Declaration {number} has no stock under this item. Check the item and the procedure there.")
            yield _name_of(draw, "item_number"), sentence.format(number=draw.earlier)


@OF_CASE.rule("D115")
def stock_was_opened_under_the_previous_procedure(case: Case) -> Iterator[Finding]:
    for draw, account in _found(case):
        procedure = case.procedures[case.content.items[draw.item].extended_procedure]
        if account.procedure != procedure.previous:
            sentence = _("Procedure {code} draws on goods under {asked}; {stock} is under {there}.")
            yield (
                pointer_to("items", draw.item, "extended_procedure"),
                sentence.format(code=procedure.code, asked=procedure.previous, stock=account, there=account.procedure),
            )


def _same_goods(case: Case) -> Iterator[tuple[StockDraw, StockAccount]]:
    for draw, account in _found(case):
        if not case.procedures[case.content.items[draw.item].extended_procedure].goods_may_differ:
            yield draw, account


@OF_CASE.rule("D116")
def drawn_goods_have_the_same_code(case: Case) -> Iterator[Finding]:
    for draw, account in _same_goods(case):
        code, there = case.content.items[draw.item].commodity_code, account.commodity_code
        renamed = there not in case.commodities and code[:HEADING] == there[:HEADING]
        if code and code != there and not renamed:
            sentence = _("{stock} holds goods of code {there}, not {code}. Name the item that holds these goods.")
            yield (
                pointer_to("items", draw.item, "commodity_code"),
                sentence.format(stock=account, there=there, code=code),
            )


@OF_CASE.rule("D117")
def drawn_goods_have_the_same_origin(case: Case) -> Iterator[Finding]:
    for draw, account in _same_goods(case):
        origin, there = case.content.items[draw.item].origin_country, account.origin_country
        if origin and there and origin != there:
            sentence = _("The goods of {stock} are of {there}, not of {origin}.")
            yield (
                pointer_to("items", draw.item, "origin_country"),
                sentence.format(stock=account, there=there, origin=origin),
            )


@OF_CASE.rule("D118")
def something_is_left(case: Case) -> Iterator[Finding]:
    for draw, account in _found(case):
        if not any(getattr(draw.left, name) > 0 for name in MEASURES):
            yield _name_of(draw), _("Nothing is left of {stock}: all of it was drawn before.").format(stock=account)


@OF_CASE.rule("D066")
def no_more_is_drawn_than_is_left(case: Case) -> Iterator[Finding]:
    for draw, account in _found(case):
        if not any(getattr(draw.left, name) > 0 for name in MEASURES):
            continue
        for name in MEASURES:
            left, taken = max(getattr(draw.left, name), ZERO), getattr(draw.taken, name)
            if taken > left:
                sentence = _("{stock} holds {left}; {taken} more than that is written off here.")
                yield (
                    _cell_of(draw, name),
                    sentence.format(
                        stock=account, left=_in_words(draw.left, account), taken=_one(name, taken - left, account)
                    ),
                )


def _in_words(left: Quantities, account: StockAccount) -> str:
    """What is left in each unit, to the last digit."""
    there = (name for name in MEASURES if getattr(account, name))
    return ", ".join(_one(name, max(getattr(left, name), ZERO), account) for name in there)


def _one(name: str, quantity: Decimal, account: StockAccount) -> str:
    number = plain(quantity)
    if name == "packages":
        return _("packages: {number}").format(number=number)
    if name == "net_mass":
        return _("{number} kg").format(number=number)
    if name == "value":
        return _("value: {number}").format(number=number)
    return f"{number} {account.supplementary_unit}".strip()


@OF_CASE.rule("D119")
def stock_is_not_overdue(case: Case) -> Iterator[Finding]:
    for draw, account in _found(case):
        if account.due is not None and account.due < case.on:
            sentence = _("The term of {stock} ended on {due}. Ask the office to extend it.")
            yield _name_of(draw), sentence.format(stock=account, due=account.due.strftime("%d.%m.%Y"))


@OF_CASE.rule("D120")
def stock_is_named_once_by_an_item(case: Case) -> Iterator[Finding]:
    seen: set[tuple[int, int]] = set()
    for draw, account in _found(case):
        if (draw.item, account.pk) in seen:
            sentence = _("Item {item} names {stock} twice. Add the quantities up in one row.")
            yield _name_of(draw), sentence.format(item=draw.item + 1, stock=account)
        seen.add((draw.item, account.pk))


@OF_CASE.rule("D121")
def what_is_drawn_is_said(case: Case) -> Iterator[Finding]:
    for draw, account in _found(case):
        for name in draw.unclear:
            if name == "supplementary_quantity" and account.supplementary_unit:
                sentence = _("Say how much is written off in {unit}, the unit of {stock}.")
            else:
                sentence = _("Say how much is written off from {stock}.")
            yield _cell_of(draw, name), sentence.format(unit=account.supplementary_unit, stock=account)
        if not draw.unclear and draw.taken == Quantities() and any(getattr(draw.left, name) > 0 for name in MEASURES):
            yield _cell_of(draw, "net_mass"), _("Say how much is written off from {stock}.").format(stock=account)


@OF_CASE.rule("D122")
def an_item_is_covered_by_what_it_draws(case: Case) -> Iterator[Finding]:
    """Goods that stay the same, and goods that are relieved, come out of stock to the last kilogram."""
    drawn: dict[int, Decimal] = defaultdict(Decimal)
    for draw, account in _found(case):
        drawn[draw.item] += draw.taken.net_mass if account.net_mass else Decimal("Infinity")
    unfound = {draw.item for draw in case.draws if draw.account is None}
    for place, mass in drawn.items():
        item = case.content.items[place]
        procedure = case.procedures[item.extended_procedure]
        whole = procedure.relief or not procedure.goods_may_differ
        if whole and place not in unfound and item.net_mass is not None and mass < item.net_mass:
            sentence = _("The item weighs {mass} kg, but only {drawn} kg are written off.")
            yield (
                pointer_to("items", place, "net_mass"),
                sentence.format(mass=plain(item.net_mass), drawn=plain(mass)),
            )
