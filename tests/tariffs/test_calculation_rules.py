"""Rules of the arithmetic that are easily lost: what is asked for, what formulas show, what a declaration pays."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tariffs.calculation import (
    COSTS,
    WHOLE,
    Assessment,
    Consignment,
    ConsignmentItem,
    Cost,
    Law,
    MeasureFact,
    Need,
    TaxFact,
    assess,
)
from tariffs.rates import parse
from tests.tariffs.test_calculation import DUTY, EURO, FEE, VAT, consignment, item, law, plain

D = Decimal
LEVY = replace(FEE, code="LEVY", name="Levy", sequence=20, base_taxes=("FEE",))


def duty(rate: str, *items: ConsignmentItem) -> Assessment:
    return assess(consignment(*items), law({"DUTY": rate}))


def formula(rate: str, *items: ConsignmentItem) -> str:
    return plain(duty(rate, *items).charges[0].formula)


def on_the_declaration(*taxes: TaxFact, rates: Mapping[str, tuple[str, ...]]) -> Law:
    facts = [MeasureFact(1, tax, parse(text), text, "Act") for tax, texts in rates.items() for text in texts]
    return replace(law({}), taxes=taxes, measures={0: tuple(facts)})


# Taxes on the whole declaration -------------------------------------------------------------------------------
def test_a_tax_on_the_declaration_is_secured_only_if_every_item_is_under_a_suspending_procedure() -> None:
    suspended = on_the_declaration(replace(FEE, is_suspended=True), rates={"FEE": ("20 TJS",)})
    warehouse, sold = item(extended_procedure="7100"), item(2)
    secured = assess(consignment(warehouse, replace(warehouse, number=2)), suspended)
    assert (secured.payable, secured.guaranteed) == (0, 20)
    for due in (consignment(warehouse, sold), consignment(sold), replace(consignment(sold), items=())):
        result = assess(due, suspended)
        assert (result.payable, result.guaranteed) == (20, 0)
        assert result.charges[0].payable is True


def test_a_tax_on_the_declaration_may_be_charged_on_the_taxes_before_it_each_of_their_lines_counted() -> None:
    under = on_the_declaration(LEVY, FEE, rates={"FEE": ("20 TJS", "1%"), "LEVY": ("10%",)})
    result = assess(consignment(item(1), item(2, price="500")), under)
    assert [(charge.tax_code, charge.amount) for charge in result.charges] == [
        ("FEE", D("20.00")),
        ("FEE", D("15.00")),
        ("LEVY", D("153.50")),
    ]


def test_a_tax_on_the_declaration_by_weight_asks_for_the_mass() -> None:
    result = assess(consignment(), on_the_declaration(FEE, rates={"FEE": ("1 TJS/kg",)}))
    assert [(need.code, need.pointer) for need in result.needs] == [("T003", "items[0].net_mass")]
    by_volume = assess(consignment(), on_the_declaration(FEE, rates={"FEE": ("1 TJS/l",)}))
    assert by_volume.needs[0].pointer == "items[0].supplementary_quantity_1"


def test_the_total_is_in_the_currency_of_the_law_and_an_amount_even_where_nothing_is_charged() -> None:
    nothing = assess(replace(consignment(), items=(), costs={"insurance": Cost(D(5))}), law({}))
    assert (nothing.currency, nothing.charges, nothing.values) == ("TJS", (), ())
    assert {str(nothing.payable), str(nothing.guaranteed)} == {"0"}
    assert isinstance(nothing.payable, Decimal)
    assert isinstance(nothing.guaranteed, Decimal)


def test_goods_without_measures_are_charged_nothing() -> None:
    assert assess(consignment(), replace(law({}), measures={})).charges == ()


# Bases and lines ----------------------------------------------------------------------------------------------
def test_a_base_without_the_value_is_made_of_taxes_alone() -> None:
    surtax = replace(VAT, base_includes_value=False)
    result = assess(consignment(), law({"DUTY": "5%", "VAT": "10%"}, taxes=(DUTY, surtax)))
    assert (result.charges[1].base, plain(result.charges[1].formula)) == (D(50), "DUTY 50.00 × 10% = 5.00 TJS")
    alone = assess(consignment(), law({"VAT": "10%"}, taxes=(surtax,)))
    assert (alone.charges[0].base, plain(alone.charges[0].formula)) == (D(0), "0 × 10% = 0.00 TJS")


def test_a_base_is_adjusted_upwards_with_a_plus() -> None:
    tax = replace(DUTY, base_adjustment=D("0.5"))
    result = assess(consignment(), law({"DUTY": "10%"}, taxes=(tax,)))
    assert plain(result.charges[0].formula) == "(1 000.00 + 0.50) × 10% = 100.05 TJS"


def test_a_line_says_which_measure_of_which_tax_it_is_and_on_what_act_it_rests() -> None:
    measure = MeasureFact(7, "DUTY", parse("5%"), "5%", "Decree 1", is_example=True)
    bare = MeasureFact(0, "DUTY", parse("5%"), "5%", "")
    under = replace(law({}), measures={1: (measure, bare)})
    first, second = assess(consignment(), under).charges
    assert (first.tax_name, first.legal_basis, first.measure_id) == ("Import duty", "Decree 1", 7)
    assert (first.is_example, second.is_example) == (True, False)
    assert (second.legal_basis, second.measure_id, second.part) == ("Order 450", None, WHOLE)


# What formulas show -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rate", "shown"),
    [
        ("Free", "Free = 0.00 TJS"),
        ("10 EUR", "10 EUR × 10.842 = 108.42 TJS"),
        ("0.5 TJS/kg", "1 100 kg × 0.5 TJS/kg = 550.00 TJS"),
        ("7.5% + 0.5 USD/kg gross", "1 000.00 × 7.5% + 1 200 kg × 0.5 USD/kg gross × 9.301 = 5 655.60 TJS"),
        ("5% max 0.01 TJS/kg", "min(1 000.00 × 5% = 50.00; 1 100 kg × 0.01 TJS/kg = 11.00) = 11.00 TJS"),
        ("step(0: 20 TJS; 1000: 50 TJS)", "1 000.00 ≥ 1 000: 50 TJS = 50.00 TJS"),
        ("step(1000.01: 20 TJS; 5000: 50 TJS)", "1 000.00 < 1 000.01: 0 = 0.00 TJS"),
    ],
)
def test_the_formula_of_each_kind_of_rate_can_be_followed(rate: str, shown: str) -> None:
    assert formula(rate) == shown


def test_quantities_are_shown_with_their_fraction_and_prices_with_every_decimal() -> None:
    assert formula("1 TJS/kg", item(net_mass=D("1200.500"))).startswith("1 200.5 kg × ")
    priced = assess(consignment(item(price="1000.12345"), invoice_currency="EUR"), law({}))
    assert plain(priced.values[0].formula) == "1 000.12345 EUR × 10.842 = 10 843.34 TJS"
    round_price = assess(consignment(item(price="2000"), invoice_currency="EUR"), law({}))
    assert plain(round_price.values[0].formula).startswith("2 000.00 EUR × ")


@pytest.mark.parametrize(
    ("decimals", "value", "shown"),
    [(0, "1014", "1 003 + external freight 11 = 1 014 TJS"), (3, "1013.496", "1 002.996 + external freight 10.500")],
)
def test_every_amount_has_the_decimals_of_the_currency(decimals: int, value: str, shown: str) -> None:
    costs = {"external_freight": Cost(D("10.5"))}
    goods = consignment(item(price="1002.9956", rate_of_adjustment=D("1.0001")), costs=costs)
    result = assess(goods, replace(law({"DUTY": "5% min 1%"}), decimals=decimals))
    found = result.values[0]
    assert str(found.customs_value) == value
    assert plain(found.formula).startswith(shown)
    assert -found.statistical_value.as_tuple().exponent == decimals
    assert plain(result.charges[0].formula).startswith(f"max({found.customs_value:,f} ".replace(",", " "))


def test_costs_are_shared_in_the_decimals_of_the_currency() -> None:
    costs = {"external_freight": Cost(D(101))}
    goods = consignment(item(1), item(2), costs=costs)
    whole = assess(goods, replace(law({}, items=2), decimals=0))
    assert [str(value.external_freight) for value in whole.values] == ["51", "50"]


# What is asked for --------------------------------------------------------------------------------------------
def quantities(*held: tuple[str, str]) -> ConsignmentItem:
    return item(supplementary=tuple((unit, D(quantity)) for unit, quantity in held))


SWEET, EA = "2 TJS/100 kg/% sucrose", "1% + EA"
ASK_SWEET = "Declare the sucrose content in per cent by weight (unit P1Z): the rate is charged on it."
ASK_EA = "State the amount of EA for 100 kg net in TJS (unit AEA)."
EA_VALUES = {"unit": "AEA", "symbol": "EA", "currency": "TJS"}


@pytest.mark.parametrize(
    ("rate", "goods", "need"),
    [
        ("1 TJS/kg", item(net_mass=D(0)), Need("T003", "items[0].net_mass", "The rate kg needs the net mass.")),
        (
            "1 TJS/kg gross",
            item(gross_mass=D(0)),
            Need("T004", "items[0].gross_mass", "The rate kg gross needs the gross mass."),
        ),
        (
            "1 TJS/l",
            quantities(("NAR", "1"), ("PR", "2"), ("MTK", "3")),
            Need(
                "T001",
                "items[0].supplementary_quantity_3",
                "Declare the quantity in l (unit LTR).",
                {"unit": "LTR", "symbol": "l"},
            ),
        ),
        (SWEET, item(), Need("T009", "items[0].supplementary_quantity_1", ASK_SWEET, {"unit": "P1Z"})),
        (
            SWEET,
            quantities(("P1Z", "100.01")),
            Need("T009", "items[0].supplementary_quantity_2", ASK_SWEET, {"unit": "P1Z"}),
        ),
        (EA, quantities(("NAR", "1")), Need("T006", "items[0].supplementary_quantity_2", ASK_EA, EA_VALUES)),
        (EA, quantities(("AEA", "-1")), Need("T006", "items[0].supplementary_quantity_2", ASK_EA, EA_VALUES)),
        (
            "1 JPY",
            item(),
            Need(
                "T002",
                "",
                "No exchange rate of JPY is in force on 2026-11-23.",
                {"currency": "JPY", "on": "2026-11-23"},
            ),
        ),
    ],
)
def test_what_a_rate_needs_and_is_not_declared_is_asked_for(rate: str, goods: ConsignmentItem, need: Need) -> None:
    assert duty(rate, goods).needs == (need,)


def test_a_component_asks_for_the_net_mass_by_the_hundred_kilograms() -> None:
    (need,) = duty(EA, replace(quantities(("AEA", "1")), net_mass=D(0))).needs
    assert (need.code, need.sentence) == ("T003", "The rate 100 kg needs the net mass.")


def test_the_field_that_is_asked_for_is_that_of_the_item() -> None:
    result = assess(consignment(item(1), item(2, net_mass=D(0))), law({"DUTY": "1 TJS/kg"}, items=2))
    assert [need.pointer for need in result.needs] == ["items[1].net_mass"]


def test_a_currency_that_is_missing_is_asked_for_where_it_stands() -> None:
    result = assess(consignment(invoice_currency=""), law({"DUTY": "5%"}))
    assert result.needs == (Need("T005", "invoice_currency", "The currency is missing."),)
    assert result.values[0].price == 0


def test_a_cost_of_an_item_in_an_unknown_currency_is_named_at_the_item() -> None:
    strange = item(2, costs={"insurance": Cost(D(1), "GBP")})
    result = assess(consignment(item(1), strange, working_mode=2), law({}, items=2))
    assert [(need.code, need.pointer) for need in result.needs] == [("T002", "items[1].insurance_currency")]


def test_a_consignment_without_items_needs_no_exchange_rate() -> None:
    assert assess(Consignment("import", "4", "JPY", ()), law({})).needs == ()


# Quantities ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rate", "goods", "amount"),
    [
        ("1 TJS/kg", item(net_mass=D("0.5")), "0.50"),
        ("1 TJS/kg", replace(quantities(("TNE", "2")), net_mass=D(0)), "2000.00"),
        ("1 TJS/kg", replace(quantities(("TNE", "2")), net_mass=D("0.25")), "0.25"),
        ("1 TJS/l", quantities(("LTR", "0"), ("HLT", "2")), "200.00"),
        ("1 TJS/l", quantities(("OURS", "7"), ("LTR", "3")), "3.00"),
        (SWEET, quantities(("P1Z", "40")), "880.00"),
        (SWEET, quantities(("P1Z", "100")), "2200.00"),
        (SWEET, quantities(("P1Z", "0")), "0.00"),
        (EA, quantities(("NAR", "9"), ("AEA", "30")), "340.00"),
        (EA, quantities(("AEA", "0.5")), "15.50"),
        (EA, quantities(("AEA", "0")), "10.00"),
    ],
)
def test_the_quantity_that_counts_is_found_among_what_is_declared(
    rate: str, goods: ConsignmentItem, amount: str
) -> None:
    result = duty(rate, goods)
    assert result.needs == ()
    assert str(result.charges[0].amount) == amount


def test_contents_and_components_are_shown_as_they_were_stated() -> None:
    assert formula(SWEET, quantities(("P1Z", "40"))) == "1 100 kg × 40% sucrose × 2 TJS/100 kg/% sucrose = 880.00 TJS"
    assert formula(EA, quantities(("AEA", "30"))) == "1 000.00 × 1% + 1 100 kg × EA 30 TJS/100 kg = 340.00 TJS"


# Costs --------------------------------------------------------------------------------------------------------
def freights(total: str, *prices: str) -> list[str]:
    items = (item(number, price) for number, price in enumerate(prices, 1))
    result = assess(consignment(*items, costs={"external_freight": Cost(D(total))}), law({}, items=len(prices)))
    return [str(value.external_freight) for value in result.values]


def test_costs_of_goods_without_a_price_are_shared_equally() -> None:
    assert freights("10", "0", "0") == ["5.00", "5.00"]
    assert freights("0.03", "0", "0") == ["0.02", "0.01"]


def test_a_negative_cost_is_shared_as_a_positive_one_is() -> None:
    assert freights("-10", "100", "300") == ["-2.50", "-7.50"]
    assert freights("-0.5", "100", "300") == ["-0.13", "-0.37"]


def test_each_value_is_that_of_its_item() -> None:
    result = assess(consignment(item(4, "10"), item(9, "20")), law({}))
    assert [(value.number, value.price) for value in result.values] == [(4, 10), (9, 20)]


def charged_too_much(prices: list[D], totals: list[D]) -> list[D]:
    """How far the costs of each item together are from its exact share of them."""
    items = tuple(item(number, str(price)) for number, price in enumerate(prices, 1))
    costs = {name: Cost(total) for name, total in zip(COSTS, totals, strict=True)}
    net = sum(totals) - 2 * totals[COSTS.index("deduction")]
    values = assess(consignment(*items, costs=costs), law({}, items=len(items))).values
    return [value.customs_value - value.price - net * value.price / sum(prices) for value in values]


@given(
    st.lists(st.decimals(100, 200, places=2), min_size=2, max_size=6),
    st.lists(st.decimals(1, 1000, places=2), min_size=5, max_size=5),
)
def test_all_costs_of_an_item_together_are_its_exact_share_within_one_unit(prices: list[D], totals: list[D]) -> None:
    assert all(abs(error) <= D("0.01") for error in charged_too_much(prices, totals))


def test_what_an_item_was_given_too_much_is_not_forgotten_where_its_next_part_is_smaller() -> None:
    errors = charged_too_much([D(1), D(1), D(1)], [D("0.01"), D("0.01"), D("0.01"), D(0), D(0)])
    assert errors == [0, 0, 0]


@given(
    st.lists(st.decimals("0.01", 10**4, places=2), min_size=2, max_size=6),
    st.lists(st.decimals(0, 1000, places=2), min_size=5, max_size=5),
)
def test_costs_of_a_few_units_leave_no_item_two_units_from_its_share(prices: list[D], totals: list[D]) -> None:
    assert all(abs(error) < D("0.02") for error in charged_too_much(prices, totals))


def test_the_exchange_rate_that_was_used_stands_with_the_line() -> None:
    assert duty("10 EUR").charges[0].exchange_rates == (EURO,)
    assert duty("10 TJS").charges[0].exchange_rates == ()


# Of several quantities ----------------------------------------------------------------------------------------
TANK, ENGINE = ("LTR", "60"), ("CMQ", "1998")


@pytest.mark.parametrize("declared", [(TANK, ENGINE), (ENGINE, TANK)])
def test_the_quantity_in_the_unit_that_the_rate_names_counts_whatever_else_is_declared(
    declared: tuple[tuple[str, str], ...],
) -> None:
    car = quantities(*declared)
    assert formula("1.4 TJS/cm3", car) == "1 998 cm3 × 1.4 TJS/cm3 = 2 797.20 TJS"
    assert formula("2 TJS/l", car) == "60 l × 2 TJS/l = 120.00 TJS"
    assert formula("5% min 1.4 TJS/cm3", car).endswith("1 998 cm3 × 1.4 TJS/cm3 = 2 797.20) = 2 797.20 TJS")
    assert formula("1 TJS/l + 1.4 TJS/cm3", car) == "60 l × 1 TJS/l + 1 998 cm3 × 1.4 TJS/cm3 = 2 857.20 TJS"


@pytest.mark.parametrize("declared", [(TANK, ENGINE), (ENGINE, TANK)])
def test_without_it_the_unit_nearest_in_size_is_converted_and_the_formula_says_so(
    declared: tuple[tuple[str, str], ...],
) -> None:
    assert formula("10 TJS/hl", quantities(*declared)) == ("0.6 hl [60 l, not 1 998 cm3] × 10 TJS/hl = 6.00 TJS")
    assert formula("10 TJS/hl", quantities(ENGINE)) == "0.01998 hl [1 998 cm3] × 10 TJS/hl = 0.20 TJS"


def test_a_mass_is_that_of_its_box_but_for_one_declared_in_the_very_unit() -> None:
    assert formula("1 TJS/kg", quantities(("KGM", "7"))).startswith("1 100 kg × ")
    assert formula("1 TJS/t", quantities(("GRM", "7"))).startswith("1.1 t × ")
    assert formula("1 TJS/t", quantities(("TNE", "2"))).startswith("2 t × ")
    assert formula("1 TJS/t", replace(quantities(("GRM", "7")), net_mass=D(0))).startswith("0.000007 t [7 g] × ")
    assert duty("1 TJS/kg gross", replace(quantities(("KGM", "7")), gross_mass=D(0))).needs[0].code == "T004"
