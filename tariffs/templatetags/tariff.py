"""Writes commodity codes and rate units as people read them."""

from decimal import Decimal
from itertools import pairwise

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext

from lib.figures import plain
from lib.money import round_money
from tariffs.rates import UNIT_SYMBOLS
from tariffs.wording import formula_in_words

register = template.Library()

GROUPS = (4, 6, 9)


@register.filter
def grouped_code(code: str) -> str:
    """0808108001 -> "0808 10 800 1", as the printed nomenclature groups digits."""
    starts = [0, *(place for place in GROUPS if place < len(code)), len(code)]
    return "\N{NO-BREAK SPACE}".join(code[first:last] for first, last in pairwise(starts))


@register.filter
def formula(text: str) -> str:
    """A formula of the arithmetic, its words and figures in the reader's language."""
    return formula_in_words(text)


@register.filter
def short_rate(text: str) -> str:
    """A rate text as it stands; a table of steps by value, which is too long for a cell, by name."""
    return gettext("by value") if text.startswith("step(") else text


@register.filter
def signed(number: Decimal) -> str:
    """A change in per cent with its sign and two decimals: +1.25."""
    return number_format(round_money(number, 2), 2, use_l10n=True).join(("+" if number > 0 else "", ""))


@register.filter
def exact(number: Decimal) -> str:
    """A number as the law writes it: decimal point, no exponent, no zeros at the end."""
    return plain(number)


@register.filter
def unit_symbol(unit: str) -> str:
    """LTR -> "l": how a unit of measure is written, the code itself where it has no symbol."""
    return UNIT_SYMBOLS.get(unit, unit)
