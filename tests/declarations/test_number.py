"""Numbers, dates and codes as people write them, and the customs number with its MRN."""

import string
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declarations import reading
from declarations.boxes import BY_FIELD
from declarations.services.numbering import mrn
from lib.check_digits import mrn_check_digit, mrn_is_valid

SPACE, NARROW = "\u00a0", "\u202f"


# Numbers ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1200.5", "1200.5"),
        ("1,200.50", "1200.50"),
        ("1 200,50", "1200.50"),
        (f"1{SPACE}200{SPACE}000,50", "1200000.50"),
        (f"1{NARROW}200", "1200"),
        ("1'200.50", "1200.50"),
        ("1.200,50", "1200.50"),
        ("1,200,000", "1200000"),
        ("0,250", "0.250"),
        ("12,5", "12.5"),
        ("12,3456", "12.3456"),
        (",5", "0.5"),
        ("7.", "7"),
        ("-3", "-3"),
        ("\u22123,5", "-3.5"),
        ("1.2000", "1.2"),
        ("٣", "3"),
        ("1200,000", "1200"),
    ],
)
def test_a_number_is_read_in_english_and_russian_notation(text: str, value: str) -> None:
    assert reading.number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["12,5x", "", "1 20", "1,20,000", "1e5", "--3", "1.2.3", "NaN", "Infinity", "x٣", "0x10", "1_000", "1,2 3"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(reading.Unreadable):
        reading.number(text)


@pytest.mark.parametrize("text", ["1,200", "12,345", "-999,000", "1.200", "517.280", "-3.000"])
def test_a_number_with_two_readings_is_refused_and_never_guessed(text: str) -> None:
    with pytest.raises(reading.Unreadable, match="two ways"):
        reading.number(text)


decimals = st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False)


@given(decimals)
def test_both_notations_of_an_amount_give_the_same_number(amount: Decimal) -> None:
    english = f"{amount:,f}"
    assert reading.number(english) == amount
    assert reading.number(english.replace(",", SPACE).replace(".", ",")) == amount
    assert reading.number(f"{amount:f}") == amount


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_and_nothing_else_happens(text: str) -> None:
    for level, boxes in BY_FIELD.items():
        for name in boxes:
            read = reading.row(level, {name: text})
            assert name in read.held or read.values[name] is not None or not reading.clean(text)
        break


# Dates, flags, codes ------------------------------------------------------------------------------------------
def test_a_date_is_read_year_first_and_day_first() -> None:
    assert reading.day("2026-11-23") == reading.day("23.11.2026") == date(2026, 11, 23)
    assert reading.day("23/11/2026") == reading.day("2026-11-23T00:00:00") == date(2026, 11, 23)


@pytest.mark.parametrize("text", ["11/12/2026", "1-2-2026"])
def test_a_date_with_two_readings_is_asked_about(text: str) -> None:
    with pytest.raises(reading.Unreadable, match="two different days"):
        reading.day(text)


