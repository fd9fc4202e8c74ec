"""Another system's assessment beside ours: value, apportionment and every tax line of an ASYCUDA export.

Serves a customs service that moves here: its historic exports are recomputed under the loaded country.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from declarations.sad_xml import ParsedSad, StatedItem, StatedLine
from lib.figures import ONE, ZERO, plain
from tariffs.calculation import (
    COSTS,
    Assessment,
    Charge,
    Consignment,
    ConsignmentItem,
    Cost,
    ExchangeRateFact,
    Law,
    MeasureFact,
    assess,
)
from tariffs.rates import parse as parse_rate

CENT = Decimal("0.01")
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
    """The consignment that a canonical draft describes; empty figures count as zero."""
    flow = "export" if str(draft.get("declaration_type", "")).startswith("EX") else "import"
    return Consignment(
        flow=flow,
        general_procedure=f"{draft.get('declaration_type', '')}{draft.get('general_procedure', '')}",
        invoice_currency=draft.get("invoice_currency", ""),
        items=tuple(_item(number, item) for number, item in enumerate(draft["items"], start=1)),
        costs=_costs(draft),
        working_mode=int(draft.get("working_mode") or 0),
    )


def _item(number: int, item: Mapping[str, Any]) -> ConsignmentItem:
    units = ((item.get(f"supplementary_unit_{n}"), item.get(f"supplementary_quantity_{n}")) for n in (1, 2, 3))
    return ConsignmentItem(
        number=number,
        commodity_code=item.get("commodity_code", ""),
        origin_country=item.get("origin_country", ""),
        item_price=Decimal(item.get("item_price") or 0),
        gross_mass=Decimal(item.get("gross_mass") or 0),
        net_mass=Decimal(item.get("net_mass") or 0),
        extended_procedure=item.get("extended_procedure", ""),
        national_procedure=item.get("national_procedure", ""),
        preference=item.get("preference", ""),
        documents=frozenset(document["code"] for document in item["documents"] if document.get("code")),
        supplementary=tuple((unit, Decimal(quantity)) for unit, quantity in units if unit and quantity),
        rate_of_adjustment=Decimal(item.get("rate_of_adjustment") or 1),
        costs=_costs(item),
    )


def _costs(row: Mapping[str, Any]) -> dict[str, Cost]:
    return {cost: Cost(Decimal(row[cost]), row.get(f"{cost}_currency", "")) for cost in COSTS if row.get(cost)}


def law_with_rates_of(parsed: ParsedSad, law: Law) -> Law:
    """`law` with the exchange rates and tax rates that the file states, instead of the country's."""
    stated = parsed["stated"]
    unit = _unit_of_rates(line for item in stated["items"] for line in item["lines"])
    measures = {item["number"]: tuple(_measure(line, unit) for line in item["lines"]) for item in stated["items"]}
    rates = dict(law.exchange_rates)
    for name, rate in stated["exchange_rates"].items():
        currency = stated["currencies"].get(name) or stated["invoice_currency"]
        rates[currency] = ExchangeRateFact(currency, rate, stated["date"] or law.on, "file")
    return replace(law, measures={**law.measures, **measures}, exchange_rates=rates)


def _measure(line: StatedLine, unit: Decimal) -> MeasureFact:
    text = f"{plain(line['rate'] * unit)}%"
    return MeasureFact(0, line["tax_code"], parse_rate(text), text, "file")


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
    result = assess(consignment_of_draft(parsed["draft"]), law)
    stated = parsed["stated"]
    return Comparison(
        values=tuple(_values(stated["items"], result)),
        taxes=tuple(_taxes(stated["items"], result)),
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


def _taxes(items: list[StatedItem], result: Assessment) -> Iterable[ComparedLine]:
    ours: dict[tuple[int, str], list[Charge]] = {}
    for charge in result.charges:
        if charge.item is not None:
            ours.setdefault((charge.item, charge.tax_code), []).append(charge)
    for item in items:
        for line in item["lines"]:
            same = ours.get((item["number"], line["tax_code"]), [])
            theirs = Figures(line["base"], f"{line['rate']}", line["amount"])
            yield ComparedLine(item["number"], line["tax_code"], theirs, _figures(same.pop(0)) if same else None)
    if any(item["lines"] for item in items):
        for (number, code), left in sorted(ours.items()):
            for charge in left:
                yield ComparedLine(number, code, None, _figures(charge))


def _figures(charge: Charge) -> Figures:
    return Figures(charge.base, charge.rate_text, charge.amount)


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
