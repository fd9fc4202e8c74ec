"""Another system's assessment beside ours: value, apportionment and every tax line of an ASYCUDA export.

Serves a customs service that moves here: its historic exports are recomputed under the loaded country.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any

from declarations import facts, reading
from declarations.models import Declaration, Item, ItemDocument
from declarations.sad_xml import ParsedSad, StatedItem, StatedLine, StatedSad
from declarations.selectors import Content
from lib.figures import ONE, ZERO, last_place
from tariffs.calculation import (
    COSTS,
    Assessment,
    Charge,
    Consignment,
    ConsignmentItem,
    ExchangeRateFact,
    Law,
    MeasureFact,
    assess,
)
from tariffs.rates import Fixed, Percent, Rate, RateUnreadable, Specific, leaves, text_of
from tariffs.rates import parse as parse_rate

CENT, HALF = Decimal("0.01"), Decimal("0.5")
# Codes that ISO 4217 leaves to nobody, for amounts whose currency a file does not name.
NAMELESS = dict(zip(("invoice", *COSTS), ("QQA", "QQB", "QQC", "QQD", "QQE", "QQF"), strict=True))
NEAR_THE_VALUE = 20  # a base that is the value but for what a formula adds or takes off
EQUAL, WITHIN, DIFFERS = "equal", "within 0.01", "differs"


@dataclass(frozen=True, slots=True)
class Figures:
    """Base, rate and amount of one line, as one of the two systems has them."""

    base: Decimal
    rate: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One line in both systems; a side that does not have it is None. For a value, base and amount are the same."""

    item: int
    name: str
    file: Figures | None
    ours: Figures | None

    @property
    def differing(self) -> list[str]:
        """Which figures differ by more than a hundredth: base, amount, or that a line is missing."""
        if self.file is None or self.ours is None:
            return ["missing in the file" if self.file is None else "missing here"]
        pairs = {"base": (self.file.base, self.ours.base), "amount": (self.file.amount, self.ours.amount)}
        return [name for name, (theirs, ours) in pairs.items() if abs(theirs - ours) > CENT]

    @property
    def verdict(self) -> str:
        if self.differing:
            return DIFFERS
        assert self.file is not None
        assert self.ours is not None
        same = self.file.base == self.ours.base and self.file.amount == self.ours.amount
        return EQUAL if same else WITHIN


@dataclass(frozen=True, slots=True)
class Comparison:
    """All lines of one file. `needs` says what the file lacks for a full assessment here."""

    values: tuple[ComparedLine, ...]
    taxes: tuple[ComparedLine, ...]
    totals: tuple[ComparedLine, ...]
    needs: tuple[str, ...]

    @property
    def differs(self) -> bool:
        return any(line.verdict == DIFFERS for line in (*self.values, *self.taxes, *self.totals))


def consignment_of_draft(draft: Mapping[str, Any]) -> Consignment:
    """The consignment that a canonical draft describes; what cannot be read counts as nothing."""
    declaration = Declaration(**reading.row("header", draft).values)
    items = [Item(**reading.row("item", item).values) for item in draft["items"]]
    papers = [
        [ItemDocument(**reading.row("document", paper).values) for paper in item["documents"]]
        for item in draft["items"]
    ]
    return facts.consignment(Content(declaration, items, papers, containers=[], previous=[], suppliers=[]))


# The file's own rates -----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Counted:
    """A quantity of an item that a tax may be charged on, and a rate of so much for one of it."""

    quantity: Decimal
    rate: Callable[[Decimal, str], Rate]


def with_currencies_named(parsed: ParsedSad) -> ParsedSad:
    """The file with a currency of its own for each amount that states a rate and names no currency."""
    stated, draft = parsed["stated"], dict(parsed["draft"])
    currencies = dict(stated["currencies"])
    for name in stated["exchange_rates"]:
        field = "invoice_currency" if name == "invoice" else f"{name}_currency"
        if not currencies.get(name) and (name == "invoice" or draft.get(name)):
            currencies[name] = draft[field] = NAMELESS[name]
    named = StatedSad(**{**stated, "currencies": currencies, "invoice_currency": currencies["invoice"]})
    return ParsedSad(draft=draft, stated=named, kept=parsed["kept"])


