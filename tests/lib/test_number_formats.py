"""What a cell of a workbook shows, it says: per cent, days, first zeros and words come from the number's format."""

from datetime import date

import pytest

from lib.sheets.cell import Broken, Number
from lib.sheets.formats import cell_of


def shown(digits: str, code: str | None) -> str:
    cell = cell_of(digits, code, since_1904=False)
    assert isinstance(cell, Number), cell
    return cell.shown


@pytest.mark.parametrize(
    ("digits", "code", "text"),
    [
        ("0.05", "0%", "5%"),
        ("0.15", "0.0%_);(0.0%)", "15%"),
        ("-0.15", "0.0%_);(0.0%)", "-15%"),
        ("0.125", "#,##0.0%;;", "12.5%"),
        ("0.05", "0.00%;[Red]-0.00%", "5%"),
        ("0.05", "0.00%_-", "5%"),
        ("0.05", '0%" duty"', "5%"),
        ("0.05", '"about "0.0%', "5%"),
        ("0.05", "[Blue]0%;[Red]-0%;0%", "5%"),
        ("0", "0%;-0%;0%", "0%"),
        ("0", '0%;-0%;"-"', "0%"),
        ("0.05", "[>=1]0;0%", "5%"),
        ("5", "[>=1]0;0%", "5"),
        ("0.05", "[$-419]0.0\\ %", "5%"),
        ("0.05", "* 0%", "5%"),
        ("0.05", "?0.0 %", "5%"),
        ("0.155", "0%", "15.5%"),
        ("7.0000000000000007E-2", "0%", "7%"),
        ("0.14999999999999999", "0%", "15%"),
    ],
)
def test_a_share_shown_as_per_cent_is_per_cent(digits: str, code: str, text: str) -> None:
    assert shown(digits, code) == text


@pytest.mark.parametrize(
    ("digits", "code", "text"),
    [
        ("15", '0.0" %"', "15 %"),
        ("15", "0\\%", "15 %"),
        ("0.15", "0.00\\%", "0.15 %"),
        ("0.05", "0.00;[Red]-0%", "0.05"),
        ("0.05", "0.00_%", "0.05"),
        ("0.05", "0.00*%", "0.05"),
        ("0.15", '0.00" EUR/kg"', "0.15 EUR/kg"),
        ("0.15", "[$€-2] 0.00", "€ 0.15"),
        ("0.15", '#,##0.00\\ "руб."', "0.15 руб."),
        ("1200.5", "#,##0.00", "1200.5"),
        ("1200.5", "_-* #,##0.00_-;-* #,##0.00_-;_-* \"-\"??_-;_-@_-", "1200.5"),
        ("0", "_-* #,##0.00_-;-* #,##0.00_-;_-* \"-\"??_-;_-@_-", "0"),
        ("902300009", "0000000000", "0902300009"),
        ("9", "@", "9"),
        ("9", "", "9"),
        ("1E+3", "General", "1000"),
        ("0.1", "# ?/?", "0.1"),
    ],
)  # fmt: skip
def test_a_per_cent_sign_that_is_only_shown_multiplies_nothing_and_a_word_beside_a_number_is_kept(
    digits: str, code: str, text: str
) -> None:
    assert shown(digits, code) == text


@pytest.mark.parametrize(
    ("digits", "code"),
    [("0", "#,##0.0%;;"), ("-0.05", "0%;;0%"), ("0.05", ";;;"), ("5", '"yes";"no"'), ("0.05", "0%%"), ("0.05", None),
     ("five", "0"), ("1e999", "0"), ("1e-300", "0%"), ("", "0"), ("NaN", "0"), ("-1", "[>0]0%;[>5]0")],
)  # fmt: skip
def test_a_number_that_nobody_sees_or_that_is_shown_as_something_else_is_asked_about(
    digits: str, code: str | None
) -> None:
    assert isinstance(cell_of(digits, code, since_1904=False), Broken)


@pytest.mark.parametrize(
    "code",
    ["yyyy-mm-dd", "dd.mm.yyyy;@", "[$-419]d mmm yyyy", "mm-dd-yy", 'd "of" mmmm', "[$-F800]dddd, mmmm dd, yyyy"],
)
def test_a_number_shown_as_a_day_is_a_day(code: str) -> None:
    assert cell_of("46361", code, since_1904=False) == date(2026, 12, 5)
    assert cell_of("44899", code, since_1904=True) == date(2026, 12, 5)


@pytest.mark.parametrize("digits", ["46361.5", "0.5", "0", "-1", "60", "2958466", "99999999"])
def test_a_time_of_day_or_a_day_of_no_calendar_is_named(digits: str) -> None:
    cell = cell_of(digits, "yyyy-mm-dd", since_1904=False)
    assert isinstance(cell, Broken)
    assert cell.code == "T435"


def test_first_days_of_1900_are_counted_as_spreadsheets_count_them() -> None:
    assert cell_of("1", "yyyy-mm-dd", since_1904=False) == date(1900, 1, 1)
    assert cell_of("59", "yyyy-mm-dd", since_1904=False) == date(1900, 2, 28)
    assert cell_of("61", "yyyy-mm-dd", since_1904=False) == date(1900, 3, 1)
