"""Duty cases in YAML: facts, expected charges and legal source, judged under countries/tj as the portal would."""

from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lib.figures import plain
from tariffs.calculation import Assessment, Consignment, ConsignmentItem, assess
from tariffs.selectors import exchange_rate, forget, law_for

pytestmark = pytest.mark.django_db
CASES = [
    case
    for file in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for case in yaml.safe_load(file.read_text(encoding="utf-8"))
]


def item(number: int, facts: dict[str, Any]) -> ConsignmentItem:
    mass = Decimal(facts["net"])
    return ConsignmentItem(
        number=number,
        commodity_code=facts["code"],
        origin_country=facts["origin"],
        item_price=Decimal(facts["price"]),
        gross_mass=mass,
        net_mass=mass,
        extended_procedure=facts.get("procedure", "4000"),
        national_procedure=facts.get("national_procedure", ""),
        documents=frozenset(facts.get("documents", ())),
        supplementary=tuple((unit, Decimal(amount)) for unit, amount in facts.get("units", {}).items()),
    )


def consignment(case: dict[str, Any]) -> Consignment:
    items = tuple(item(number, facts) for number, facts in enumerate(case["items"], start=1))
    return Consignment(case.get("flow", "import"), "4", "TJS", items)


def charged(result: Assessment) -> dict[int | str, dict[str, str]]:
    found: dict[int | str, dict[str, str]] = defaultdict(dict)
    for charge in result.charges:
        found[charge.item or "declaration"][charge.tax_code] = str(charge.amount)
    return dict(found)


@pytest.mark.parametrize("case", CASES, ids=[case["rule"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    result = assess(consignment(case), law_for(consignment(case), on=case["date"]))
    assert [f"{need.code} {need.pointer}" for need in result.needs] == case.get("needs", [])
    if "charges" in case:
        assert charged(result) == case["charges"]
    if "payable" in case:
        assert (str(result.payable), str(result.guaranteed)) == (case["payable"], case["guaranteed"])
    for number, formulas in case.get("formulas", {}).items():
        euro = exchange_rate("EUR", on=case["date"])
        assert euro is not None
        for tax, formula in formulas.items():
            (charge,) = [c for c in result.charges if (c.item, c.tax_code) == (number, tax)]
            assert charge.formula.replace("\u00a0", " ").startswith(formula.format(EUR=plain(euro.rate)))
            assert charge.exchange_rates == (euro,)
    for tax, text in case.get("rates", {}).items():
        assert {charge.rate_text for charge in result.charges if charge.tax_code == tax} == {text}
    assert all(charge.legal_basis for charge in result.charges)


def test_the_law_of_a_consignment_takes_the_same_queries_whatever_the_number_of_items() -> None:
    codes = ["0808108000", "2203000900", "8517130000", "8703231940", "9701210000"]

    def queries(count: int) -> int:
        items = tuple(
            item(n, {"code": codes[n % 5], "origin": "TR", "price": "100", "net": "1"}) for n in range(1, count + 1)
        )
        forget()
        with CaptureQueriesContext(connection) as captured:
            law_for(Consignment("import", "4", "EUR", items), on=CASES[0]["date"])
        assert sum("tariffs_measure" in query["sql"] for query in captured) == 1
        return len(captured)

    queries(1)
    assert queries(1) == queries(999)
