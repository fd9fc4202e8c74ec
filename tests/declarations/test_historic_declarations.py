"""Real exports of other systems, recomputed under their own country's taxes: every figure of every tax line."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tariffs.calculation import COSTS, Assessment, Consignment, ConsignmentItem, Cost, assess
from tariffs.selectors import law_for
from tests.countries import load_instead

CENT = Decimal("0.01")
pytestmark = [pytest.mark.django_db, pytest.mark.long]


def text(element: ElementTree.Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def number(element: ElementTree.Element, path: str) -> Decimal:
    return Decimal(text(element, path) or "0")


def costs(element: ElementTree.Element, prefix: str) -> dict[str, Cost]:
    return {
        name: Cost(
            number(element, f"{prefix}{name}/Amount_foreign_currency"), text(element, f"{prefix}{name}/Currency_code")
        )
        for name in COSTS
        if number(element, f"{prefix}{name}/Amount_foreign_currency")
    }


def item(place: int, found: ElementTree.Element) -> ConsignmentItem:
    code = text(found, "Tarification/HScode/Commodity_code") + text(found, "Tarification/HScode/Precision_1")
    return ConsignmentItem(
        number=place,
        commodity_code=code,
        origin_country=text(found, "Goods_description/Country_of_origin_code"),
        item_price=number(found, "Tarification/Item_price"),
        gross_mass=number(found, "Valuation_item/Weight_itm/Gross_weight_itm"),
        net_mass=number(found, "Valuation_item/Weight_itm/Net_weight_itm"),
        extended_procedure=text(found, "Tarification/Extended_customs_procedure"),
        preference=text(found, "Tarification/Preference_code"),
        costs=costs(found, "Valuation_item/item_"),
    )


def recomputed(file: Path, *, on: date) -> tuple[ElementTree.Element, Assessment]:
    root = ElementTree.parse(file).getroot()
    consignment = Consignment(
        flow="import",
        general_procedure=text(root, "Identification/Type/Declaration_gen_procedure_code"),
        invoice_currency=text(root, "Valuation/Gs_Invoice/Currency_code"),
        items=tuple(item(place, found) for place, found in enumerate(root.findall("Item"), start=1)),
        costs=costs(root, "Valuation/Gs_"),
        working_mode=int(text(root, "Valuation/Calculation_working_mode")),
    )
    return root, assess(consignment, law_for(consignment, on=on))


def lines_beside(root: ElementTree.Element, result: Assessment) -> Iterator[tuple[Decimal, Decimal, Decimal, Decimal]]:
    """(base in the file, ours, amount in the file, ours) of every tax line; both sides have the same lines."""
    ours = {(charge.item, charge.tax_code): charge for charge in result.charges if charge.item is not None}
    for place, found in enumerate(root.findall("Item"), start=1):
        for line in found.findall("Taxation/Taxation_line"):
            if not text(line, "Duty_tax_code"):
                continue
            charge = ours.pop((place, text(line, "Duty_tax_code")))
            assert charge.payable == (text(line, "Duty_tax_MP") == "1")
            yield number(line, "Duty_tax_Base"), charge.base, number(line, "Duty_tax_amount"), charge.amount
    assert ours == {}


def test_grenada_warehousing_of_three_items_comes_to_the_files_nine_lines(shared_data: Path) -> None:
    load_instead("gd")
    root, result = recomputed(shared_data / "asycuda" / "gd_im7_3_items.xml", on=date(2015, 3, 31))
    lines = list(lines_beside(root, result))
    assert len(lines) == 9
    assert all(abs(theirs - ours) <= CENT for _, _, theirs, ours in lines)
    assert result.payable == Decimal("370.36")
    # The file rounds 60.345 down: its system computes in binary, we round half up.
    assert abs(result.guaranteed - Decimal("1336.36")) <= CENT
    assert [base == ours for base, ours, _, _ in lines] == [True] * 9
    assert sum(value.customs_value for value in result.values) == Decimal("5649.79") + Decimal("522.84")


@pytest.mark.parametrize(
    ("file", "on", "count", "payable", "guaranteed"),
    [
        ("al_im4_40_items.xml", date(2016, 9, 13), 80, 2_303_330, 0),
        ("al_im4_1_item.xml", date(2016, 8, 26), 2, 180_464, 0),
        ("al_im7_1_item.xml", date(2016, 10, 14), 2, 3_022, 443_053),
    ],
)
def test_albania_comes_to_the_files_lines_and_totals_to_the_lek(
    shared_data: Path, file: str, on: date, count: int, payable: int, guaranteed: int
) -> None:
    load_instead("al")
    root, result = recomputed(shared_data / "asycuda" / file, on=on)
    lines = list(lines_beside(root, result))
    assert len(lines) == count
    assert all((base, amount) == (our_base, ours) for base, our_base, amount, ours in lines)
    assert (result.payable, result.guaranteed) == (payable, guaranteed)
