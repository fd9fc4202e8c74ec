"""How numbers are written inside a formula: digits grouped with a no-break space, decimal point."""

from decimal import Decimal

from lib.figures import plain
from lib.money import round_money

NO_BREAK_SPACE = "\u00a0"


def money_text(amount: Decimal, decimals: int) -> str:
    """12400 -> "12 400.00"."""
    return f"{round_money(amount, decimals):,f}".replace(",", NO_BREAK_SPACE)


def quantity_text(quantity: Decimal) -> str:
    """1200.500 -> "1 200.5"."""
    whole, _, fraction = plain(quantity).partition(".")
    grouped = f"{int(whole):,d}".replace(",", NO_BREAK_SPACE)
    return f"{grouped}.{fraction}" if fraction else grouped
