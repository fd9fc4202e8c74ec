"""Rate texts: what is read, what it means, how it is printed, and what is refused. The definition is docs/rates.md."""

import csv
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

from tariff_changes.services.tariff_table import as_percent
from tariffs.columns import rate_text
from tariffs.rates import (
    COMPONENTS,
    CONTENTS,
    CURRENCIES,
    EXPECTED,
    MASS_KINDS,
    RATE_UNITS,
    UNIT_FACTORS,
    UNIT_SYMBOLS,
    Component,
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
from tariffs.wording import _COMPONENTS, _EACH, _EXPECTED, in_words, unreadable

D = Decimal
COMPONENT = "the agricultural component (by the composition of the goods)"
COUNTRIES = Path(__file__).parents[2] / "countries" / "international"
FIVE = Percent(D(5))
KILO = Specific(D("0.15"), "EUR", "KGM")
EA, SUGAR, FLOUR = Component("EA"), Component("ADSZ"), Component("ADFM")


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("5%", FIVE),
        ("5 %", FIVE),
        ("7,5%", Percent(D("7.5"))),
        ("15 процентов", Percent(D(15))),
        ("0", Free()),
        ("Free", Free()),
        ("NIHIL", Free()),
        ("беспошлинно", Free()),
        ("0%", Percent(D(0))),
        ("0.00 %", Percent(D(0))),
        ("0.4 EUR/l", Specific(D("0.4"), "EUR", "LTR")),
        ("0,4 EUR за 1 л", Specific(D("0.4"), "EUR", "LTR")),
        ("250 USD за 1 т", Specific(D(250), "USD", "TNE")),
        ("2 EUR за 1 1000 шт", Specific(D(2), "EUR", "NAR", D(1000))),
        ("2 EUR/100 kg", Specific(D(2), "EUR", "KGM", D(100))),
        ("0.75 EUR за 1 пар", Specific(D("0.75"), "EUR", "PR")),
        ("0.38 EUR за 1 м2", Specific(D("0.38"), "EUR", "MTK")),
        ("1 EUR за 1 см3, мл", Specific(D(1), "EUR", "CMQ")),
        ("1 EUR за 1 куб. см объёма двигателя", Specific(D(1), "EUR", "CMQ")),
        ("0.9 EUR/%vol/hl", Specific(D("0.9"), "EUR", "LPA")),
        ("0.9 EUR за 1 % об. за 1 гл", Specific(D("0.9"), "EUR", "LPA")),
        ("1 EUR за 1 л 100% спирта", Specific(D(1), "EUR", "LPA")),
        ("0.2 евро за 1 кг брутто", Specific(D("0.2"), "EUR", "KGM", gross=True)),
        ("0.2 евро за каждый кг нетто", Specific(D("0.2"), "EUR", "KGM")),
        ("10% min 0.15 EUR/kg", Max((Percent(D(10)), KILO))),
        ("10%, but not less than 0.15 EUR per kg", Max((Percent(D(10)), KILO))),
        ("10%, но не менее 0.15 EUR за 1 кг", Max((Percent(D(10)), KILO))),
        ("10%, но не более 0.15 EUR за 1 кг", Min((Percent(D(10)), KILO))),
        ("10% or 0.15 EUR/kg, whichever is the greater", Max((Percent(D(10)), KILO))),
        ("10% либо 0,15 евро за 1 кг, в зависимости от того, что больше", Max((Percent(D(10)), KILO))),
        ("10% или 0,15 евро за 1 кг в зависимости от того что меньше", Min((Percent(D(10)), KILO))),
        ("1% or 5% or 0.15 EUR/kg whichever is lower", Min((Percent(D(1)), FIVE, KILO))),
        ("5% + 0.15 EUR/kg", Sum((FIVE, KILO))),
        ("5% плюс 0.15 EUR за 1 кг", Sum((FIVE, KILO))),
        ("max(5%, 0.15 EUR/kg, 20 EUR)", Max((FIVE, KILO, Fixed(D(20), "EUR")))),
        ("min(5%; max(1%; 0.15 EUR/kg))", Min((FIVE, Max((Percent(D(1)), KILO))))),
        ("10% min 0.15 EUR/kg max 2 EUR/kg", Min((Max((Percent(D(10)), KILO)), Specific(D(2), "EUR", "KGM")))),
        ("step(0: 20 TJS; 10000: 0.1%)", Step(((D(0), Fixed(D(20), "TJS")), (D(10000), Percent(D("0.1")))))),
        ("шкала(0: 20 сомони; 10 000: 0,1%)", Step(((D(0), Fixed(D(20), "TJS")), (D(10000), Percent(D("0.1")))))),
    ],
)
def test_english_and_russian_notation_mean_the_same(text: str, rate: Rate) -> None:
    assert parse(text) == rate


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("12.8 % + 176.8 EUR/100 kg", Sum((Percent(D("12.8")), Specific(D("176.8"), "EUR", "KGM", D(100))))),
        ("12.800 % + 176.800 EUR DTN", Sum((Percent(D("12.8")), Specific(D("176.8"), "EUR", "KGM", D(100))))),
        (
            "10.4 % MIN 1.3 EUR/100 kg MAX 2 EUR DTN G",
            Min(
                (
                    Max((Percent(D("10.4")), Specific(D("1.3"), "EUR", "KGM", D(100)))),
                    Specific(D(2), "EUR", "KGM", D(100), gross=True),
                )
            ),
        ),
        ("9 % + EA", Sum((Percent(D(9)), EA))),
        ("9 % + EA MAX 24.2 % + AD S/Z", Min((Sum((Percent(D(9)), EA)), Sum((Percent(D("24.2")), SUGAR))))),
        ("EA MAX 18.7% + ADSZ", Min((EA, Sum((Percent(D("18.7")), SUGAR))))),
        ("AD F/M", FLOUR),
        ("EAR", Component("EAR")),
        ("EA R", Component("EAR")),
        ("ADSZR", Component("ADSZR")),
        ("AD F/M R", Component("ADFMR")),
        (
            "0.9 EUR / % vol / hl + 6.4 EUR / hl",
            Sum((Specific(D("0.9"), "EUR", "LPA"), Specific(D("6.4"), "EUR", "HLT"))),
        ),
        ("0.900 EUR ASV X", Specific(D("0.9"), "EUR", "LPA")),
        ("37 GBP / 100 kg / net dry matter", Specific(D(37), "GBP", "MND", D(100))),
        ("37 GBP/100 kg/net mas", Specific(D(37), "GBP", "MND", D(100))),
        ("3 EUR/KGM/net drained wt", Specific(D(3), "EUR", "KDW")),
        ("3 EUR/100 kg/net eda", Specific(D(3), "EUR", "KDW", D(100))),
        ("3 EUR/kg tot.alc.", Specific(D(3), "EUR", "KGMA")),
        ("3 EUR / kg P2O5", Specific(D(3), "EUR", "KPP")),
        ("3 EUR / kg H₂O₂", Specific(D(3), "EUR", "KHY")),
        ("3 EUR/100 kg std qual", Specific(D(3), "EUR", "KGMR", D(100))),
        ("172.200 EUR TNE I", Specific(D("172.2"), "EUR", "KGMI", D(1000))),
        ("3 EUR / 1000 p/st", Specific(D(3), "EUR", "NAR", D(1000))),
        ("3 GBP / 1,000 items", Specific(D(3), "GBP", "NAR", D(1000))),
        ("3 EUR MIL", Specific(D(3), "EUR", "NAR", D(1000))),
        ("3 EUR/ct/l", Specific(D(3), "EUR", "CCT")),
        ("3 EUR/watt", Specific(D(3), "EUR", "WTT")),
        ("3 EUR/TJ gross calorific value", Specific(D(3), "EUR", "D30")),
        ("3 EUR / 1000 l", Specific(D(3), "EUR", "LTR", D(1000))),
        ("3 EUR KLT", Specific(D(3), "EUR", "LTR", D(1000))),
        ("3 EUR/MTQ C", Specific(D(3), "EUR", "MTQ", D(1000))),
        ("3 EUR / ce/el", Specific(D(3), "EUR", "NCL")),
        ("0.4 EUR/100 kg/net/%sacchar.", Specific(D("0.4"), "EUR", "KGM", D(100), content="P1Z")),
        ("0.400 EUR DTN Z", Specific(D("0.4"), "EUR", "KGM", D(100), content="P1Z")),
        ("€ 0.15/kg", KILO),
        ("£37 / 100 kg gross", Specific(D(37), "GBP", "KGM", D(100), gross=True)),
        ("EUR 20", Fixed(D(20), "EUR")),
    ],
)
def test_the_notations_of_the_eu_and_uk_tariffs_are_read(text: str, rate: Rate) -> None:
    assert parse(text) == rate


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("5 руб.", "RUB"),
        ("5 рублей", "RUB"),
        ("5 белорусских рублей", "BYN"),
        ("5 сомони", "TJS"),
        ("5 долл. США", "USD"),
        ("5 долларов", "USD"),
        ("5 US$", "USD"),
        ("5 фунтов стерлингов", "GBP"),
        ("5 евро", "EUR"),
        ("5€", "EUR"),
        ("£5", "GBP"),
        ("5 тенге", "KZT"),
    ],
)
def test_currencies_in_words_and_signs(text: str, currency: str) -> None:
    assert parse(text) == Fixed(D(5), currency)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1 234 EUR", "1234"),
        ("1 234,5 EUR", "1234.5"),
        ("1\u00a0234\u202f567.25 EUR", "1234567.25"),
        ("1,234.5 EUR", "1234.5"),
        ("1.234,5 EUR", "1234.5"),
        ("1,234,567 EUR", "1234567"),
        ("1.234 EUR", "1.234"),
        ("0,150 EUR", "0.15"),
        ("1234,56 EUR", "1234.56"),
    ],
)
def test_thousands_are_read_where_nothing_else_can_be_meant(text: str, number: str) -> None:
    assert parse(text) == Fixed(D(number), "EUR")


