"""Rate texts: what is read, what it means, how it is printed, and what is refused. The definition is docs/rates.md."""

import csv
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tariffs.rates import (
    RATE_UNITS,
    Fixed,
    Free,
    Max,
    Min,
    Percent,
    Rate,
    RateUnreadable,
    Specific,
    Step,
    Sum,
    currencies_of,
    parse,
    text_of,
    units_of,
)
from tariffs.services.load_tariff import as_percent

D = Decimal
FIVE = Percent(D(5))
KILO = Specific(D("0.15"), "EUR", "KGM")


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("5%", FIVE),
        ("5 %", FIVE),
        ("7,5%", Percent(D("7.5"))),
        ("0", Free()),
        ("Free", Free()),
        ("беспошлинно", Free()),
        ("0%", Percent(D(0))),
        ("0.4 EUR/l", Specific(D("0.4"), "EUR", "LTR")),
        ("0,4 EUR за 1 л", Specific(D("0.4"), "EUR", "LTR")),
        ("250 USD за 1 т", Specific(D(250), "USD", "TNE")),
        ("2 EUR за 1 1000 шт", Specific(D(2), "EUR", "NAR", D(1000))),
        ("2 EUR/100 kg", Specific(D(2), "EUR", "KGM", D(100))),
        ("0.75 EUR за 1 пар", Specific(D("0.75"), "EUR", "PR")),
        ("0.38 EUR за 1 м2", Specific(D("0.38"), "EUR", "MTK")),
        ("1 EUR за 1 см3, мл", Specific(D(1), "EUR", "CMQ")),
        ("0.9 EUR/%vol/hl", Specific(D("0.9"), "EUR", "LPA")),
        ("1 EUR за 1 л 100% спирта", Specific(D(1), "EUR", "LPA")),
        ("0.2 евро за 1 кг брутто", Specific(D("0.2"), "EUR", "KGM", gross=True)),
        ("10% min 0.15 EUR/kg", Max((Percent(D(10)), KILO))),
        ("10%, но не менее 0.15 EUR за 1 кг", Max((Percent(D(10)), KILO))),
        ("10%, но не более 0.15 EUR за 1 кг", Min((Percent(D(10)), KILO))),
        ("5% + 0.15 EUR/kg", Sum((FIVE, KILO))),
        ("5% плюс 0.15 EUR за 1 кг", Sum((FIVE, KILO))),
        ("max(5%, 0.15 EUR/kg, 20 EUR)", Max((FIVE, KILO, Fixed(D(20), "EUR")))),
        ("min(5%; max(1%; 0.15 EUR/kg))", Min((FIVE, Max((Percent(D(1)), KILO))))),
        ("10% min 0.15 EUR/kg max 2 EUR/kg", Min((Max((Percent(D(10)), KILO)), Specific(D(2), "EUR", "KGM")))),
        ("step(0: 20 TJS; 10000: 0.1%)", Step(((D(0), Fixed(D(20), "TJS")), (D(10000), Percent(D("0.1")))))),
    ],
)
def test_english_and_russian_notation_mean_the_same(text: str, rate: Rate) -> None:
    assert parse(text) == rate


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("", 0, "a number"),
        ("5", 1, "%"),
        ("5%%", 2, "the end"),
        ("-5%", 0, "a number"),
        ("5 EUR/bag", 6, "a unit"),
        ("10% min", 7, "a number"),
        ("max(0,5%)", 8, "a second rate"),
        ("min(5%, 6%", 10, ")"),
        ("step(10: 5%; 5: 1%)", 14, "greater"),
        ("1 EUR/0 kg", 6, "greater than zero"),
        ("1 EUR/l gross", 13, "mass"),
        ("EA MAX 18.7% + ADSZ", 0, "a number"),
        ("(" * 9 + "5%" + ")" * 9, 8, "nesting"),
        ("5%" + " " * 250, 250, "250 characters"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text: str, place: int, expected: str) -> None:
    with pytest.raises(RateUnreadable) as refusal:
        parse(text)
    assert refusal.value.position == place
    assert expected in refusal.value.expected


def test_a_rate_names_the_currencies_and_units_it_needs() -> None:
    rate = parse("10% min 0.15 EUR/kg max 2 USD/l")
    assert (currencies_of(rate), units_of(rate)) == ({"EUR", "USD"}, {"KGM", "LTR"})


amounts = st.decimals(min_value=0, max_value=10**6, places=4, allow_nan=False, allow_infinity=False)
currencies = st.sampled_from(["EUR", "USD", "TJS"])
masses = st.sampled_from(["KGM", "TNE", "GRM"])
units = st.sampled_from([unit.code for unit in RATE_UNITS])
counts = st.sampled_from([D(1), D(100), D(1000)])
leaves = st.one_of(
    st.just(Free()),
    st.builds(Percent, amounts),
    st.builds(Fixed, amounts, currencies),
    st.builds(Specific, amounts, currencies, units, counts),
    st.builds(Specific, amounts, currencies, masses, counts, st.just(True)),
)


def combined(inner: st.SearchStrategy[Rate]) -> st.SearchStrategy[Rate]:
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(Sum, parts), st.builds(Max, parts), st.builds(Min, parts))


rates = st.recursive(leaves, combined, max_leaves=5)


@given(rates)
def test_printing_and_reading_returns_the_same_rate(rate: Rate) -> None:
    text = text_of(rate)
    if len(text) <= 250:
        assert parse(text) == rate
        assert text_of(parse(text)) == text


def test_every_text_of_a_large_national_tariff_is_read(shared_data: Path) -> None:
    with (shared_data / "tariff" / "ett_2026.csv").open(encoding="utf-8-sig", newline="") as stream:
        texts = Counter(row["duty_rate_text"] for row in csv.DictReader(stream))
    shapes = {re.sub(r"\d+(?:\.\d+)?", "N", text) for text in texts}
    assert len(shapes) == 16
    for text in texts:
        rate = parse(as_percent(text))
        assert parse(text_of(rate)) == rate


@pytest.mark.parametrize("text", ["max(5%, 1 EUR/kg, max(2%, 3%, 4%))", "min(Free, 5%, min(1%, 2%, 3%))"])
def test_a_function_among_the_parts_of_a_function_is_no_bound(text: str) -> None:
    rate = parse(text)
    assert text_of(rate) == text
    assert parse("10%, max 2 EUR/kg") == parse("10% max 2 EUR/kg")
