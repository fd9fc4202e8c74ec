"""The check digit of an MRN, worked out by hand."""

import pytest

from lib.check_digits import container_is_valid, mrn_check_digit, mrn_is_valid


@pytest.mark.parametrize(
    ("first17", "digit"),
    [
        ("1" + "0" * 16, "1"),
        ("01" + "0" * 15, "2"),
        ("0" * 16 + "1", "9"),
        ("5" + "0" * 16, "5"),
        ("05" + "0" * 15, "0"),
    ],
    ids=["1 × 2⁰ = 1", "1 × 2¹ = 2", "2¹⁶ = 65536, of which 11 leaves 9", "5", "10 counts as 0"],
)
def test_each_place_counts_double_the_one_before_it(first17: str, digit: str) -> None:
    assert mrn_check_digit(first17) == digit


@pytest.mark.parametrize(
    ("letter", "value"), [("A", 10), ("B", 12), ("K", 21), ("L", 23), ("U", 32), ("V", 34), ("Z", 38)]
)
def test_letters_count_from_ten_and_leave_out_multiples_of_eleven(letter: str, value: int) -> None:
    assert mrn_check_digit(letter + "0" * 16) == str(value % 11 % 10)


@pytest.mark.parametrize("wrong", ["", "26TJ", "26tj0000000000000", "2ATJ", "26TJ000000000000000"])
def test_what_has_another_shape_is_no_mrn(wrong: str) -> None:
    assert not mrn_is_valid(wrong)


def test_a_right_digit_is_valid_and_every_other_is_not() -> None:
    first17 = "26TJ0A1B2C3D4E5F6"
    right = mrn_check_digit(first17)
    assert [digit for digit in "0123456789" if mrn_is_valid(first17 + digit)] == [right]


@pytest.mark.parametrize("number", ["CSQU3054383", "MSKU0000006", "ABZK0000002"])
def test_a_container_or_loading_unit_is_known_by_its_digit_and_every_other_digit_is_wrong(number: str) -> None:
    assert [digit for digit in "0123456789" if container_is_valid(number[:10] + digit)] == [number[10]]


@pytest.mark.parametrize(
    "wrong", ["", "CSQU305438", "CSQU30543833", "XXCSQU3054383XX", "CSQL3054383", "csqu3054383", "CS1U3054383"]
)
def test_what_has_another_shape_is_no_container(wrong: str) -> None:
    assert not container_is_valid(wrong)