# Of our own making, one of each shape of the EAEU's table: the file itself is read below where it is at hand.
ETT = {
    "N%": "12.5%",
    "N": "3",
    "N%, но не менее N EUR за N кг": "35%, но не менее 0.7 EUR за 1 кг",
    "N EUR за N кг": "0.12 EUR за 1 кг",
    "N%, но не менее N EUR за N л": "12%, но не менее 0.05 EUR за 1 л",
    "N USD за N т": "170 USD за 1 т",
    "N EUR за N пар": "0.45 EUR за 1 пар",
    "N%, но не менее N EUR за N смN, мл": "22%, но не менее 0.6 EUR за 1 см3, мл",
    "N EUR за N л": "1.5 EUR за 1 л",
    "N EUR за N смN, мл": "1.1 EUR за 1 см3, мл",
    "N EUR за N мN": "0.4 EUR за 1 м2",
    "N% плюс N EUR за N кг": "6.5% плюс 0.03 EUR за 1 кг",
    "N%, но не менее N EUR за N шт": "11%, но не менее 4 EUR за 1 шт",
    "N EUR за N N шт": "1.5 EUR за 1 1000 шт",
    "N%, но не менее N EUR за N N шт": "15%, но не менее 1.2 EUR за 1 1000 шт",
    "N EUR за N шт": "2.5 EUR за 1 шт",
}