def law_with_rates_of(parsed: ParsedSad, law: Law) -> Law:
    """`law` with the exchange rates and tax rates that the file states, instead of the country's."""
    stated = parsed["stated"]
    codes = {tax.code.casefold(): tax.code for tax in law.taxes}
    counted = _counted_lines(parsed, law)
    unit = _unit_of_rates(line for item in stated["items"] for line in item["lines"] if id(line) not in counted)
    measures = {}
    for item in stated["items"]:
        measures[item["number"]] = tuple(
            _measure(line, codes.get(line["tax_code"].casefold(), line["tax_code"]), counted, unit, law)
            for line in item["lines"]
        )
    rates = dict(law.exchange_rates)
    for name, rate in stated["exchange_rates"].items():
        currency = stated["currencies"].get(name) or stated["invoice_currency"]
        rates[currency] = ExchangeRateFact(currency, rate, stated["date"] or law.on, "file")
    return replace(law, measures={**law.measures, **measures}, exchange_rates=rates)


def _measure(line: StatedLine, code: str, counted: Mapping[int, _Counted], unit: Decimal, law: Law) -> MeasureFact:
    rate: Rate
    if (found := counted.get(id(line))) is not None:
        rate = found.rate(line["rate"], law.currency)
    else:
        rate = _written(line["rate_text"]) or Percent(line["rate"] * unit)
    return MeasureFact(0, code, rate, text_of(rate), "file")


def _written(text: str) -> Rate | None:
    """The rate that a file writes as the law does."""
    try:
        return parse_rate(text) if text else None
    except RateUnreadable:
        return None


def _counted_lines(parsed: ParsedSad, law: Law) -> dict[int, _Counted]:
    """The lines that are charged on a quantity, by `id`: their base is a quantity of the item, not its value."""
    found = {}
    items = consignment_of_draft(parsed["draft"]).items
    for item, stated in zip(items, parsed["stated"]["items"], strict=True):
        for line in stated["lines"]:
            fits = (each for each in _quantities(item) if _is_charged_on(line, each.quantity, stated, law))
            if (counted := next(fits, None)) is not None:
                found[id(line)] = counted
    return found


def _quantities(item: ConsignmentItem) -> Iterator[_Counted]:
    """What a tax may count: net and gross mass, the mass of the packing, supplementary quantities."""
    packing = max(item.gross_mass - item.net_mass, ZERO)
    yield _Counted(item.net_mass, lambda rate, currency: Specific(rate, currency, "KGM"))
    yield _Counted(item.gross_mass, lambda rate, currency: Specific(rate, currency, "KGM", gross=True))
    yield _Counted(packing, lambda rate, currency: Fixed(rate * packing, currency))
    for unit, quantity in item.supplementary:
        yield _Counted(quantity, partial(_for_each, unit))


def _for_each(unit: str, rate: Decimal, currency: str) -> Rate:
    return Specific(rate, currency, unit)


def _is_charged_on(line: StatedLine, quantity: Decimal, item: StatedItem, law: Law) -> bool:
    """Whether the base is the quantity, which files round, and the amount that of the exact quantity."""
    value = item["customs_value"]
    if not line["rate"] or not quantity or (value is not None and abs(line["base"] - value) <= NEAR_THE_VALUE):
        return False
    rounded = abs(line["base"] - quantity) <= HALF
    return rounded and any(
        abs(counted * line["rate"] - line["amount"]) <= last_place(law.decimals) for counted in (quantity, line["base"])
    )


