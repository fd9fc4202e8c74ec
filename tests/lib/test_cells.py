"""Cells of a table: what is certain is read, what has two readings or says nothing is named."""

from datetime import date
from decimal import Decimal

import pytest

from lib import cells
from lib.dates import DayUnclear, NotADay, Order, order_of, read_day
from lib.numbers import NotANumber, ProgramNumber, read_number, with_one_reading
from tariffs.columns.law import GROUP_MEMBER, MEASURE
from tariffs.columns.table import Table
from tariffs.columns.travel import TRAVEL


@pytest.mark.parametrize("word", ["yes", "Y", "TRUE", "1", "да", "Да", "ИСТИНА", "ҳа", "ҲА", "бале", " да "])
def test_yes_in_three_languages(word: str) -> None:
    assert cells.flag(word) is True


@pytest.mark.parametrize("word", ["no", "N", "false", "0", "нет", "НЕТ", "ложь", "не", ""])
def test_no_in_three_languages_and_an_empty_cell(word: str) -> None:
    assert cells.flag(word) is False


@pytest.mark.parametrize("word", ["oui", "si", "ja", "2", "perhaps", "x", "возможно", "шояд", "-1"])
def test_an_unknown_word_is_neither_yes_nor_no_and_is_named(word: str) -> None:
    with pytest.raises(ValueError, match=f"“{word}” is neither yes nor no"):
        cells.flag(word)


@pytest.mark.parametrize(
    "text",
    ["N/A", "n/a", "#N/A", "#Н/Д", "null", "NULL", "none", "-", "—", "--", "...", "не указано", "Нет  данных",
     "н/д", "маълумот нест", "(blank)"],
)  # fmt: skip
def test_placeholders_of_other_systems_say_nothing(text: str) -> None:
    assert cells.is_placeholder(text)


@pytest.mark.parametrize("text", ["", "NA", "0", "no", "нет", "- прочие", "none of these", "-5", "a-b", "б/н"])
def test_words_that_mean_something_are_no_placeholders(text: str) -> None:
    assert not cells.is_placeholder(text)


@pytest.mark.parametrize("text", ["1,000", "1.000", "12.345", "-999.000", "999,999"])
def test_one_or_a_thousand_is_asked_about(text: str) -> None:
    with pytest.raises(NotANumber, match="two ways"):
        read_number(text)
    with pytest.raises(ValueError, match="two ways"):
        cells.decimal(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.125", "0.125"), ("0,125", "0.125"), ("1.0000", "1"), ("1 000", "1000"), ("1000.125", "1000.125"),
     ("1.000,5", "1000.5"), ("1,000,000", "1000000")],
)  # fmt: skip
def test_numbers_with_one_reading(text: str, value: str) -> None:
    assert read_number(text) == Decimal(value)


def test_a_program_writes_a_point_before_decimals() -> None:
    for written, meant in (("1.000", "1"), ("1.125", "1.125"), ("12e2", "1200"), ("902300009", "902300009")):
        assert read_number(ProgramNumber(written).for_people()) == Decimal(meant)


@pytest.mark.parametrize("text", ["1e999999999", "1E-9999", "x", ""])
def test_a_program_s_number_beyond_all_bounds_stays_as_it_is_written(text: str) -> None:
    assert ProgramNumber(text).for_people() == text


@pytest.mark.parametrize("text", ["1.125", "125.500", "0.125", "1200.5", "7", "-1.125"])
def test_what_a_program_wrote_can_be_written_so_that_a_person_would_mean_the_same(text: str) -> None:
    assert read_number(with_one_reading(text)) == Decimal(text)


@pytest.mark.parametrize(
    "text",
    ["2026-11-23", "23.11.2026", "2026/11/23", "2026.11.23", "23/11/2026", "11/23/2026", "23-11-2026",
     "2026-11-23T00:00:00", "2026-11-23 00:00:00", "23.11.2026 0:00:00", "2026-11-23T00:00:00Z"],
)  # fmt: skip
def test_days_with_one_reading(text: str) -> None:
    assert read_day(text) == cells.day(text) == date(2026, 11, 23)


@pytest.mark.parametrize("text", ["11/12/2026", "1/2/2026", "05-06-2026"])
def test_a_day_with_two_readings_waits_for_an_order(text: str) -> None:
    with pytest.raises(DayUnclear):
        read_day(text)
    with pytest.raises(ValueError, match="two different days"):
        cells.day(text)
    day_first = read_day(text, order=Order.DAY_FIRST)
    month_first = read_day(text, order=Order.MONTH_FIRST)
    assert (day_first.day, day_first.month) == (month_first.month, month_first.day)


@pytest.mark.parametrize(
    "text",
    ["31.02.2027", "2027-02-31", "1.2.27", "5 December", "20261205", "2026-W49-6", "31/31/2026",
     "2026-11-23T14:30:00"],
)  # fmt: skip
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(NotADay):
        read_day(text)


def test_the_other_days_of_a_file_show_the_order_unless_they_disagree() -> None:
    assert order_of(["11/12/2026", "23/11/2026"]) is Order.DAY_FIRST
    assert order_of(["11/12/2026", "11/23/2026"]) is Order.MONTH_FIRST
    assert order_of(["11/12/2026", "23/11/2026", "11/23/2026"]) is None
    assert order_of(["11/12/2026", "2026-11-23"]) is None


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31"])
def test_a_year_that_cannot_be_meant_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="year"):
        cells.day(text)


def test_a_text_that_is_too_long_says_how_long_it_is() -> None:
    with pytest.raises(ValueError, match="11 characters; at most 10"):
        cells.text(10)("x" * 11)
    assert cells.text(10)("  a   b ") == "a b"


@pytest.mark.parametrize("text", ["РК", "рт", "ЕС", "Р.К."])
def test_a_short_name_in_cyrillic_is_no_origin(text: str) -> None:
    """A preference for РК, Kazakhstan, would be one for PK, Pakistan."""
    with pytest.raises(ValueError, match="short name"):
        cells.origin(8)(text)
    with pytest.raises(ValueError, match="short name"):
        cells.origins(f"CN {text}")
    assert cells.origin(2)("СN") == "CN"
    assert cells.origins("СN KZ") == ["CN", "KZ"]


@pytest.mark.parametrize("table", [GROUP_MEMBER, MEASURE, *TRAVEL])
def test_every_origin_in_the_tables_of_law_is_read_so(table: Table) -> None:
    for column in table.columns:
        if column.refers == "origin" or column.name == "country":
            with pytest.raises(ValueError, match="short name"):
                column.read("РК")
