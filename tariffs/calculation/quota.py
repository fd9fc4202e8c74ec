"""Tariff quotas: how much of each item its quota still covers, and an item divided into the two parts exactly."""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from lib.figures import ONE, ZERO, last_place, places
from lib.money import apportion
from lib.pointers import pointer_to
from tariffs.calculation.facts import BEYOND, WITHIN, Consignment, ConsignmentItem, Draw, Law, MeasureFact, Need
from tariffs.calculation.figures import quantity_text
from tariffs.calculation.quantities import KILOGRAM, counted
from tariffs.rates import UNIT_FACTORS, UNIT_SYMBOLS

# Quantities are declared with six decimals, and a quota counts with as many. What is smaller still must not vanish.
SMALLEST = Decimal("0.000001")
SMALLER_STILL = last_place(30)


def draws_of(consignment: Consignment, law: Law) -> tuple[tuple[Draw, ...], tuple[Need, ...]]:
    """What each item that claims a quota takes from it, in the order of the items; the first takes first.

    An item whose quantity in the quota's unit is not declared takes nothing, and a need says what is missing.
    """
    left = {number: max(quota.balance, ZERO) for number, quota in law.quotas.items()}
    draws: list[Draw] = []
    needs: list[Need] = []
    for place, item in enumerate(consignment.items):
        if not item.quota_code or not any(measure.part == WITHIN for measure in law.measures.get(item.number, ())):
            continue
        unit = law.quotas[item.quota_code].unit
        found = counted(item, unit, law.unit_factors)
        asked = found.quantity.quantize(SMALLEST, rounding=ROUND_HALF_UP)
        if asked <= 0:
            needs.append(_missing(item, place, unit))
            continue
        drawn = min(asked, left[item.quota_code])
        draws.append(Draw(item.number, item.quota_code, unit, asked, drawn, left[item.quota_code], found.remark))
        left[item.quota_code] -= drawn
    return tuple(draws), tuple(needs)


def _missing(item: ConsignmentItem, place: int, unit: str) -> Need:
    base, _factor_of_it = UNIT_FACTORS.get(unit, (unit, ONE))
    if base == KILOGRAM:
        return Need("T003", pointer_to("items", place, "net_mass"), f"Quota {item.quota_code} needs the net mass.")
    values = {"unit": unit, "symbol": UNIT_SYMBOLS.get(unit, unit)}
    pointer = pointer_to("items", place, f"supplementary_quantity_{min(len(item.supplementary) + 1, 3)}")
    return Need("T001", pointer, f"Declare the quantity in {values['symbol']} (unit {unit}).", values)


@dataclass(frozen=True, slots=True)
class Portion:
    """The part of an item, or of its base, that a measure is charged on; `note` stands before its formula."""

    item: ConsignmentItem
    base: Decimal
    is_whole: bool = True
    note: str = ""


def portion(measure: MeasureFact, item: ConsignmentItem, base: Decimal, draw: Draw | None, law: Law) -> Portion | None:
    """What `measure` is charged on: all of the item, its part within or beyond the quota, or nothing (None)."""
    if draw is None or measure.part not in (WITHIN, BEYOND):
        return Portion(item, base) if measure.part != WITHIN else None
    within = measure.part == WITHIN
    quantity = draw.drawn if within else draw.asked - draw.drawn
    if quantity == draw.asked:
        return Portion(item, base, note=_note(draw, quantity, within=within))
    if not quantity:
        return None
    place = 0 if within else 1
    parts = apportion(base, [draw.drawn, draw.asked - draw.drawn], max(law.decimals, places(base)))
    note = _note(draw, quantity, within=within)
    return Portion(_share_of(item, draw, place), parts[place], is_whole=False, note=note)


def _note(draw: Draw, quantity: Decimal, *, within: bool) -> str:
    where = "quota" if within else "beyond quota"
    symbol = UNIT_SYMBOLS.get(draw.unit, draw.unit)
    return f"{where} {draw.number}, {quantity_text(quantity)} of {quantity_text(draw.asked)} {symbol}{draw.remark}: "


def _share_of(item: ConsignmentItem, draw: Draw, place: int) -> ConsignmentItem:
    """The item with the quantities of one of its parts; those of both parts sum to the item's exactly."""

    def share(quantity: Decimal) -> Decimal:
        exact = quantity * draw.drawn / draw.asked
        first = exact.quantize(SMALLEST, rounding=ROUND_HALF_UP)
        if quantity and not 0 < first < quantity:
            first = exact.quantize(SMALLER_STILL, rounding=ROUND_HALF_UP)
        return first if place == 0 else quantity - first

    return replace(
        item,
        gross_mass=share(item.gross_mass),
        net_mass=share(item.net_mass),
        supplementary=tuple((unit, share(quantity)) for unit, quantity in item.supplementary),
    )