def shape(text: str) -> str:
    return re.sub(r"\d+(?:\.\d+)?", "N", text)


@pytest.mark.parametrize(("of", "text"), ETT.items())
def test_each_of_the_sixteen_shapes_of_the_eaeu_table_is_read(of: str, text: str) -> None:
    assert len(ETT) == 16
    assert shape(text) == of
    rate = parse(as_percent(text))
    assert not isinstance(rate, Free)
    assert parse(text_of(rate)) == rate == parse(text_of(rate, language="ru"))


def test_every_text_of_a_large_national_tariff_is_read(shared_data: Path) -> None:
    with (shared_data / "tariff" / "ett_2026.csv").open(encoding="utf-8-sig", newline="") as stream:
        texts = Counter(row["duty_rate_text"] for row in csv.DictReader(stream))
    assert {shape(text) for text in texts} == set(ETT)
    for text in texts:
        rate = parse(as_percent(text))
        assert parse(text_of(rate)) == rate == parse(text_of(rate, language="ru"))


@pytest.mark.parametrize(
    ("text", "english", "russian"),
    [
        ("5,50 %", "5.5%", "5.5%"),
        ("NIHIL", "Free", "беспошлинно"),
        ("9 % + EA MAX 24.2 % + ADSZ", "9% + EA max 24.2% + AD S/Z", None),
        ("10% min 2 EUR DTN", "10% min 2 EUR/100 kg", "10%, но не менее 2 EUR за 100 кг"),
        ("2 EUR/kg brutto", "2 EUR/kg gross", "2 EUR за 1 кг брутто"),
        ("0.4 EUR DTN Z", "0.4 EUR/100 kg/% sucrose", "0.4 EUR за 100 кг за 1% сахарозы"),
        ("EA R", "EA R", "сниженный сельскохозяйственный компонент"),
        ("37 GBP/100 kg/net mas", "37 GBP/100 kg dry matter", "37 GBP за 100 кг сухого вещества"),
        ("max(1%, 2%, 5 TJS)", "max(1%, 2%, 5 TJS)", "макс(1%; 2%; 5 TJS)"),
        ("(5% min 1%) + 2%", "(5% min 1%) + 2%", "(5%, но не менее 1%) плюс 2%"),
        ("step(0: 5%; 10: 1 TJS)", "step(0: 5%; 10: 1 TJS)", "шкала(0: 5%; 10: 1 TJS)"),
    ],
)
def test_a_rate_is_printed_in_the_canonical_notation_of_each_language(
    text: str, english: str, russian: str | None
) -> None:
    assert text_of(parse(text)) == english
    if russian is not None:
        assert text_of(parse(text), language="ru") == russian


