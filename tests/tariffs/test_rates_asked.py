"""A rate that needs a figure of its own, through the doors: calculator, API and the rules of a declaration."""

import json
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from declarations import services
from tariffs.models import LegalAct, Measure
from tariffs.rates import EXPECTED, MASS_KINDS, RATE_UNITS, STATED_UNITS, RateUnreadable, parse, text_of
from tests import make

SWEETS = "1704907100"
DOCUMENT = (Path(__file__).parents[2] / "docs" / "rates.md").read_text(encoding="utf-8")


@pytest.fixture
def component(db: None) -> Measure:
    """Chinese sweets pay per cent and an agricultural component, at most per cent and the additional duty on sugar."""
    return Measure.objects.create(
        tax_code="DUTY",
        commodity_prefix=SWEETS,
        origin="CN",
        rate_text="9 % + EA MAX 24.2 % + AD S/Z",
        legal_act=LegalAct.objects.first(),
        valid_from=make.ON,
    )


def test_the_calculator_asks_for_a_component_and_then_computes_it(client: Client, component: Measure) -> None:
    facts = {
        "on": make.ON.isoformat(),
        "go": "1",
        "invoice_currency": "TJS",
        "0-commodity_code": SWEETS,
        "0-origin_country": "CN",
    }
    facts |= {"0-item_price": "10000", "0-net_mass": "1000"}
    asked = client.get(reverse("calculator"), facts).content.decode()
    assert 'name="0-quantity_AEA"' in asked
    assert 'name="0-quantity_ASZ"' in asked
    assert "State the agricultural component (EA): its amount in TJS for 100 kg of net mass" in asked
    given = client.get(reverse("calculator"), facts | {"0-quantity_AEA": "120", "0-quantity_ASZ": "0"})
    text = given.content.decode().replace("\u00a0", " ")
    assert "Still needed" not in text
    assert "1 000 kg × EA 120 TJS/100 kg" in text
    assert "= 2 100.00 TJS" in text


def test_the_api_names_the_unit_in_which_a_component_is_stated(client: Client, component: Measure) -> None:
    item = {"commodity_code": SWEETS, "item_price": "10000", "origin_country": "CN", "net_mass": "1000"}
    body = {"items": [item], "invoice_currency": "TJS", "on": make.ON.isoformat()}

    def answer() -> dict[str, object]:
        address = reverse("api_calculator")
        found: dict[str, object] = client.post(address, json.dumps(body), content_type="application/json").json()
        return found

    needs = answer()["needs"]
    assert isinstance(needs, list)
    assert [(need["code"], need["unit"]) for need in needs] == [("T006", "AEA"), ("T007", "ASZ")]
    item["quantities"] = {"AEA": "0", "ASZ": "0"}  # type: ignore[assignment]
    assert answer()["complete"] is True


def test_a_declaration_cannot_be_lodged_before_the_component_is_stated_and_nothing_may_be_stated(
    component: Measure,
) -> None:
    def faults(**figures: str) -> dict[str, str]:
        draft = make.draft(items=[make.item(commodity_code=SWEETS, origin_country="CN", **figures)])
        return {violation.pointer: violation.code for violation in services.check(draft, on=make.ON)}

    make.trader()
    first, second = ({f"supplementary_unit_{n}": unit} for n, unit in ((1, "AEA"), (2, "ASZ")))
    assert faults() == {"items[0].supplementary_quantity_1": "D084"}
    assert faults(**first, supplementary_quantity_1="120") == {"items[0].supplementary_quantity_2": "D084"}
    assert faults(**first, supplementary_quantity_1="120", **second, supplementary_quantity_2="0") == {}
    counted = faults(**first, supplementary_quantity_1="1", **second, supplementary_quantity_2="0",
                     supplementary_unit_3="NAR", supplementary_quantity_3="0")  # fmt: skip
    assert counted == {"items[0].supplementary_quantity_3": "D082"}


def spans(section: str, *, column: int = 0) -> list[list[str]]:
    """The code spans of one column of the table under a heading of docs/rates.md, by row."""
    table = DOCUMENT.split(f"## {section}\n")[1].split("\n## ")[0]
    rows = [line.replace("\\|", "¦").split("|")[1:-1] for line in table.splitlines() if line.startswith("|")]
    return [re.findall("`([^`]+)`", row[column]) for row in rows[2:]]


def test_what_the_definition_says_can_be_written_can_be_written() -> None:
    texts = [text for row in spans("What can be written") for text in row if "…" not in text]
    assert len(texts) > 30
    for text in texts:
        parse(text)


def test_the_definition_prints_the_shapes_of_the_eu_and_uk_as_the_grammar_does() -> None:
    section = "Shapes of the EU and UK tariffs"
    for texts, printed in zip(spans(section), spans(section, column=1), strict=True):
        canonical = {text_of(parse(text)) for text in texts}
        assert canonical == set(printed or texts)


def test_the_definition_refuses_what_the_grammar_refuses() -> None:
    codes = spans("What is refused", column=1)
    for texts, allowed in zip(spans("What is refused"), codes, strict=True):
        assert set(allowed) <= set(EXPECTED)
        for text in texts:
            with pytest.raises(RateUnreadable) as refusal:
                parse(text)
            assert refusal.value.code in allowed


def test_the_definition_names_every_unit() -> None:
    named = set(re.findall(r"\b[A-Z0-9]{2,4}\b", DOCUMENT))
    assert {unit.code for unit in (*RATE_UNITS, *MASS_KINDS)} | STATED_UNITS <= named
