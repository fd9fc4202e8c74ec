"""Rules of rate texts at their edges: sizes, nesting, places of faults, what a table names."""

from decimal import Decimal

import pytest

from tariffs.rates import MAX_DEPTH, MAX_LENGTH, RateUnreadable, Specific, currencies_of, parse, text_of, units_of


def refusal(text: str) -> RateUnreadable:
    with pytest.raises(RateUnreadable) as refused:
        parse(text)
    return refused.value


def nested(depth: int) -> str:
    return "(" * depth + "1%" + ")" * depth


def test_brackets_may_be_nested_eight_deep_and_what_was_closed_does_not_count() -> None:
    inside = MAX_DEPTH - 1
    assert parse(nested(inside)) == parse("1%")
    parse(" + ".join([nested(inside)] * 3))
    for text in (nested(inside + 1), f"(1%) + {nested(inside + 1)}", f"((1%) + {nested(inside)})"):
        found = refusal(text)
        assert found.code == "nesting"
        assert str(MAX_DEPTH) in found.expected


@pytest.mark.parametrize("text", ["123456789012 TJS", "0.123456789 TJS", "123 456 789 012 TJS"])
def test_a_number_has_at_most_twelve_digits_and_nine_decimals(text: str) -> None:
    assert currencies_of(parse(text)) == {"TJS"}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1234567890123 TJS", 0),
        ("5% + 0.1234567890 TJS", 5),
        ("1% + 1 234 567 890 123 TJS", 5),
        ("1 TJS/1 000 000 000 000 kg", 6),
    ],
)
def test_a_number_with_more_is_refused_where_it_begins(text: str, place: int) -> None:
    found = refusal(text)
    assert (found.code, found.position) == ("number_size", place)
    assert found.expected == "a number of at most 12 digits and 9 decimals"


def test_a_number_with_two_readings_is_refused_wherever_it_stands() -> None:
    assert (refusal("5% + 1,234 TJS").code, refusal("5% + 1,234 TJS").position) == ("number_ambiguous", 5)


def test_a_text_of_the_greatest_length_is_read_and_a_longer_one_is_not() -> None:
    assert parse("5%".ljust(MAX_LENGTH)) == parse("5%")
    found = refusal("5%".ljust(MAX_LENGTH + 1))
    assert (found.code, found.position) == ("length", MAX_LENGTH)


def test_a_refusal_shows_the_twenty_characters_that_stand_there() -> None:
    assert refusal("5% abcdefghijklmnopqrstuvwxyz").found == "abcdefghijklmnopqrst"
    assert refusal("5 TJS/").found == ""


def test_the_bounds_of_a_table_rise() -> None:
    assert refusal("step(0: 1 TJS; 0: 2 TJS)").code == "bound_order"
    assert refusal("step(5: 1 TJS; 4: 2 TJS)").code == "bound_order"


def test_a_table_names_the_currencies_and_units_of_its_rows() -> None:
    table = parse("step(0: 20 EUR; 1000: 1 USD/l; 5000: 2%)")
    assert currencies_of(table) == {"EUR", "USD"}
    assert units_of(table) == {"LTR"}


def test_the_word_gross_may_stand_before_the_unit() -> None:
    assert parse("0.5 EUR/gross kg") == parse("0.5 EUR/kg gross") == Specific(Decimal("0.5"), "EUR", "KGM", gross=True)
    assert parse("2 EUR/1000 gross kg") == parse("2 EUR/1000 kg gross")


def test_a_count_that_is_not_one_is_not_followed_by_another() -> None:
    assert parse("5 TJS/1 1000 kg") == parse("5 TJS/1000 kg")
    assert (refusal("5 TJS/100 5 kg").code, refusal("5 TJS/100 5 kg").position) == ("unit", 10)


def test_a_part_of_the_mass_has_no_content_beside_it() -> None:
    parse("1 TJS/kg drained")
    parse("1 TJS/kg/% sucrose")
    assert refusal("1 TJS/kg drained/% sucrose").code == "end"


def test_a_function_of_three_stands_in_brackets_before_a_bound() -> None:
    rate = parse("max(1%, 2%, 3 TJS/kg) max 4 TJS")
    assert text_of(rate) == "(max(1%, 2%, 3 TJS/kg)) max 4 TJS"
    assert parse(text_of(rate)) == rate
    assert text_of(parse("1% min 2 TJS max 4 TJS")) == "1% min 2 TJS max 4 TJS"
