"""How far a share that was counted may be from the true one: the Wilson score interval. Pure."""

from decimal import Decimal

Z_95 = Decimal("1.959963984540054")


def wilson(successes: int, trials: int, *, z: Decimal = Z_95) -> tuple[Decimal, Decimal] | None:
    """Bounds of a proportion from 0 to 1, at 95 % unless `z` says otherwise; None without a trial.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927), 209-212, without
    correction for continuity. Unlike ± one standard error it stays within 0 and 1 and holds for few trials.
    """
    if not trials:
        return None
    count, share, square = Decimal(trials), Decimal(successes) / trials, z * z
    middle = (share + square / (2 * count)) / (1 + square / count)
    reach = (z / (1 + square / count)) * (share * (1 - share) / count + square / (4 * count * count)).sqrt()
    return max(Decimal(0), middle - reach), min(Decimal(1), middle + reach)


def percent_within(successes: int, trials: int) -> tuple[Decimal, Decimal, Decimal] | None:
    """A share in per cent and between which it truly lies at 95 %, with one decimal each; None without a trial."""
    found = wilson(successes, trials)
    if found is None:
        return None
    share, low, high = (round(100 * each, 1) for each in (Decimal(successes) / trials, *found))
    return share, low, high
