"""Value, apportionment and charges, as pure arithmetic."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tariffs.calculation import (
    Assessment,
    Consignment,
    ConsignmentItem,
    Cost,
    ExchangeRateFact,
    Law,
    MeasureFact,
    TaxFact,
    apportioned,
    assess,
)
from tariffs.rates import parse

D = Decimal
ON = date(2026, 11, 23)
DUTY = TaxFact("DUTY", "Import duty", 20, "item", True, (), D(0), 2, True, "Order 450")
VAT = TaxFact("VAT", "VAT", 40, "item", True, ("DUTY",), D(0), 2, True, "Tax Code")
FEE = TaxFact("FEE", "Fee", 10, "declaration", True, (), D(0), 2, False, "Customs Code")
EURO = ExchangeRateFact("EUR", D("10.8420"), date(2026, 11, 16), "National Bank")
DOLLAR = ExchangeRateFact("USD", D("9.3010"), date(2026, 11, 16), "National Bank")


def law(rates: Mapping[str, str], *, taxes: tuple[TaxFact, ...] = (DUTY, VAT, FEE), items: int = 1) -> Law:
    facts = {
        tax: MeasureFact(place, tax, parse(text), text, "Act") for place, (tax, text) in enumerate(rates.items(), 1)
    }
    by_item = tuple(fact for tax, fact in facts.items() if tax != "FEE")
    measures = {0: (facts["FEE"],) if "FEE" in facts else (), **dict.fromkeys(range(1, items + 1), by_item)}
    return Law(ON, "TJS", 2, {"EUR": EURO, "USD": DOLLAR}, taxes, measures, frozenset({"7100"}))


def item(number: int = 1, price: str = "1000", **changes: object) -> ConsignmentItem:
    plain = ConsignmentItem(number, "0808108000", "TR", D(price), gross_mass=D(1200), net_mass=D(1100))
    return replace(plain, **changes)  # type: ignore[arg-type]


def consignment(*items: ConsignmentItem, **changes: object) -> Consignment:
    return replace(Consignment("import", "4", "TJS", items or (item(),)), **changes)  # type: ignore[arg-type]


def amounts(result: Assessment) -> dict[tuple[int | None, str], Decimal]:
    return {(charge.item, charge.tax_code): charge.amount for charge in result.charges}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_each_tax_is_charged_on_the_value_and_the_taxes_before_it() -> None:
    result = assess(consignment(), law({"DUTY": "5%", "VAT": "14%", "FEE": "step(0: 20 TJS; 10000: 50 TJS)"}))
    assert amounts(result) == {(1, "DUTY"): D("50.00"), (1, "VAT"): D("147.00"), (None, "FEE"): D("20.00")}
    assert result.payable == D("217.00")
    assert [plain(charge.formula) for charge in result.charges] == [
        "1 000.00 × 5% = 50.00 TJS",
        "(1 000.00 + DUTY 50.00) × 14% = 147.00 TJS",
        "1 000.00 ≥ 0: 20 TJS = 20.00 TJS",
    ]


def test_a_tax_without_a_measure_has_no_line_and_a_rate_of_zero_has_one() -> None:
    assert amounts(assess(consignment(), law({"VAT": "Free"}))) == {(1, "VAT"): D("0.00")}


def test_price_and_costs_are_converted_and_add_up_to_the_value() -> None:
    costs = {"external_freight": Cost(D(100), "USD"), "insurance": Cost(D(10)), "deduction": Cost(D(5), "TJS")}
    result = assess(consignment(item(price="1000"), invoice_currency="EUR", costs=costs), law({"DUTY": "5%"}))
    value = result.values[0]
    assert (value.price, value.external_freight, value.insurance) == (D("10842.00"), D("930.10"), D("108.42"))
    assert value.customs_value == D("11875.52")
    assert plain(value.formula) == (
        "1 000.00 EUR × 10.842 + external freight 930.10 + insurance 108.42 − deductions 5.00 = 11 875.52 TJS"
    )


def test_statistical_value_is_the_value_times_the_rate_of_adjustment() -> None:
    result = assess(consignment(item(rate_of_adjustment=D("1.1"))), law({"DUTY": "5%"}))
    assert result.values[0].statistical_value == D("1100.00")
    assert amounts(result)[1, "DUTY"] == D("50.00")


@pytest.mark.parametrize(
    ("mode", "shares"),
    [(0, ["75.00", "25.00"]), (1, ["50.00", "50.00"]), (2, ["7.00", "0.00"])],
)
def test_the_working_mode_says_how_costs_are_shared(mode: int, shares: list[str]) -> None:
    items = (item(1, "300", costs={"external_freight": Cost(D(7))}), item(2, "100"))
    costs = {"external_freight": Cost(D(100))}
    result = assess(consignment(*items, costs=costs, working_mode=mode), law({"DUTY": "5%"}, items=2))
    assert [value.external_freight for value in result.values] == [D(share) for share in shares]
    shown = apportioned(consignment(*items, costs=costs, working_mode=mode), law({"DUTY": "5%"}, items=2))
    weights = [[share.weight for share in cost.shares] for cost in shown[:1]]
    assert weights == {0: [[D(300), D(100)]], 1: [[D(1200), D(1200)]], 2: []}[mode]


@given(
    st.lists(st.decimals(min_value="0.01", max_value=10**6, places=2), min_size=1, max_size=20),
    st.lists(st.decimals(min_value=0, max_value=10**5, places=2), min_size=5, max_size=5),
)
def test_shares_sum_to_each_cost_exactly_and_every_item_gets_its_part(prices: list[D], totals: list[D]) -> None:
    names = ("external_freight", "internal_freight", "insurance", "other_cost", "deduction")
    items = tuple(item(place, str(price)) for place, price in enumerate(prices, 1))
    costs = {name: Cost(total) for name, total in zip(names, totals, strict=True)}
    result = assess(consignment(*items, costs=costs), law({"DUTY": "5%"}, items=len(items)))
    shown = {cost.name: cost for cost in apportioned(consignment(*items, costs=costs), law({}, items=len(items)))}
    for name, total in zip(names, totals, strict=True):
        shares = [getattr(value, name) for value in result.values]
        assert [share.amount for share in shown[name].shares] == shares
        assert all(share.left == share.exact + share.carried - share.amount for share in shown[name].shares)
        assert sum(shares) == total
        assert min(shares) >= 0
        for share, price in zip(shares, prices, strict=True):
            assert abs(share - total * price / sum(prices)) < D("0.03")


def test_the_greater_of_percent_and_specific_is_charged_and_both_are_shown() -> None:
    result = assess(consignment(), law({"DUTY": "5% min 0.15 EUR/kg"}))
    charge = result.charges[0]
    assert charge.amount == D("1788.93")
    assert charge.exchange_rates == (EURO,)
    assert plain(charge.formula) == (
        "max(1 000.00 × 5% = 50.00; 1 100 kg × 0.15 EUR/kg × 10.842 = 1 788.93) = 1 788.93 TJS"
    )


def test_net_mass_serves_rates_by_weight_and_gross_mass_where_the_text_says_so() -> None:
    assert assess(consignment(), law({"DUTY": "1 TJS/kg"})).charges[0].amount == D("1100.00")
    assert assess(consignment(), law({"DUTY": "1 TJS/kg gross"})).charges[0].amount == D("1200.00")
    assert assess(consignment(), law({"DUTY": "1 TJS/t"})).charges[0].amount == D("1.10")


def test_a_declared_quantity_is_converted_into_the_unit_of_the_rate() -> None:
    cigarettes = consignment(item(supplementary=(("MIL", D(500)),)))
    thousands = replace(law({"DUTY": "2 TJS/1000 pcs"}), unit_factors={"MIL": ("NAR", D(1000))})
    assert assess(cigarettes, thousands).charges[0].amount == D("1000.00")
    beer = consignment(item(supplementary=(("HLT", D(12)),)))
    assert assess(beer, law({"DUTY": "0.4 TJS/l"})).charges[0].amount == D("480.00")


def test_a_missing_quantity_is_asked_for_at_the_first_empty_field() -> None:
    bare = assess(consignment(), law({"DUTY": "0.4 EUR/l"}))
    assert [(need.code, need.pointer, need.values["unit"]) for need in bare.needs] == [
        ("T001", "items[0].supplementary_quantity_1", "LTR")
    ]
    counted = assess(consignment(item(supplementary=(("NAR", D(5)),))), law({"DUTY": "0.4 EUR/l"}))
    assert counted.needs[0].pointer == "items[0].supplementary_quantity_2"
    weightless = assess(consignment(item(net_mass=D(0))), law({"DUTY": "0.4 EUR/kg"}))
    assert (weightless.needs[0].code, weightless.needs[0].pointer) == ("T003", "items[0].net_mass")
    assert assess(consignment(item(supplementary=(("LTR", D(5)),))), law({"DUTY": "0.4 EUR/l"})).needs == ()


def test_a_missing_exchange_rate_is_named_where_the_currency_stands() -> None:
    unknown = assess(consignment(invoice_currency="JPY", costs={"insurance": Cost(D(1), "GBP")}), law({"DUTY": "5%"}))
    assert {(need.code, need.pointer) for need in unknown.needs} == {
        ("T002", "invoice_currency"),
        ("T002", "insurance_currency"),
    }
    assert assess(consignment(invoice_currency=""), law({"DUTY": "5%"})).needs[0].code == "T005"


def test_a_suspending_procedure_secures_what_may_be_suspended() -> None:
    result = assess(consignment(item(extended_procedure="7100")), law({"DUTY": "5%", "VAT": "14%", "FEE": "20 TJS"}))
    assert {charge.tax_code: charge.payable for charge in result.charges} == {"DUTY": False, "VAT": False, "FEE": True}
    assert (result.payable, result.guaranteed) == (D("20.00"), D("197.00"))


@pytest.mark.parametrize(
    ("rounding", "decimals", "amount"),
    [("half_up", 2, "0.13"), ("up", 0, "1"), ("down", 2, "0.12"), ("half_up", 0, "0")],
)
def test_each_tax_is_rounded_as_its_row_says(rounding: str, decimals: int, amount: str) -> None:
    tax = replace(DUTY, rounding=rounding, decimals=decimals)
    result = assess(consignment(item(price="2.5")), law({"DUTY": "5%"}, taxes=(tax,)))
    assert result.charges[0].amount == D(amount)


def test_a_base_may_be_adjusted_and_never_falls_below_zero() -> None:
    tax = replace(DUTY, base_adjustment=D(-7))
    dear = assess(consignment(), law({"DUTY": "10%"}, taxes=(tax,)))
    assert (dear.charges[0].base, plain(dear.charges[0].formula)) == (D(993), "(1 000.00 − 7.00) × 10% = 99.30 TJS")
    cheap = assess(consignment(item(price="5")), law({"DUTY": "10%"}, taxes=(tax,)))
    assert (cheap.charges[0].base, cheap.charges[0].amount) == (D(0), D("0.00"))


def test_a_formula_may_count_each_tax_that_is_not_charged() -> None:
    first, second = replace(DUTY, code="ONE", sequence=1), replace(DUTY, code="TWO", sequence=2)
    last = replace(DUTY, code="VAT", sequence=3, base_taxes=("ONE", "TWO"), base_adjustment=D(-5))
    taxes = (first, second, replace(last, missing_adjustment=D(-1)))
    neither = assess(consignment(), law({"VAT": "10%"}, taxes=taxes)).charges[-1]
    assert (neither.base, plain(neither.formula)) == (D(993), "(1 000.00 − 7.00) × 10% = 99.30 TJS")
    one = assess(consignment(), law({"ONE": "Free", "VAT": "10%"}, taxes=taxes)).charges[-1]
    assert one.base == D(994)
    both = assess(consignment(), law({"ONE": "10%", "TWO": "1%", "VAT": "10%"}, taxes=taxes)).charges[-1]
    assert both.base == D(1000 + 100 + 10 - 5)


rate_texts = st.sampled_from(
    ["5%", "0.4 EUR/kg", "10% min 0.15 EUR/kg", "10% max 2 EUR/kg", "7.5% + 0.5 USD/kg gross", "min(5%, 1 TJS/t, 9%)"]
)
sizes = st.decimals(min_value="0.01", max_value=10**7, places=2)


@given(rate_texts, sizes, sizes, sizes, sizes)
def test_more_value_or_more_goods_never_costs_less(text: str, price: D, mass: D, dearer: D, heavier: D) -> None:
    def amount(price: D, mass: D) -> D:
        goods = item(price=str(price), net_mass=mass, gross_mass=mass)
        return assess(consignment(goods), law({"DUTY": text})).charges[0].amount

    assert amount(price, mass) <= amount(price + dearer, mass)
    assert amount(price, mass) <= amount(price, mass + heavier)


def test_the_same_facts_always_give_the_same_charges() -> None:
    facts = consignment(), law({"DUTY": "5% min 0.15 EUR/kg", "VAT": "14%"})
    assert assess(*facts) == assess(*facts)
