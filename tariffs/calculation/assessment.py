"""`assess`: the value of each item, then every tax in its order, each on its own base."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext

from lib.figures import ZERO, last_place
from tariffs.calculation.duty import Goods, amount_of
from tariffs.calculation.facts import (
    Assessment,
    Charge,
    Consignment,
    ConsignmentItem,
    Draw,
    ItemValue,
    Law,
    MeasureFact,
    Need,
    SharedCost,
    TaxFact,
)
from tariffs.calculation.figures import money_text
from tariffs.calculation.quota import draws_of, portion
from tariffs.calculation.value import NOT_SHARED, Exchange, item_values, shared_costs

PRECISION = 60
_ROUNDING = {"half_up": ROUND_HALF_UP, "up": ROUND_CEILING, "down": ROUND_FLOOR}


def assess(consignment: Consignment, law: Law) -> Assessment:
    """Assess a consignment under `law`. Pure: the same facts always give the same charges."""
    with localcontext() as context:
        context.prec = PRECISION
        return _assess(consignment, law)


def apportioned(consignment: Consignment, law: Law) -> tuple[SharedCost, ...]:
    """How `assess` shares the costs of the declaration among its items; nothing where items state their own."""
    if consignment.working_mode == NOT_SHARED:
        return ()
    with localcontext() as context:
        context.prec = PRECISION
        return shared_costs(consignment, law, Exchange(law))


def _assess(consignment: Consignment, law: Law) -> Assessment:
    exchange = Exchange(law)
    values = item_values(consignment, law, exchange)
    draws, missing = draws_of(consignment, law)
    drawn = {draw.item: draw for draw in draws}
    needs: list[Need] = [*missing]
    charges: list[Charge] = []
    for place, (item, value) in enumerate(zip(consignment.items, values, strict=True)):
        charges += _item_charges(item, place, value, drawn.get(item.number), law, exchange, needs)
    charges += _declaration_charges(consignment, values, law, exchange, needs)
    return Assessment(
        currency=law.currency,
        values=values,
        charges=tuple(charges),
        payable=sum((charge.amount for charge in charges if charge.payable), ZERO),
        guaranteed=_guaranteed(consignment, charges, law),
        needs=tuple(_once([*exchange.needs.values(), *needs])),
        draws=draws,
    )


def _guaranteed(consignment: Consignment, charges: Iterable[Charge], law: Law) -> Decimal:
    """The charges that are secured, but those of items that ask for no guarantee; all of which free the whole."""
    free: set[int | None] = {
        item.number for item in consignment.items if item.extended_procedure in law.unsecured_procedures
    }
    if len(free) == len(consignment.items):
        return ZERO
    return sum((charge.amount for charge in charges if not charge.payable and charge.item not in free), ZERO)


def _once(needs: Iterable[Need]) -> list[Need]:
    seen: dict[tuple[str, str, str], Need] = {}
    for need in needs:
        seen.setdefault((need.code, need.pointer, need.sentence), need)
    return list(seen.values())


def _by_tax(measures: Iterable[MeasureFact]) -> dict[str, list[MeasureFact]]:
    grouped: dict[str, list[MeasureFact]] = defaultdict(list)
    for measure in measures:
        grouped[measure.tax_code].append(measure)
    return grouped


def _item_charges(
    item: ConsignmentItem,
    place: int,
    value: ItemValue,
    draw: Draw | None,
    law: Law,
    exchange: Exchange,
    needs: list[Need],
) -> list[Charge]:
    measures = _by_tax(law.measures.get(item.number, ()))
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    charges: list[Charge] = []
    payable = item.extended_procedure not in law.suspending_procedures
    for tax in _in_order(law, "item"):
        base, text = _base(tax, value.customs_value, amounts, law)
        for measure in measures.get(tax.code, ()):
            part = portion(measure, item, base, draw, law)
            if part is None:
                continue
            part_text = text if part.is_whole else f"{money_text(part.base, law.decimals)} [of {text}]"
            goods = Goods(law, exchange, part.base, part_text, part.item, place)
            paid = payable or not tax.is_suspended
            charges.append(_charge(tax, measure, goods, item=item.number, payable=paid, note=part.note))
            amounts[tax.code] += charges[-1].amount
            needs += goods.needs
    return charges


def _declaration_charges(
    consignment: Consignment, values: Iterable[ItemValue], law: Law, exchange: Exchange, needs: list[Need]
) -> list[Charge]:
    measures = _by_tax(law.measures.get(0, ()))
    total = sum((value.customs_value for value in values), ZERO)
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    charges: list[Charge] = []
    payable = not consignment.items or any(
        item.extended_procedure not in law.suspending_procedures for item in consignment.items
    )
    for tax in _in_order(law, "declaration"):
        base, text = _base(tax, total, amounts, law)
        for measure in measures.get(tax.code, ()):
            goods = Goods(law, exchange, base, text)
            charges.append(_charge(tax, measure, goods, item=None, payable=payable or not tax.is_suspended))
            amounts[tax.code] += charges[-1].amount
            needs += goods.needs
    return charges


def _in_order(law: Law, scope: str) -> list[TaxFact]:
    return sorted((tax for tax in law.taxes if tax.scope == scope), key=lambda tax: (tax.sequence, tax.code))


def _base(tax: TaxFact, value: Decimal, amounts: dict[str, Decimal], law: Law) -> tuple[Decimal, str]:
    """The base of `tax` and how it is made up; a base never falls below zero."""
    base = value if tax.base_includes_value else ZERO
    parts = [money_text(value, law.decimals)] if tax.base_includes_value else []
    for code in tax.base_taxes:
        if code in amounts:
            base += amounts[code]
            parts.append(f"{code} {money_text(amounts[code], law.decimals)}")
    text = " + ".join(parts) or "0"
    missing = sum(code not in amounts for code in tax.base_taxes)
    if adjustment := tax.base_adjustment + tax.missing_adjustment * missing:
        base += adjustment
        text += f" {'−' if adjustment < 0 else '+'} {money_text(abs(adjustment), law.decimals)}"
    base = max(base, ZERO)
    return base, f"({text})" if len(parts) > 1 or adjustment else text


def _charge(
    tax: TaxFact, measure: MeasureFact, goods: Goods, *, item: int | None, payable: bool, note: str = ""
) -> Charge:
    amount = amount_of(measure.rate, goods)
    rounded = amount.exact.quantize(last_place(tax.decimals), rounding=_ROUNDING[tax.rounding])
    return Charge(
        item=item,
        tax_code=tax.code,
        tax_name=tax.name,
        base=goods.base,
        rate_text=measure.rate_text,
        amount=rounded,
        payable=payable,
        formula=f"{note}{amount.text} = {money_text(rounded, tax.decimals)} {goods.law.currency}",
        legal_basis=measure.legal_basis or tax.legal_basis,
        measure_id=measure.measure_id or None,
        exchange_rates=tuple(goods.used.values()),
        is_example=measure.is_example,
        part=measure.part,
    )
