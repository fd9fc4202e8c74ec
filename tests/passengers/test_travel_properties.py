"""What holds for any party and any goods: nothing below nothing, order does not matter, a limit never costs more."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.resume_codes import ALPHABET, LENGTH, new_code, plain_resume_code, shown_resume_code
from lib.travel_documents import UnreadableZone, check_digit, read_zone
from passengers.calculation import OR, PARTS, WHOLE, Good, Judged, Limit, Party, Person, TravelLaw, Used, judge
from tariffs.calculation import ExchangeRateFact, Law
from tariffs.rates import parse

D = Decimal
ON = date(2026, 11, 23)
TARIFF = Law(ON, "TJS", 2, {"USD": ExchangeRateFact("USD", D("9.0331"), ON)}, (), {})
RATE, PER_PIECE = parse("30% min 4 USD/kg"), parse("1 TJS/pcs")
VALUE = Limit("VALUE", "", D(1000), "MONEY", "rate", "USD", group="G", rate=RATE, rate_text="30% min 4 USD/kg")
WEIGHT = replace(VALUE, code="WEIGHT", amount=D(50), unit="KGM", currency="")
PIECES = [
    Limit(name, "", D(amount), "NAR", "rate", categories=frozenset({name}), group="T", combines=OR, rate=PER_PIECE,
          rate_text="1 TJS/pcs")
    for name, amount in (("A", 200), ("B", 100), ("C", 50))
]  # fmt: skip
QUICK = settings(max_examples=60, deadline=None)
cents = st.integers(0, 500_000).map(lambda number: D(number) / 100)
grams = st.integers(1, 200_000).map(lambda number: D(number) / 1000)
things = st.builds(
    lambda value, mass, divisible: Good(0, "X", value, "USD", mass=mass, divisible=divisible),
    cents,
    grams,
    st.booleans(),
)
smokes = st.builds(
    lambda category, pieces: Good(0, category, D(1), "TJS", quantities=(("NAR", D(pieces)),)),
    st.sampled_from("ABC"),
    st.integers(1, 400),
)


def numbered(goods: list[Good]) -> tuple[Good, ...]:
    return tuple(replace(good, number=number) for number, good in enumerate(goods, start=1))


def judged(goods: list[Good], *limits: Limit, persons: int = 1, used: tuple[Used, ...] = ()) -> Judged:
    people = tuple(Person(number, 30) for number in range(1, persons + 1))
    return judge(Party(people, numbered(goods), used), TravelLaw(TARIFF, limits or (VALUE, WEIGHT)))


@QUICK
@given(st.lists(things, max_size=6))
def test_what_is_due_is_never_negative_and_is_the_sum_of_its_charges(goods: list[Good]) -> None:
    found = judged(goods)
    assert found.payable == sum((charge.amount for charge in found.charges), D(0)) >= 0
    assert all(charge.amount >= 0 and charge.formula.endswith(" TJS") for charge in found.charges)


@QUICK
@given(st.lists(things, max_size=6), st.randoms())
def test_the_order_of_goods_does_not_matter(goods: list[Good], chance: object) -> None:
    mixed = list(goods)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert judged(goods).payable == judged(mixed).payable


@QUICK
@given(st.lists(things.map(lambda good: replace(good, divisible=True)), max_size=5), things)
def test_more_goods_never_cost_less(goods: list[Good], one: Good) -> None:
    assert judged([*goods, replace(one, divisible=True)]).payable >= judged(goods).payable


@QUICK
@given(st.lists(things, max_size=5))
def test_a_greater_allowance_never_costs_more(goods: list[Good]) -> None:
    wider = replace(VALUE, amount=D(1500)), replace(WEIGHT, amount=D(80))
    assert judged(goods, *wider).payable <= judged(goods).payable


@QUICK
@given(st.lists(things, max_size=5), cents)
def test_what_was_used_before_never_costs_less(goods: list[Good], before: Decimal) -> None:
    assert judged(goods, used=(Used("VALUE", 1, before),)).payable >= judged(goods).payable


@QUICK
@given(st.lists(things, max_size=5), st.integers(2, 5))
def test_a_pooled_allowance_is_never_worse_for_a_party(goods: list[Good], persons: int) -> None:
    pooled = replace(VALUE, pooled=True), replace(WEIGHT, pooled=True)
    assert judged(goods, *pooled, persons=persons).payable <= judged(goods, *pooled).payable


@QUICK
@given(st.lists(smokes, max_size=6))
def test_parts_are_never_worse_than_one_of_several_and_both_no_worse_than_nothing(goods: list[Good]) -> None:
    one_of = judged(goods, *PIECES).payable
    parts = judged(goods, *(replace(limit, combines=PARTS) for limit in PIECES)).payable
    none = judged(goods, *(replace(limit, amount=D(0)) for limit in PIECES)).payable
    whole = judged(goods, *(replace(limit, combines=PARTS, charged=WHOLE) for limit in PIECES)).payable
    assert parts <= one_of <= none
    assert parts <= whole <= none


@QUICK
@given(st.lists(smokes, min_size=1, max_size=6))
def test_free_and_above_are_the_whole(goods: list[Good]) -> None:
    for each in judged(goods, *PIECES).carried:
        assert each.free + each.over == each.total
        assert each.free >= 0 <= each.over


@QUICK
@given(st.integers(0, LENGTH), st.sampled_from(ALPHABET), st.booleans())
def test_a_resume_code_survives_its_spelling_and_no_wrong_sign(place: int, sign: str, lower: bool) -> None:
    code = new_code()
    shown = shown_resume_code(code)
    assert plain_resume_code(shown.lower() if lower else f" {shown} ") == code
    assert plain_resume_code(code.translate(str.maketrans("ACEHKMPTXY", "АСЕНКМРТХУ"))) == code
    wrong = code[:place] + sign + code[place + 1 :]
    assert plain_resume_code(wrong) == (code if wrong == code else "")
    assert not set("0O1ILQ2Z5S8BU") & set(code)


ZONE = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
CARD = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"


@pytest.mark.parametrize("text", [ZONE, ZONE.lower(), ZONE.replace("\n", ""), CARD, CARD.replace("\n", "\r\n\n")])
def test_the_examples_of_icao_9303_are_read(text: str) -> None:
    zone = read_zone(text, on=ON)
    assert (zone.family_name, zone.given_name, zone.birth_date) == ("ERIKSSON", "ANNA MARIA", date(1974, 8, 12))
    assert zone.number in ("L898902C3", "D23145890")


@QUICK
@given(st.integers(0, 42), st.sampled_from("0123456789"))
def test_one_wrong_digit_in_the_second_line_is_found(place: int, digit: str) -> None:
    first, second = ZONE.split("\n")
    if second[place] in (digit, "<") or not second[place].isdigit():
        return
    with pytest.raises(UnreadableZone):
        read_zone(f"{first}\n{second[:place]}{digit}{second[place + 1 :]}", on=ON)


def test_check_digits_of_the_standard() -> None:
    assert check_digit("520727") == "3"
    assert check_digit("AB2134<<<") == "5"