@pytest.mark.parametrize("text", ["max(5%, 1 EUR/kg, max(2%, 3%, 4%))", "min(Free, 5%, min(1%, 2%, 3%))"])
def test_a_function_among_the_parts_of_a_function_is_no_bound(text: str) -> None:
    rate = parse(text)
    assert text_of(rate) == text
    assert parse("10%, max 2 EUR/kg") == parse("10% max 2 EUR/kg")


REFUSED = [
    ("", 0, "rate"),
    ("5", 1, "percent_or_currency"),
    ("5%%", 2, "end"),
    ("-5%", 0, "rate"),
    ("5 EUR/bag", 6, "unit"),
    ("5 EUR/kg/bag", 8, "end"),
    ("10% min", 7, "rate"),
    ("EUR kg", 4, "number"),
    ("max(0,5%)", 8, "second_rate"),
    ("min(5%, 6%", 10, "comma_or_bracket"),
    ("(5% + 1%", 8, "bracket"),
    ("step(10: 5%; 5: 1%)", 14, "bound_order"),
    ("step(a: 5%)", 5, "bound"),
    ("step(0 5%)", 7, "colon"),
    ("step(0: 5%", 10, "semicolon_or_bracket"),
    ("1 EUR/0 kg", 6, "count"),
    ("1 EUR за 1 100 шт", 9, "count_ambiguous"),
    ("1,234 EUR/t", 0, "number_ambiguous"),
    ("1234567890123%", 0, "number_size"),
    ("1.0123456789%", 0, "number_size"),
    ("1 EUR/l gross", 13, "mass_unit"),
    ("1 EUR/% vol", 6, "strength"),
    ("1 EUR ASV", 6, "end"),
    ("10% or 1 EUR/kg", 15, "whichever"),
    ("5 MAX", 2, "percent_or_currency"),
    ("5 XYZ/kg", 2, "percent_or_currency"),
    ("- 5 % CIF", 0, "rate"),
    ("Entry price", 0, "condition"),
    ("15 % + Entry price", 7, "condition"),
    ("Cond: A cert: D-008 (01):0.000 EUR TNE I ; A (01):172.200 EUR TNE I", 0, "condition"),
    ("8.8 % Cond: V 67.400 EUR DTN (01):0.000 EUR DTN", 6, "condition"),
    ("(" * 9 + "5%" + ")" * 9, 8, "nesting"),
    ("5%" + " " * 250, 250, "length"),
]


@pytest.mark.parametrize(("text", "place", "code"), REFUSED)
def test_what_cannot_be_read_is_refused_with_its_place(text: str, place: int, code: str) -> None:
    with pytest.raises(RateUnreadable) as refusal:
        parse(text)
    assert (refusal.value.position, refusal.value.code) == (place, code)
    assert refusal.value.expected in str(refusal.value)
    assert unreadable(refusal.value) == str(refusal.value)


def test_every_reason_of_a_refusal_is_tried_here_and_said_in_the_language_of_the_reader() -> None:
    assert {code for _, _, code in REFUSED} == set(EXPECTED) == set(_EXPECTED)
    assert {code: str(sentence) for code, sentence in _EXPECTED.items()} == dict(EXPECTED)
    with translation.override("ru"), pytest.raises(ValueError, match="EUR/bag"):
        rate_text("5 EUR/bag")


def test_a_rate_names_the_currencies_and_units_it_needs() -> None:
    rate = parse("10% min 0.15 EUR/kg max 2 USD/l")
    assert (currencies_of(rate), units_of(rate)) == ({"EUR", "USD"}, {"KGM", "LTR"})
    assert units_of(parse("0.4 EUR DTN Z + AD F/M")) == {"KGM", "P1Z", "AFM"}


