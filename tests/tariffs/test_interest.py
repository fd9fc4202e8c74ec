"""Interest for late payment and fees for services: pure sums with what explains them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tariffs.calculation import InterestRateFact, Late, Owed, Paid, ServiceFeeFact, fee_due, interest_due, late_parts

D = Decimal
DAY = date(2026, 7, 1)
DAILY = InterestRateFact(D("0.04"), 1, date(2022, 1, 1), DAY, "Act 1", False)
YEARLY = InterestRateFact(D(18), 365, DAY + timedelta(days=1), None, "Act 2", True)
RATES = (DAILY, YEARLY)
money = st.decimals("0.01", "1000000", places=2)
days = st.integers(0, 900).map(lambda more: date(2025, 1, 1) + timedelta(days=more))


def test_each_day_after_the_last_one_bears_the_rate_of_that_day_and_the_formula_says_so() -> None:
    found = interest_due(D(1000), date(2026, 6, 29), date(2026, 7, 11), RATES, decimals=2)
    assert found.amount == D("5.73")  # 2 × 0.40 + 10 × 1000 × 18 / 36 500
    assert found.days == 12
    assert found.formula == "1\u00a0000.00 × (2 × 0.04% + 10 × 18% / 365) = 5.73"
    assert (found.rate_text, found.legal_basis, found.is_example) == ("0.04% + 18% / 365", "Act 1 / Act 2", True)


@pytest.mark.parametrize("until", [DAY, DAY - timedelta(days=5)])
def test_what_is_paid_by_its_day_bears_nothing(until: date) -> None:
    found = interest_due(D(1000), DAY, until, RATES, decimals=2)
    assert (found.amount, found.days, found.formula) == (0, 0, "1\u00a0000.00 × 0 = 0.00")


def test_a_day_without_a_rate_bears_nothing() -> None:
    assert interest_due(D(1000), DAY, DAY + timedelta(days=9), [DAILY], decimals=2).amount == 0


@given(base=money, three=st.lists(days, min_size=3, max_size=3).map(sorted))
def test_a_period_that_is_split_adds_up_to_the_whole_within_half_a_unit_a_part(base: D, three: list[date]) -> None:
    first, middle, last = three
    parts = [interest_due(base, *pair, RATES, decimals=2).amount for pair in ((first, middle), (middle, last))]
    whole = interest_due(base, first, last, RATES, decimals=2)
    assert abs(sum(parts) - whole.amount) <= D("0.015")
    assert whole.amount >= 0
    assert (whole.amount == 0) or last > first


@given(owed=st.lists(st.tuples(money, st.none() | days), max_size=5), paid=st.lists(st.tuples(money, days), max_size=5))
def test_no_more_is_late_than_was_paid_after_its_day(
    owed: list[tuple[D, date | None]], paid: list[tuple[D, date]]
) -> None:
    bookings = [Paid(key, *each) for key, each in enumerate(sorted(paid, key=lambda each: each[1]))]
    late = late_parts([Owed(*each) for each in owed], bookings)
    assert all(part.on > part.due and part.amount > 0 for part in late)
    for booking in bookings:
        assert sum(part.amount for part in late if part.key == booking.key) <= booking.amount
    assert sum(part.amount for part in late) <= sum(amount for amount, due in owed if due)


def test_money_pays_what_is_due_first_and_what_went_back_was_paid_last() -> None:
    owed = [Owed(D(30), date(2026, 2, 1)), Owed(D(100), None), Owed(D(50), date(2026, 1, 1))]
    paid = [Paid(1, D(120), date(2025, 12, 1)), Paid(2, D(60), date(2026, 1, 20)), Paid(3, D(-20), date(2026, 1, 21))]
    paid.append(Paid(4, D(20), date(2026, 3, 1)))
    assert late_parts(owed, paid) == [
        Late(2, D(30), date(2026, 1, 1), date(2026, 1, 20)),
        Late(4, D(20), date(2026, 2, 1), date(2026, 3, 1)),
    ]


@pytest.mark.parametrize(
    ("fee", "quantity", "mass", "amount", "formula"),
    [
        (ServiceFeeFact(D(6), "day", 3, 1000, D(20)), D(10), D(1500), D(84), "6.00 × (10 - 3) × 2 = 84.00"),
        (ServiceFeeFact(D(6), "day", 3, 1000, D(20)), D(4), D(900), D(20), "max(6.00 × (4 - 3) × 1, 20.00) = 20.00"),
        (ServiceFeeFact(D(6), "day", 3, 1000, D(20)), D(3), D(900), D(0), "6.00 × (3 - 3) × 1 = 0"),
        (ServiceFeeFact(D(120), "hour", 0, 0, D(0)), D("1.5"), D(0), D(180), "120.00 × 1.5 = 180.00"),
    ],
)
def test_a_fee_counts_units_beyond_the_free_ones(
    fee: ServiceFeeFact, quantity: D, mass: D, amount: D, formula: str
) -> None:
    found = fee_due(fee, quantity, mass, decimals=2)
    assert (found.amount, found.formula) == (amount, formula)
