"""Figures as they are written everywhere: without an exponent and without idle zeros."""

from decimal import Decimal

import pytest

from lib.figures import last_place, places, plain


@pytest.mark.parametrize(
    ("number", "text", "decimals"),
    [
        ("0.150", "0.15", 2), ("1200.000000", "1200", 0), ("0E-4", "0", 0), ("1E+3", "1000", 0), ("100", "100", 0),
        ("1E-7", "0.0000001", 7), ("-5.50", "-5.5", 1),
        ("12345678901234567890123456789.10", "12345678901234567890123456789.1", 1),
    ],
)  # fmt: skip
def test_a_number_is_written_without_idle_zeros(number: str, text: str, decimals: int) -> None:
    assert plain(Decimal(number)) == text
    assert places(Decimal(number)) == decimals


def test_an_amount_has_its_decimals_at_the_least() -> None:
    assert plain(Decimal("1200"), least=2) == "1200.00"
    assert plain(Decimal("1.23450"), least=2) == "1.2345"
    assert places(Decimal("1200"), least=4) == 4


def test_the_last_place_of_money_is_a_cent() -> None:
    assert last_place(2) == Decimal("0.01")
    assert last_place(0) == 1
