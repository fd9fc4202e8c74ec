"""Money is rounded half up in one place, and shares of an amount sum to it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.money import apportion, round_money

D = Decimal


@pytest.mark.parametrize(
    ("amount", "decimals", "rounded"),
    [
        ("0.005", 2, "0.01"),
        ("0.0049", 2, "0.00"),
        ("-0.005", 2, "-0.01"),
        ("2.5", 0, "3"),
        ("1.0005", 3, "1.001"),
        ("7", 2, "7.00"),
    ],
)
def test_half_a_unit_is_rounded_away_from_zero(amount: str, decimals: int, rounded: str) -> None:
    assert str(round_money(D(amount), decimals)) == rounded


def test_the_decimals_of_money_are_always_said() -> None:
    with pytest.raises(TypeError):
        round_money(D("1.005"))  # type: ignore[call-arg]
    assert [str(share) for share in apportion(D(1), [D(1), D(2)], 0)] == ["0", "1"]


def shares(total: str, *weights: str, decimals: int = 2) -> list[str]:
    return [str(share) for share in apportion(D(total), [D(weight) for weight in weights], decimals)]


def test_each_share_follows_its_weight() -> None:
    assert shares("100", "1", "3") == ["25.00", "75.00"]
    assert shares("100", "0", "1") == ["0.00", "100.00"]


def test_a_unit_left_over_goes_to_the_largest_remainder() -> None:
    assert shares("10", "1", "5", decimals=0) == ["2", "8"]
    assert shares("10", "5", "1", decimals=0) == ["8", "2"]
    assert shares("1", "2", "3", "1.1") == ["0.33", "0.49", "0.18"]


def test_of_equal_remainders_the_earlier_share_gets_the_unit() -> None:
    assert shares("0.05", "1", "1", "1") == ["0.02", "0.02", "0.01"]


def test_what_has_no_weight_at_all_is_shared_equally() -> None:
    assert shares("10", "0", "0") == ["5.00", "5.00"]
    assert shares("0.03", "0", "0") == ["0.02", "0.01"]


def test_the_total_is_rounded_half_up_to_its_decimals_before_it_is_shared() -> None:
    assert shares("0.025", "1") == ["0.03"]
    assert shares("0.0005", "1", "1", decimals=3) == ["0.001", "0.000"]


def test_shares_of_a_negative_total_are_negative() -> None:
    assert shares("-10", "1", "4") == ["-2.00", "-8.00"]


def test_nothing_is_shared_among_nobody() -> None:
    assert apportion(D(10), [], 2) == []


def test_a_total_of_nothing_gives_everyone_nothing() -> None:
    assert shares("0", "1", "2") == ["0.00", "0.00"]


def test_a_negative_weight_is_refused() -> None:
    with pytest.raises(ValueError):
        apportion(D(10), [D(1), D("-0.01")], 2)


amounts = st.decimals(-(10**9), 10**9, places=3)


@given(amounts, st.lists(st.decimals(0, 10**6, places=2), min_size=1, max_size=12))
def test_shares_sum_to_the_rounded_total_and_none_is_further_from_its_part_than_a_unit(
    total: D, weights: list[D]
) -> None:
    parts = apportion(total, weights, 2)
    rounded, whole = round_money(total, 2), sum(weights)
    assert sum(parts) == rounded
    if whole:
        assert all(
            abs(part - rounded * weight / whole) < D("0.01") for part, weight in zip(parts, weights, strict=True)
        )
