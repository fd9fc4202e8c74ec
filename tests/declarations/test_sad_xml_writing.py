"""What is written as ASYCUDA XML reads back the same."""

from datetime import date
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from declarations import selectors
from declarations.comparison import CENT, compare, consignment_of_draft, law_with_rates_of
from declarations.sad_xml import build, parse
from tariffs.models import Measure
from tariffs.selectors import law_for
from tests import make

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 2)


def filled(value: Any) -> Any:
    """Without empty fields, flags that are off and lists without rows; numbers as numbers."""
    if isinstance(value, dict):
        return {key: filled(inner) for key, inner in value.items() if inner not in ("", None, False, [])}
    if isinstance(value, list):
        return [filled(inner) for inner in value]
    text = str(value)
    return text.rstrip("0").rstrip(".") if "." in text and text.replace(".", "", 1).isdigit() else text


def test_a_lodged_declaration_reads_back_as_it_was_declared() -> None:
    declaration = make.assessed()
    declared = filled(selectors.canonical(selectors.content_of(declaration)))
    read = filled(parse(build(declaration, on=DAY))["draft"])
    assert declared["items"]
    assert read == declared


def test_the_assessment_is_stated_line_by_line() -> None:
    declaration = make.assessed()
    stated = parse(build(declaration, on=DAY))["stated"]
    lines = [(line["tax_code"], line["amount"]) for item in stated["items"] for line in item["lines"]]
    charges = [(charge.tax_code, charge.amount) for charge in declaration.charges.exclude(item=None)]
    assert sorted(lines) == sorted(charges)
    assert len(lines) > 1
    assert stated["payable"] == declaration.payable


def test_empty_texts_are_written_as_null_and_elements_stand_in_the_order_of_the_format() -> None:
    root = fromstring(build(make.draft(), on=DAY))
    assert root.find("Traders/Financial/Financial_code/null") is not None
    tags = [child.tag for child in root]
    assert tags.index("Property") < tags.index("Identification") < tags.index("Valuation") < tags.index("Item")


@pytest.mark.parametrize("rate", ["7.5%", "Free", "10% min 1 EUR/kg", "0.4 USD/kg", "20 TJS"])
def test_the_rate_is_a_figure_that_comes_to_the_amount_again(rate: str) -> None:
    make.other_law(Measure.objects.filter(kind="rate", tax_code="DUTY"), rate_text=rate)
    declaration = make.assessed()
    parsed = parse(build(declaration, on=DAY))
    lines = {line["tax_code"]: line for item in parsed["stated"]["items"] for line in item["lines"]}
    assert all(line["rate_text"] == "" for line in lines.values())
    for charge in declaration.charges.exclude(item=None):
        line = lines[charge.tax_code]
        assert abs(line["base"] * line["rate"] / 100 - charge.amount) <= CENT
    law = law_for(consignment_of_draft(parsed["draft"]), on=make.ON)
    compared = compare(parsed, law_with_rates_of(parsed, law))
    assert {line.verdict for line in compared.taxes} <= {"equal", "within 0.01"}
