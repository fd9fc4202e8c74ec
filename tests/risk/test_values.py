"""The value control table: computed as a whole, as of a day, for officers alone, and beside the item on the file."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from statistics import quantiles

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Role
from clearance.models import Case
from clearance.services import route
from declarations.models import Declaration, ItemValuation
from risk import facts, services
from risk.boxes import OF_VALUE
from risk.models import ValueGeneration, ValueRow
from risk.models.value import FIGURES
from risk.selectors.values import LEAST, Line, Tables
from tests import make
from tests.conftest import client_of
from tests.risk import make as risk

pytestmark = pytest.mark.django_db
TOMORROW = make.ON + timedelta(days=1)
PRICES = ("1000", "1100", "1200", "1300", "1400", "1500")
OF_USUAL = frozenset(each.key for each in OF_VALUE)


@pytest.fixture
def released() -> list[Declaration]:
    """Tea of China at six prices, four hundred kilograms each; and wheat, of which there is too little."""
    made = [make.released(items=[make.item(item_price=price)]) for price in PRICES]
    wheat = make.item(commodity_code="1001990000", origin_country="KZ")
    return [*made, make.released(items=[wheat])]


def _cheap(price: str, **changes: object) -> Declaration:
    at = make.AT + timedelta(days=2)
    declaration = make.assessed(on=make.ON, at=at, items=[make.item(item_price=price, **changes)])
    services.score(declaration.pk, at=at)
    return declaration


def test_the_table_holds_what_was_released_in_twelve_months(released: list[Declaration]) -> None:
    table = services.compute_values(on=TOMORROW, at=make.AT)
    assert table.declarations == len(released)
    rows = ValueRow.objects.filter(generation=table)
    assert {(row.code, row.origin, row.measure) for row in rows} == {
        (code, origin, "kg") for code in ("0902300009", "09023000", "090230") for origin in ("", "CN")
    }
    valued = ItemValuation.objects.filter(item__commodity_code="0902300009").values_list("customs_value", flat=True)
    values = sorted(float(value) / 400 for value in valued)
    row = rows.get(code="0902300009", origin="CN")
    twentieths = quantiles(values, n=20, method="inclusive")
    expected = [values[0], *(twentieths[place - 1] for place in (1, 2, 5, 10, 15, 18)), sum(values) / 6, values[-1]]
    assert [float(getattr(row, name)) for name in FIGURES] == pytest.approx(expected, rel=1e-6)
    assert row.count == len(PRICES) >= LEAST

    call_command("compute_values", "--on", str(TOMORROW))
    assert list(ValueGeneration.objects.values_list("on", flat=True)) == [TOMORROW]
    assert services.compute_values(on=make.ON, at=make.AT).rows == 0, "nothing of the day itself"


def test_tables_of_the_last_days_and_the_newest_of_each_month_are_kept() -> None:
    days = [date(2026, 1, 5), date(2026, 1, 20), date(2026, 2, 3), *(date(2026, 3, day) for day in range(1, 13))]
    for day in days:
        services.compute_values(on=day, at=make.AT)
    kept = list(ValueGeneration.objects.order_by("on").values_list("on", flat=True))
    assert kept == [date(2026, 1, 20), date(2026, 2, 3), *(date(2026, 3, day) for day in range(5, 13))]
    assert [Tables().on(day) for day in (date(2026, 1, 19), date(2026, 3, 4))] == [
        None, ValueGeneration.objects.get(on=date(2026, 2, 3)).pk,
    ]  # fmt: skip


def test_a_criterion_sees_how_a_value_lies_as_of_the_day(released: list[Declaration]) -> None:
    services.compute_values(on=TOMORROW, at=make.AT)
    cheap = facts.of_declaration(_cheap("600"), asked=OF_USUAL).items[0].values
    assert (cheap["item.value_below_p10"], cheap["item.value_below_p25"]) == (True, True)
    assert cheap["item.value_to_median"] == Decimal("0.48")
    usual = facts.of_declaration(_cheap("1300"), asked=OF_USUAL).items[0].values
    assert (usual["item.value_below_p10"], usual["item.value_below_p25"]) == (False, False)
    other_origin = facts.of_declaration(_cheap("600", origin_country="LK"), asked=OF_USUAL).items[0].values
    assert other_origin["item.value_below_p10"] is True, "compared with every origin"
    then = facts.of_declaration(released[0], asked=OF_USUAL).items[0].values
    assert not OF_USUAL & set(then), "the table of tomorrow was not known"


@pytest.mark.usefixtures("released")
def test_officers_see_it_beside_the_item_and_nobody_else_does() -> None:
    services.compute_values(on=TOMORROW, at=make.AT)
    cheap = _cheap("600")
    route(cheap.pk, at=make.AT + timedelta(days=2))
    officer = client_of(make.officer())
    shown = officer.get(reverse("case", args=[Case.objects.get(declaration=cheap).declaration.public_id]))
    assert "below the 5th percentile" in shown.content.decode()
    assert "never a reference price" in shown.content.decode()

    page = client_of(risk.analyst()).get(reverse("values"), {"code": "0902", "origin": "cn"})
    assert [row.code for row in page.context["page"]] == ["090230", "09023000", "0902300009"]
    table = officer.get(reverse("values_table", args=["csv"]), {"code": "0902", "origin": "-"})
    rows = list(csv.reader(io.StringIO(b"".join(table.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert rows[0][:3] == ["code", "origin", "flow"]
    assert [row[:3] for row in rows[1:]] == [[code, "", "import"] for code in ("090230", "09023000", "0902300009")]

    for person in (make.trader(), make.officer(Role.CASHIER, None)):
        assert client_of(person).get(reverse("values")).status_code == 404
        assert client_of(person).get(reverse("values_table", args=["csv"])).status_code == 404


@pytest.mark.parametrize(
    ("quartiles", "value", "unusual"),
    [
        ((10, 12, 14), "20", False), ((10, 12, 14), "20.1", True), ((10, 12, 14), "3.9", True),
        ((1, 1, 1), "1.09", False), ((1, 1, 1), "1.2", True),
    ],
)  # fmt: skip
def test_a_mass_is_unusual_beyond_the_fences_and_a_tenth_off_the_median(
    quartiles: tuple[int, int, int], value: str, unusual: bool
) -> None:
    p25, p50, p75 = map(Decimal, quartiles)
    line = Line("0902", "", "mass", "PCE", 9, p25, p25, p25, p25, p50, p75, p75, p50, p75)
    assert line.is_unusual(Decimal(value)) is unusual


def test_the_mass_of_a_unit_is_compared() -> None:
    def pieces(number: str) -> dict[str, str]:
        return make.item(commodity_code="6109100000", supplementary_unit_1="NAR", supplementary_quantity_1=number)

    for number in ("100", "101", "102", "103", "104"):
        make.released(items=[pieces(number)])
    services.compute_values(on=TOMORROW, at=make.AT)
    at = make.AT + timedelta(days=2)
    odd, usual = (make.assessed(on=make.ON, at=at, items=[pieces(number)]) for number in ("400", "102"))
    told = [facts.of_declaration(one, asked={"item.mass_unusual"}).items[0].values for one in (odd, usual)]
    assert [values["item.mass_unusual"] for values in told] == [True, False]
