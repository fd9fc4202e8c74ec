"""Exact figures: nothing and one, numbers written without idle zeros, and in ranges. Pure, and no floats."""

from collections.abc import Callable, Iterable
from decimal import Decimal

ZERO = Decimal(0)
ONE = Decimal(1)


def plain(number: Decimal, *, least: int = 0) -> str:
    """A number without an exponent and without idle zeros, with `least` decimals at the least: 0.150 is "0.15"."""
    whole, _, fraction = f"{number:f}".partition(".")
    fraction = fraction.rstrip("0").ljust(least, "0")
    return f"{whole}.{fraction}" if fraction else whole


def places(number: Decimal, *, least: int = 0) -> int:
    """How many decimals a number has without its idle zeros, `least` at the least: 1.50 has 1, 1200 has 0."""
    return len(plain(number, least=least).partition(".")[2])


def last_place(decimals: int) -> Decimal:
    """The unit of the last of so many decimals: 0.01 for 2."""
    return ONE.scaleb(-decimals)


def ranges(numbers: Iterable[int], *, shown: Callable[[int], str] = str, most: int | None = None) -> str:
    """`1, 2, 3, 7` as "1-3, 7"; of more than `most` parts the first ones, and an ellipsis."""
    parts: list[list[int]] = []
    for number in sorted(set(numbers)):
        if parts and number == parts[-1][-1] + 1:
            parts[-1][1:] = [number]
        else:
            parts.append([number])
    said = ["-".join(map(shown, part)) for part in parts]
    return ", ".join(said if most is None or len(said) <= most else [*said[:most], "…"])