def test_each_unit_component_and_content_is_spelt_in_both_languages_and_reads_as_itself() -> None:
    rates: list[Rate] = [Specific(D(2), "EUR", unit.code) for unit in RATE_UNITS]
    rates += [Specific(D(2), "EUR", kind.code) for kind in MASS_KINDS]
    rates += [Specific(D(2), "EUR", "KGM", content=code) for code in CONTENTS]
    rates += [Component(code) for code in COMPONENTS]
    for rate in rates:
        assert parse(text_of(rate)) == rate == parse(text_of(rate, language="ru"))
    for code in (unit.code for unit in (*RATE_UNITS, *MASS_KINDS)):
        assert parse(f"2 EUR/{code}") == Specific(D(2), "EUR", code) == parse(f"2 EUR {code}")


def test_every_unit_of_a_rate_can_be_declared_and_converts_as_the_table_of_units_says() -> None:
    with (COUNTRIES / "units.csv").open(encoding="utf-8", newline="") as stream:
        table = {row["code"]: (row["base"], D(row["factor"])) for row in csv.DictReader(stream)}
    assert {code: table.get(code) for code in UNIT_SYMBOLS} == dict(UNIT_FACTORS)
    assert set(_EACH) == set(UNIT_SYMBOLS)
    assert set(_COMPONENTS) == set(COMPONENTS)


def test_codes_of_our_own_are_none_of_recommendation_20(shared_data: Path) -> None:
    with (shared_data / "codes" / "unece_rec20_units.csv").open(encoding="utf-8-sig", newline="") as stream:
        official = {row["CommonCode"] for row in csv.DictReader(stream)}
    ours = {code for code in UNIT_SYMBOLS if code not in official}
    assert ours == {
        *("KGMA", "KGMF", "KGMI", "KGMJ", "KGMK", "KGML", "KGMP", "KGMR", "KGMS", "KGMT", "KAC"),
        *("P1Z", "AEA", "AEAR", "ASZ", "ASZR", "AFM", "AFMR"),
    }


def test_every_currency_of_the_reference_table_may_stand_in_a_rate() -> None:
    with (COUNTRIES / "currencies.csv").open(encoding="utf-8", newline="") as stream:
        assert {row["code"] for row in csv.DictReader(stream)} <= CURRENCIES


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("EA", COMPONENT),
        (
            "9% + AD S/Z",
            "9% of: value, plus the additional duty on sugar (by the sugar content)",
        ),
        ("0.4 EUR DTN Z", "0.4 EUR for every 100 kg and each per cent of sucrose by weight"),
        ("1% + EA MAX 2%", f"(1% of: value, plus {COMPONENT}), but not more than 2% of: value"),
        ("2 EUR DTN G", "2 EUR for every 100 kg of gross mass"),
        ("2 EUR/kg/net mas", "2 EUR for each kilogram of dry matter"),
        ("2 EUR/MWh", "2 EUR for each megawatt-hour"),
    ],
)
def test_every_node_is_said_in_plain_words(text: str, words: str) -> None:
    assert in_words(parse(text), base="value") == words


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("$5/kg", "5 USD/kg"), ("US$ 5 per kg", "5 USD/kg"), ("4.4¢/kg + 5%", "0.044 USD/kg + 5%"),
        ("1.5 cents/kg", "0.015 USD/kg"), ("50¢", "0.5 USD"),
        ("10, но не менее 0,15 евро за 1 кг", "10% min 0.15 EUR/kg"),
        ("10, но не более 2 евро за 1 кг", "10% max 2 EUR/kg"), ("7,5 not less than $2/kg", "7.5% min 2 USD/kg"),
    ],
)  # fmt: skip
def test_dollars_cents_and_shares_without_a_sign_are_read(text: str, canonical: str) -> None:
    assert text_of(parse(text)) == canonical
    assert parse(canonical) == parse(text)


@pytest.mark.parametrize(
    ("text", "position"),
    [("10% - 0.5 EUR/kg", 4), ("10, но не менее 5", 17), ("C$5/kg", 0), ("0.12345678¢", 0), ("10", 2), ("5¢%", 2)],
)
def test_what_has_no_certain_reading_is_refused_with_its_place(text: str, position: int) -> None:
    with pytest.raises(RateUnreadable) as refused:
        parse(text)
    assert refused.value.position == position
