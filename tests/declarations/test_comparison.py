"""Another system's tax lines beside ours: what they are charged on is read off their figures."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from declarations.comparison import Comparison, compare, law_with_rates_of, with_currencies_named
from declarations.sad_xml import parse
from tariffs.calculation import Law, TaxFact

D = Decimal
ITEM = (
    "<Tarification><Item_price>100000</Item_price><Supplementary_unit>"
    "<Suppplementary_unit_code>LTR</Suppplementary_unit_code>"
    "<Suppplementary_unit_quantity>120.4</Suppplementary_unit_quantity></Supplementary_unit></Tarification>"
    "<Valuation_item><Weight_itm><Gross_weight_itm>80.5</Gross_weight_itm><Net_weight_itm>68</Net_weight_itm>"
    "</Weight_itm><Total_CIF_itm>100000</Total_CIF_itm></Valuation_item>"
)
INVOICE = "<Gs_Invoice><Amount_foreign_currency>100000</Amount_foreign_currency><Currency_code>ALL</Currency_code>"


def tax(code: str, sequence: int, *base: str, **more: D) -> TaxFact:
    return TaxFact(code, code, sequence, "item", True, base, more.pop("adjustment", D(0)), 0, True, "", **more)  # type: ignore[arg-type]


LAW = Law(
    on=date(2016, 9, 9),
    currency="ALL",
    decimals=0,
    exchange_rates={},
    taxes=(
        tax("DOG", 1),
        tax("AKC", 2),
        tax("EXT", 3),
        tax("TVS", 4, "DOG", "AKC", "EXT", adjustment=D(-5), missing_adjustment=D(-1)),
    ),
    measures={},
)


def compared(*lines: tuple[str, str, str, str], law: Law = LAW) -> Comparison:
    """The lines of a file (code, base, rate, amount) compared under its own rates."""
    written = "".join(
        f"<Taxation_line><Duty_tax_code>{code}</Duty_tax_code><Duty_tax_Base>{base}</Duty_tax_Base>"
        f"<Duty_tax_rate>{rate}</Duty_tax_rate><Duty_tax_amount>{amount}</Duty_tax_amount></Taxation_line>"
        for code, base, rate, amount in lines
    )
    file = f"<Valuation>{INVOICE}</Gs_Invoice></Valuation><Item>{ITEM}<Taxation>{written}</Taxation></Item>"
    parsed = with_currencies_named(parse(f"<ASYCUDA>{file}</ASYCUDA>".encode()))
    return compare(parsed, law_with_rates_of(parsed, law))


def verdicts(found: Comparison) -> list[tuple[str, str]]:
    return [(line.name, line.verdict) for line in found.taxes]


DUTY, VAT = ("DOG", "100000", "0.1", "10000"), ("TVS", "109993", "0.2", "21999")


def test_fractions_stay_fractions_beside_taxes_on_quantities() -> None:
    found = compared(
        DUTY, ("AKC", "120", "50", "6020"), ("EXT", "13", "100", "1250"), ("TVS", "117265", "0.2", "23453")
    )
    assert verdicts(found) == [("DOG", "equal"), ("AKC", "equal"), ("EXT", "equal"), ("TVS", "equal")]
    assert [line.ours.rate for line in found.taxes if line.ours] == ["10%", "50 ALL/l", "1250 ALL", "20%"]


@pytest.mark.parametrize(
    ("base", "amount", "rate"),
    [("68", "6800", "100 ALL/kg"), ("81", "8050", "100 ALL/kg gross"), ("13", "1250", "1250 ALL")],
)
def test_net_gross_and_packing_are_told_apart(base: str, amount: str, rate: str) -> None:
    [_duty, excise] = compared(DUTY, ("AKC", base, "100", amount)).taxes
    assert (excise.verdict, excise.ours and excise.ours.rate) == ("equal", rate)


def test_each_missing_tax_of_the_formula_takes_one_off_the_base() -> None:
    assert verdicts(compared(DUTY, VAT)) == [("DOG", "equal"), ("TVS", "equal")]


def test_capitals_of_a_code_do_not_matter_and_a_rate_in_words_of_the_law_is_read() -> None:
    found = compared(DUTY, ("ExT", "100000", "5% min 1 ALL/kg", "5000"))
    assert verdicts(found) == [("DOG", "equal"), ("ExT", "equal")]


def test_a_wrong_amount_differs_all_the_same() -> None:
    assert compared(DUTY, ("AKC", "120", "50", "6999")).taxes[1].verdict == "differs"


def test_amounts_without_a_currency_keep_the_rates_that_the_file_states() -> None:
    costs = (
        "<Valuation><Gs_Invoice><Amount_foreign_currency>10</Amount_foreign_currency><Currency_rate>145</Currency_rate>"
        "</Gs_Invoice><Gs_insurance><Amount_foreign_currency>7</Amount_foreign_currency>"
        "<Currency_rate>1</Currency_rate></Gs_insurance></Valuation>"
    )
    item = "<Tarification><Item_price>10</Item_price></Tarification>"
    value = "<Valuation_item><Total_CIF_itm>1457</Total_CIF_itm></Valuation_item>"
    parsed = with_currencies_named(parse(f"<ASYCUDA>{costs}<Item>{item}{value}</Item></ASYCUDA>".encode()))
    found = compare(parsed, law_with_rates_of(parsed, replace(LAW, taxes=())))
    assert [line.verdict for line in found.values] == ["equal"]


def test_what_cannot_be_read_counts_as_nothing_and_stops_nothing() -> None:
    item = "<Item><Tarification><Item_price>1,400</Item_price></Tarification></Item>"
    parsed = parse(
        f"<ASYCUDA><Valuation><Calculation_working_mode>x</Calculation_working_mode></Valuation>{item}</ASYCUDA>".encode()
    )
    assert compare(parsed, LAW).taxes == ()
