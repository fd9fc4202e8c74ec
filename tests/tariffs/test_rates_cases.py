"""Cases of single rates in YAML: the rate as its law writes it, the facts, and the amount or what is asked for."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from tariffs.calculation import (
    Consignment,
    ConsignmentItem,
    ExchangeRateFact,
    Law,
    MeasureFact,
    TaxFact,
    assess,
)
from tariffs.rates import parse
from tariffs.selectors import need_sentence

ON = date(2026, 11, 23)
DUTY = TaxFact("DUTY", "Import duty", 20, "item", True, (), Decimal(0), 2, True, "Example")
CASES = [
    case
    for file in sorted((Path(__file__).parent / "cases" / "rates").glob("*.yaml"))
    for case in yaml.safe_load(file.read_text(encoding="utf-8"))
]


def law(case: dict[str, Any]) -> Law:
    exchange = {code: ExchangeRateFact(code, Decimal(rate), ON) for code, rate in case.get("exchange", {}).items()}
    measure = MeasureFact(1, "DUTY", parse(case["rate"]), case["rate"], case["source"], is_example=True)
    return Law(ON, "TJS", 2, exchange, (DUTY,), {1: (measure,)})


def consignment(case: dict[str, Any]) -> Consignment:
    goods = ConsignmentItem(
        number=1,
        commodity_code="1704909900",
        origin_country="TR",
        item_price=Decimal(case["value"]),
        gross_mass=Decimal(case.get("gross", case.get("net", "0"))),
        net_mass=Decimal(case.get("net", "0")),
        supplementary=tuple((unit, Decimal(quantity)) for unit, quantity in case.get("units", {}).items()),
    )
    return Consignment("import", "4", "TJS", (goods,))


@pytest.mark.parametrize("case", CASES, ids=[case["rule"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    result = assess(consignment(case), law(case))
    assert [f"{need.code} {need.pointer}" for need in result.needs] == case.get("needs", [])
    for need, words in zip(result.needs, case.get("asks", ()), strict=False):
        assert words in need_sentence(need)
    (charge,) = result.charges
    if "amount" in case:
        assert str(charge.amount) == case["amount"]
    if "formula" in case:
        assert charge.formula.replace("\u00a0", " ") == case["formula"]


def test_every_case_says_an_amount_or_what_is_missing() -> None:
    assert CASES
    assert all(("amount" in case) != ("needs" in case) for case in CASES)
