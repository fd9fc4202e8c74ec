"""Exact money: currencies, rounding half up in one place, and shares that sum to their total. No floats."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from lib.figures import ONE, ZERO, last_place


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency (ISO 4217) and the decimals with which its amounts are written."""

    code: str
    decimals: int

    def __str__(self) -> str:
        return self.code


def round_money(amount: Decimal, decimals: int) -> Decimal:
    """`amount` rounded half up (away from zero) to `decimals` places, as customs money is."""
    return amount.quantize(last_place(decimals), rounding=ROUND_HALF_UP)


def apportion(total: Decimal, weights: Sequence[Decimal], decimals: int) -> list[Decimal]:
    """Share `total` out by `weights`; the shares sum to `round_money(total, decimals)` exactly.

    Each share is rounded down to `decimals` and the units left over go, one each, to the largest remainders
    (the earlier share first where remainders are equal). All weights zero means equal shares.
    Raises ValueError for a negative weight.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("A weight is negative.")
    if not weights:
        return []
    whole = sum(weights, ZERO)
    parts = list(weights) if whole else [ONE] * len(weights)
    whole = whole or Decimal(len(weights))
    unit = last_place(decimals)
    units = int((round_money(abs(total), decimals) / unit).to_integral_value())
    exact = [units * part / whole for part in parts]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda place: (shares[place] - exact[place], place))
    for place in by_remainder[: units - sum(shares)]:
        shares[place] += 1
    sign = -1 if total < 0 else 1
    return [sign * share * unit for share in shares]
