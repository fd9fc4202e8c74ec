"""Interest for what is paid late, and which part of what was paid was late. Pure: days and amounts in, charges out.

The day on which something is due bears no interest; each day after it does, the day of payment too, at the rate of that
day. What the days bear is summed exactly and rounded once, so that a period that is split adds up to the whole but for
half a unit of the currency a part.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal, localcontext

from lib.figures import ONE, ZERO, plain
from lib.money import round_money
from tariffs.calculation.figures import money_text

_HUNDRED = Decimal(100)
_DAY = timedelta(days=1)
_PRECISION = 60


@dataclass(frozen=True, slots=True)
class InterestRateFact:
    """`percent` for each `days` days, in force from and to these days inclusive (None: without an end)."""

    percent: Decimal
    days: int
    valid_from: date
    valid_to: date | None
    legal_basis: str
    is_example: bool


@dataclass(frozen=True, slots=True)
class Interest:
    """The amount with what explains it; nothing where no day was late. `rates` are those that counted."""

    base: Decimal
    days: int
    amount: Decimal
    rate_text: str
    formula: str
    legal_basis: str
    is_example: bool


def interest_due(
    base: Decimal, due: date, until: date, rates: Sequence[InterestRateFact], *, decimals: int
) -> Interest:
    """Interest on `base` that could be paid until `due` and is paid on `until`. A day without a rate bears none."""
    counted = [(rate, days) for rate in rates if (days := _days_under(rate, due, until))]
    with localcontext() as context:
        context.prec = _PRECISION
        exact = sum((base * rate.percent * days / (_HUNDRED * rate.days) for rate, days in counted), ZERO)
        amount = round_money(exact, decimals)
    return Interest(
        base=base,
        days=max((until - due).days, 0),
        amount=amount,
        rate_text=" + ".join(dict.fromkeys(_rate(rate) for rate, _days in counted)),
        formula=_formula(base, counted, amount, decimals),
        legal_basis=" / ".join(dict.fromkeys(rate.legal_basis for rate, _days in counted))[:400],
        is_example=any(rate.is_example for rate, _days in counted),
    )


def _days_under(rate: InterestRateFact, due: date, until: date) -> int:
    """How many of the days after `due`, up to `until`, are under this rate."""
    first, last = max(due + _DAY, rate.valid_from), min(until, rate.valid_to or until)
    return max((last - first).days + 1, 0)


def _rate(rate: InterestRateFact) -> str:
    return f"{plain(rate.percent)}%" if rate.days == 1 else f"{plain(rate.percent)}% / {rate.days}"


def _formula(base: Decimal, counted: Sequence[tuple[InterestRateFact, int]], amount: Decimal, decimals: int) -> str:
    terms = [f"{days} × {_rate(rate)}" for rate, days in counted] or ["0"]
    rates = terms[0] if len(terms) == 1 else f"({' + '.join(terms)})"
    return f"{money_text(base, decimals)} × {rates} = {money_text(amount, decimals)}"


# What of it was late ------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Owed:
    """Part of what was charged; `due` None: it could not be late, since nothing went on before it was paid."""

    amount: Decimal
    due: date | None


@dataclass(frozen=True, slots=True)
class Paid:
    """A booking, named by `key`; below zero it went back."""

    key: int
    amount: Decimal
    on: date


@dataclass(frozen=True, slots=True)
class Late:
    """What of a booking paid something after its day."""

    key: int
    amount: Decimal
    due: date
    on: date


def late_parts(owed: Sequence[Owed], paid: Sequence[Paid]) -> list[Late]:
    """What was paid late. Money pays what is due first, in the order of days; what went back was paid last."""
    # Each part of money that stays: how much, and the booking it came by.
    kept: list[tuple[Decimal, Paid]] = []
    for booking in paid:
        if booking.amount > 0:
            kept.append((booking.amount, booking))
            continue
        back = -booking.amount
        while back > 0 and kept:
            amount, came = kept.pop()
            if amount > back:
                kept.append((amount - back, came))
            back -= min(amount, back)
    return _matched(sorted(owed, key=lambda part: (part.due is not None, part.due or date.min)), kept)


def _matched(owed: Sequence[Owed], kept: Sequence[tuple[Decimal, Paid]]) -> list[Late]:
    late: list[Late] = []
    money = iter(kept)
    left, booking = next(money, (ZERO, None))
    for part in owed:
        wanted = part.amount
        while wanted > 0 and booking is not None:
            used = min(wanted, left)
            if part.due is not None and booking.on > part.due and used > 0:
                late.append(Late(booking.key, used, part.due, booking.on))
            wanted, left = wanted - used, left - used
            if left <= 0:
                left, booking = next(money, (ZERO, None))
    return late


# Fees for services --------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ServiceFeeFact:
    """`amount` for each unit beyond the `free` ones, and each begun `for_kg` kilograms; at least `least`."""

    amount: Decimal
    unit: str
    free: int
    for_kg: int
    least: Decimal


@dataclass(frozen=True, slots=True)
class Fee:
    """The amount of a fee with what explains it; nothing within the free units."""

    base: Decimal
    amount: Decimal
    rate_text: str
    formula: str


def fee_due(fee: ServiceFeeFact, quantity: Decimal, mass: Decimal, *, decimals: int) -> Fee:
    """The fee for so many units, of goods of that gross mass in kilograms."""
    counted = max(quantity - fee.free, ZERO)
    portions = (mass / fee.for_kg).to_integral_value(rounding=ROUND_CEILING) if fee.for_kg else ONE
    amount = round_money(fee.amount * counted * portions, decimals)
    units = f"({plain(quantity)} - {fee.free})" if fee.free else plain(quantity)
    terms = [money_text(fee.amount, decimals), units, *([plain(portions)] if fee.for_kg else [])]
    formula = " × ".join(terms)
    if counted <= 0:
        return Fee(quantity, ZERO, plain(fee.amount, least=decimals), f"{formula} = 0")
    if amount < fee.least:
        formula, amount = f"max({formula}, {money_text(fee.least, decimals)})", round_money(fee.least, decimals)
    return Fee(quantity, amount, plain(fee.amount, least=decimals), f"{formula} = {money_text(amount, decimals)}")