@pytest.mark.parametrize("text", ["31.02.2026", "31/31/2026", "23.11.26", "2026-13-01", "tomorrow", "0001-01-01"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(reading.Unreadable):
        reading.day(text)


def test_codes_are_capitals_without_spaces_and_commodity_codes_lose_their_dots() -> None:
    read = reading.row("item", {"origin_country": " cn ", "commodity_code": "0902.30.00 09"})
    assert read.values["origin_country"] == "CN"
    assert read.values["commodity_code"] == "0902300009"


def test_a_flag_is_read_in_the_languages_of_the_portal_and_else_held() -> None:
    assert reading.row("header", {"container_flag": "да"}).values["container_flag"] is True
    assert reading.row("header", {"container_flag": "false"}).values["container_flag"] is False
    assert reading.row("header", {"container_flag": "perhaps"}).held == {"container_flag": "perhaps"}


def test_a_text_that_is_too_long_is_held_and_not_cut() -> None:
    fits, long = "x" * 35, "x" * 36
    assert reading.row("header", {"lrn": fits}).values["lrn"] == fits
    assert reading.row("header", {"lrn": long}).held == {"lrn": long}


def test_control_characters_never_arrive() -> None:
    assert reading.row("header", {"lrn": "A\x00B\ud800"}).values["lrn"] == "AB"


@pytest.mark.parametrize(("text", "value"), [("12", 12), ("12.00", 12), ("1 000", 1000)])
def test_a_whole_number_is_read(text: str, value: int) -> None:
    assert reading.row("header", {"total_packages": text}).values["total_packages"] == value


@pytest.mark.parametrize("text", ["12.5", "-1", "99999999999"])
def test_what_is_no_count_is_held(text: str) -> None:
    assert reading.row("header", {"total_packages": text}).held == {"total_packages": text}


# Pointers -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text", ["exporter_name", "items[0].net_mass", "items[2].documents[0].reference", "containers[11].identity"]
)
def test_a_pointer_is_read_and_written_back(text: str) -> None:
    assert str(reading.pointer(text)) == text


@pytest.mark.parametrize(
    "text", ["status", "items[0].status", "items.net_mass", "containers[0].documents[0].code", "items[-1].net_mass", ""]
)
def test_what_names_no_box_is_no_pointer(text: str) -> None:
    assert reading.pointer(text) is None


def test_held_texts_move_up_when_a_row_before_them_goes() -> None:
    held = {"items[0].net_mass": "a", "items[1].net_mass": "b", "items[2].documents[1].date": "c", "lrn": "d"}
    assert reading.moved(held, part="items", removed=1) == {
        "items[0].net_mass": "a", "items[1].documents[1].date": "c", "lrn": "d",
    }  # fmt: skip
    assert reading.moved(held, part="items[2].documents", removed=0)["items[2].documents[0].date"] == "c"


# The MRN ------------------------------------------------------------------------------------------------------
def test_the_check_digit_of_known_references() -> None:
    assert mrn_is_valid("22ITZXBZYUTJFLJXK6")
    assert not mrn_is_valid("22ITZXBZYUTJFLJXK7")
    assert mrn_check_digit("22DK1V0QQK2S6J7TU") == "1"


serials = st.integers(min_value=1, max_value=1_000_000 + 26 * 36**5 - 1)
offices = st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=6)


@given(year=st.integers(2000, 2099), office=offices, serial=serials, letter=st.sampled_from("ARJ"))
def test_every_mrn_is_valid_and_names_year_country_and_procedure(
    year: int, office: str, serial: int, letter: str
) -> None:
    made = mrn(year=year, country="TJ", office=f"TJ{office}", serial=serial, letter=letter)
    assert mrn_is_valid(made)
    assert made.startswith(f"{year % 100:02d}TJ")
    assert made[16] == letter


@given(serial=serials, other=serials)
def test_two_serials_of_an_office_never_share_an_mrn(serial: int, other: int) -> None:
    one, two = (mrn(year=2026, country="TJ", office="TJ01", serial=number, letter="R") for number in (serial, other))
    assert (one == two) == (serial == other)


@given(serial=serials, place=st.integers(0, 16), letter=st.sampled_from(string.digits))
def test_a_wrong_character_is_noticed_but_for_what_the_modulus_hides(serial: int, place: int, letter: str) -> None:
    made = mrn(year=2026, country="TJ", office="TJ01", serial=serial, letter="R")
    if not made[place].isdigit() or made[place] == letter:
        return
    wrong = made[:place] + letter + made[place + 1 :]
    difference = (int(letter) - int(made[place])) * 2**place % 11
    hidden = {0, 10} == {_remainder(made), _remainder(wrong)}
    assert difference != 0
    assert hidden or not mrn_is_valid(wrong)


def _remainder(text: str) -> int:
    values = {**{digit: int(digit) for digit in string.digits}}
    value = 10
    for capital in string.ascii_uppercase:
        value += value % 11 == 0
        values[capital] = value
        value += 1
    return sum(values[char] * 2**place for place, char in enumerate(text[:17])) % 11