def _unit_of_rates(lines: Iterable[StatedLine]) -> Decimal:
    """What turns the file's rates into percent: 1, or 100 where the country writes fractions (0.2 for 20 %)."""
    percent = fraction = ZERO
    for line in lines:
        product = line["base"] * line["rate"]
        percent += abs(product / 100 - line["amount"])
        fraction += abs(product - line["amount"])
    return ONE if percent <= fraction else Decimal(100)


def compare(parsed: ParsedSad, law: Law) -> Comparison:
    """Assess the file's draft under `law` and put each line beside the file's own."""
    consignment = consignment_of_draft(parsed["draft"])
    result = assess(consignment, law)
    stated = parsed["stated"]
    return Comparison(
        values=tuple(_values(stated["items"], result)),
        taxes=tuple(_taxes(stated["items"], result, consignment, law)),
        totals=tuple(_totals(parsed, result)),
        needs=tuple(f"{need.code} {need.pointer}: {need.sentence}" for need in result.needs),
    )


def _values(items: list[StatedItem], result: Assessment) -> Iterable[ComparedLine]:
    ours = {value.number: value for value in result.values}
    for item in items:
        for name in ("customs_value", "statistical_value"):
            theirs: Any = item.get(name)
            if theirs is not None:
                mine = getattr(ours[item["number"]], name)
                yield ComparedLine(item["number"], name, Figures(theirs, "", theirs), Figures(mine, "", mine))


def _taxes(items: list[StatedItem], result: Assessment, consignment: Consignment, law: Law) -> Iterable[ComparedLine]:
    ours: dict[tuple[int, str], list[Charge]] = {}
    for charge in result.charges:
        if charge.item is not None:
            ours.setdefault((charge.item, charge.tax_code.casefold()), []).append(charge)
    for item, declared in zip(items, consignment.items, strict=True):
        for line in item["lines"]:
            same = ours.get((item["number"], line["tax_code"].casefold()), [])
            theirs = Figures(line["base"], line["rate_text"] or f"{line['rate']}", line["amount"])
            mine = _figures(same.pop(0), declared, law, beside=line["base"]) if same else None
            yield ComparedLine(item["number"], line["tax_code"], theirs, mine)
    if any(item["lines"] for item in items):
        for (number, _code), left in sorted(ours.items()):
            for charge in left:
                yield ComparedLine(number, charge.tax_code, None, Figures(charge.base, charge.rate_text, charge.amount))


def _figures(charge: Charge, item: ConsignmentItem, law: Law, *, beside: Decimal) -> Figures:
    """Our figures; of what is charged on a quantity, the quantity, where the file has that for a base.

    Files round such a quantity: one that rounds to the file's is the file's.
    """
    base = charge.base
    if _is_counted(charge, law):
        quantities = [each.quantity for each in _quantities(item) if abs(each.quantity - beside) <= HALF]
        if quantities and abs(base - beside) > CENT:
            base = beside
    return Figures(base, charge.rate_text, charge.amount)


def _is_counted(charge: Charge, law: Law) -> bool:
    """Whether every part of the rate that was charged is so much for one of something."""
    rates = (each.rate for each in law.measures.get(charge.item or 0, ()) if each.tax_code == charge.tax_code)
    return any(all(isinstance(leaf, Specific | Fixed) for leaf in leaves(rate)) for rate in rates)


def _totals(parsed: ParsedSad, result: Assessment) -> Iterable[ComparedLine]:
    stated = parsed["stated"]
    if not any(item["lines"] for item in stated["items"]):
        return
    fees = sum((charge.amount for charge in result.charges if charge.item is None), ZERO)
    for name, theirs, ours in (
        ("declaration_taxes", stated["global_taxes"], fees),
        ("payable", stated["payable"], result.payable),
        ("guaranteed", stated["guaranteed"], result.guaranteed),
    ):
        if theirs is not None:
            yield ComparedLine(0, name, Figures(theirs, "", theirs), Figures(ours, "", ours))
