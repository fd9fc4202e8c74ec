"""Says rates in plain words, in the reader's language: "10 % of the customs value, but not less than …"."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from customs_portal.lib.languages import in_language
from tariffs.models import Tax
from tariffs.rates import (
    UNIT_SYMBOLS,
    Fixed,
    Free,
    Max,
    Min,
    Percent,
    Rate,
    RateUnreadable,
    Specific,
    Step,
    Sum,
    number_text,
    parse,
)

_EACH: Mapping[str, str | Promise] = {
    "KGM": pgettext_lazy("for each", "kilogram"),
    "GRM": pgettext_lazy("for each", "gram"),
    "TNE": pgettext_lazy("for each", "tonne"),
    "LTR": pgettext_lazy("for each", "litre"),
    "HLT": pgettext_lazy("for each", "hectolitre"),
    "LPA": pgettext_lazy("for each", "litre of pure alcohol"),
    "CMQ": pgettext_lazy("for each", "cubic centimetre"),
    "MTQ": pgettext_lazy("for each", "cubic metre"),
    "MTK": pgettext_lazy("for each", "square metre"),
    "MTR": pgettext_lazy("for each", "metre"),
    "NAR": pgettext_lazy("for each", "piece"),
    "PR": pgettext_lazy("for each", "pair"),
    "CTM": pgettext_lazy("for each", "carat"),
    "KWH": pgettext_lazy("for each", "kilowatt-hour"),
}


def unit_in_words(unit: str) -> str:
    """The name of a unit of measure as it follows "for each"."""
    return str(_EACH.get(unit) or UNIT_SYMBOLS.get(unit, unit))


def base_in_words(tax: Tax, names: Mapping[str, str]) -> str:
    """What a percentage of `tax` is taken of; `names` are the names of the other taxes by code."""
    parts = [_("customs value")] if tax.base_includes_value else []
    parts += [names.get(code, code) for code in tax.base_taxes]
    return " + ".join(parts)


def rate_in_words(text: str, *, base: str) -> str:
    """A rate text explained; the text itself where it cannot be read. `base` is what a percentage is taken of."""
    try:
        return in_words(parse(text), base=base)
    except RateUnreadable:
        return text


def in_words(rate: Rate, *, base: str) -> str:
    """A rate explained in the reader's language."""
    match rate:
        case Free():
            return _("nothing is charged")
        case Percent(value):
            return _("%(number)s%% of: %(base)s") % {"number": number_text(value), "base": base}
        case Fixed(amount, currency):
            return f"{number_text(amount)} {currency}"
        case Specific():
            return _specific(rate)
        case Sum(parts):
            return _(", plus ").join(in_words(part, base=base) for part in parts)
        case Max(parts):
            return _bounded(_("%(first)s, but not less than %(second)s"), _("the greatest of: %(parts)s"), parts, base)
        case Min(parts):
            return _bounded(_("%(first)s, but not more than %(second)s"), _("the least of: %(parts)s"), parts, base)
        case Step(rows):
            steps = [
                _("from %(bound)s: %(rate)s") % {"bound": number_text(bound), "rate": in_words(part, base=base)}
                for bound, part in rows
            ]
            return _("by the size of the base: %(steps)s") % {"steps": "; ".join(steps)}
        case _:
            raise AssertionError(rate)


def _specific(rate: Specific) -> str:
    amount = f"{number_text(rate.amount)} {rate.currency}"
    if rate.per != 1:
        count = f"{number_text(rate.per)} {UNIT_SYMBOLS[rate.unit]}"
        return _("%(amount)s for every %(count)s") % {"amount": amount, "count": count}
    words = {"amount": amount, "unit": unit_in_words(rate.unit)}
    if rate.gross:
        return _("%(amount)s for each %(unit)s of gross mass") % words
    return _("%(amount)s for each %(unit)s") % words


def _bounded(of_two: str, of_many: str, parts: tuple[Rate, ...], base: str) -> str:
    texts = [in_words(part, base=base) for part in parts]
    if len(texts) == 2:
        return of_two % {"first": texts[0], "second": texts[1]}
    return of_many % {"parts": "; ".join(texts)}


def tax_names(taxes: list[Tax]) -> dict[str, str]:
    """Names of taxes by code, in the reader's language."""
    return {tax.code: in_language(tax) for tax in taxes}
