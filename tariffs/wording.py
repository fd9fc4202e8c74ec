"""Says rates in plain words, in the reader's language: "10 % of the customs value, but not less than …"."""

import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from lib.figures import plain
from lib.languages import in_language
from tariffs.models import Tax
from tariffs.rates import (
    COMPONENTS,
    CONTENTS,
    MASS_KINDS,
    RATE_UNITS,
    UNIT_SYMBOLS,
    Component,
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
    "MWH": pgettext_lazy("for each", "megawatt-hour"),
    "D30": pgettext_lazy("for each", "terajoule"),
    "WTT": pgettext_lazy("for each", "watt"),
    "KMT": pgettext_lazy("for each", "kilometre"),
    "CCT": pgettext_lazy("for each", "tonne of carrying capacity"),
    "NCL": pgettext_lazy("for each", "cell"),
    "GFI": pgettext_lazy("for each", "gram of fissile isotopes"),
    "KDW": pgettext_lazy("for each", "kilogram of drained mass"),
    "MND": pgettext_lazy("for each", "kilogram of dry matter"),
    "KSD": pgettext_lazy("for each", "kilogram of substance 90 per cent dry"),
    "KGMA": pgettext_lazy("for each", "kilogram of total alcohol"),
    "KGMF": pgettext_lazy("for each", "kilogram of common wheat"),
    "KGMI": pgettext_lazy("for each", "kilogram of biodiesel content"),
    "KGMJ": pgettext_lazy("for each", "kilogram of fuel content"),
    "KGMK": pgettext_lazy("for each", "kilogram of bioethanol content"),
    "KGML": pgettext_lazy("for each", "kilogram of live weight"),
    "KGMP": pgettext_lazy("for each", "kilogram of lactic matter"),
    "KGMR": pgettext_lazy("for each", "kilogram of standard quality"),
    "KGMS": pgettext_lazy("for each", "kilogram of raw sugar"),
    "KGMT": pgettext_lazy("for each", "kilogram of dry lactic matter"),
    "KPP": pgettext_lazy("for each", "kilogram of phosphorus pentoxide"),
    "KPO": pgettext_lazy("for each", "kilogram of potassium oxide"),
    "KNI": pgettext_lazy("for each", "kilogram of nitrogen"),
    "KHY": pgettext_lazy("for each", "kilogram of hydrogen peroxide"),
    "KPH": pgettext_lazy("for each", "kilogram of potassium hydroxide"),
    "KSH": pgettext_lazy("for each", "kilogram of sodium hydroxide"),
    "KUR": pgettext_lazy("for each", "kilogram of uranium"),
    "KCC": pgettext_lazy("for each", "kilogram of choline chloride"),
    "KMA": pgettext_lazy("for each", "kilogram of methylamines"),
    "KAC": pgettext_lazy("for each", "kilogram of acesulfame potassium"),
    "P1Z": pgettext_lazy("for each", "per cent of sucrose by weight"),
    "AEA": pgettext_lazy("for each", "amount of the agricultural component for 100 kg net"),
    "AEAR": pgettext_lazy("for each", "amount of the reduced agricultural component for 100 kg net"),
    "ASZ": pgettext_lazy("for each", "amount of the additional duty on sugar for 100 kg net"),
    "ASZR": pgettext_lazy("for each", "amount of the reduced additional duty on sugar for 100 kg net"),
    "AFM": pgettext_lazy("for each", "amount of the additional duty on flour for 100 kg net"),
    "AFMR": pgettext_lazy("for each", "amount of the reduced additional duty on flour for 100 kg net"),
}
_COMPONENTS: Mapping[str, str | Promise] = {
    "EA": gettext_lazy("the agricultural component (by the composition of the goods)"),
    "EAR": gettext_lazy("the reduced agricultural component (by the composition of the goods)"),
    "ADSZ": gettext_lazy("the additional duty on sugar (by the sugar content)"),
    "ADSZR": gettext_lazy("the reduced additional duty on sugar (by the sugar content)"),
    "ADFM": gettext_lazy("the additional duty on flour (by the starch content)"),
    "ADFMR": gettext_lazy("the reduced additional duty on flour (by the starch content)"),
}
_EXPECTED: Mapping[str, str | Promise] = {
    "rate": gettext_lazy("a number, “Free”, “min(”, “max(”, “step(”, a component such as EA, or “(”"),
    "number": gettext_lazy("a number"),
    "end": gettext_lazy("the end, “+”, “min” or “max”"),
    "length": gettext_lazy("no more than %(limit)s characters"),
    "nesting": gettext_lazy("no more than %(limit)s levels of nesting"),
    "bracket": "“)”",
    "second_rate": gettext_lazy("a comma and a second rate"),
    "comma_or_bracket": gettext_lazy("“,” or “)”"),
    "bound": gettext_lazy("the value from which the step counts"),
    "bound_order": gettext_lazy("a value greater than that of the step before"),
    "colon": "“:”",
    "semicolon_or_bracket": gettext_lazy("“;” or “)”"),
    "percent_or_currency": gettext_lazy("“%%” or a currency code such as EUR"),
    "count": gettext_lazy("a count greater than zero"),
    "count_ambiguous": gettext_lazy("a count without a space in it, such as 1000"),
    "number_ambiguous": gettext_lazy("a number that can be read in one way: 1234 or 1.234"),
    "number_size": gettext_lazy("a number of at most %(whole)s digits and %(decimals)s decimals"),
    "unit": gettext_lazy("a unit such as kg, l, pcs, pair, m2, cm3 or t"),
    "strength": gettext_lazy("“vol / hl” after “%%”: a rate by strength alone has no quantity"),
    "mass_unit": gettext_lazy("a unit of mass beside “gross”"),
    "whichever": gettext_lazy("“whichever is greater” or “whichever is lower”"),
    "condition": gettext_lazy(
        "a rate without conditions: a document, an entry price or a date is a condition of the measure"
    ),
}

# The words of formulas (`tariffs.calculation` writes English) and the Russian signs of units, which Tajik uses too.
_FORMULA_WORDS: Mapping[str, str | Promise] = {
    "external freight": gettext_lazy("external freight"),
    "internal freight": gettext_lazy("internal freight"),
    "insurance": gettext_lazy("insurance"),
    "other costs": gettext_lazy("other costs"),
    "deductions": gettext_lazy("deductions"),
    "beyond quota": gettext_lazy("beyond quota"),
    "quota": gettext_lazy("quota"),
    "of": pgettext_lazy("a part of a whole, in a formula", "of"),
    "not": pgettext_lazy("this quantity, not that one, in a formula", "not"),
    "gross": pgettext_lazy("mass, in a formula", "gross"),
    "max": pgettext_lazy("the greatest, in a formula", "max"),
    "min": pgettext_lazy("the least, in a formula", "min"),
    "step": pgettext_lazy("a table of rates, in a formula", "step"),
    "Free": pgettext_lazy("no duty, in a formula", "Free"),
}
_RUSSIAN_SIGNS: Mapping[str, str] = {
    **{unit.symbol: unit.russian for unit in RATE_UNITS},
    **{f"kg {kind.symbol}": f"кг {kind.russian}" for kind in MASS_KINDS},
    **{kind.symbol: kind.russian for kind in CONTENTS.values()},
    **{kind.symbol: kind.russian for kind in COMPONENTS.values()},
}
_IN_FORMULAS = re.compile(
    r"(?P<number>[0-9]+(?:\u00a0[0-9]{3})*\.[0-9]+)|(?<![A-Za-z])(?P<word>"
    + "|".join(re.escape(word) for word in sorted((*_FORMULA_WORDS, *_RUSSIAN_SIGNS), key=len, reverse=True))
    + r")(?![A-Za-z0-9])"
)


def formula_in_words(formula: str) -> str:
    """A formula as it was computed, its words, units and decimal signs those of the reader's language."""
    if (get_language() or "en").startswith("en"):
        return formula
    return _IN_FORMULAS.sub(_translated, formula)


def _translated(found: re.Match[str]) -> str:
    if number := found["number"]:
        return number.replace(".", ",")
    word = found["word"]
    return str(_FORMULA_WORDS.get(word) or _RUSSIAN_SIGNS[word])


def unreadable(error: RateUnreadable) -> str:
    """Why a rate text is refused, in the reader's language: the text, the place and what was expected there."""
    return _("“%(text)s” cannot be read at character %(place)d (“%(found)s”): expected %(expected)s.") % {
        "text": error.text,
        "place": error.position + 1,
        "found": error.found or _("the end"),
        "expected": str(_EXPECTED[error.code]) % error.values,
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
            return _("%(number)s%% of: %(base)s") % {"number": plain(value), "base": base}
        case Fixed(amount, currency):
            return f"{plain(amount)} {currency}"
        case Specific():
            return _specific(rate)
        case Component(code):
            return str(_COMPONENTS[code])
        case Sum(parts):
            return _(", plus ").join(_together(part, base) for part in parts)
        case Max(parts):
            return _bounded(_("%(first)s, but not less than %(second)s"), _("the greatest of: %(parts)s"), parts, base)
        case Min(parts):
            return _bounded(_("%(first)s, but not more than %(second)s"), _("the least of: %(parts)s"), parts, base)
        case Step(rows):
            steps = [
                _("from %(bound)s: %(rate)s") % {"bound": plain(bound), "rate": in_words(part, base=base)}
                for bound, part in rows
            ]
            return _("by the size of the base: %(steps)s") % {"steps": "; ".join(steps)}
        case _:
            raise AssertionError(rate)


def _specific(rate: Specific) -> str:
    words = {
        "amount": f"{plain(rate.amount)} {rate.currency}",
        "count": f"{plain(rate.per)} {UNIT_SYMBOLS[rate.unit]}",
        "unit": unit_in_words(rate.unit),
        "content": unit_in_words(rate.content) if rate.content else "",
    }
    if rate.content:
        return _("%(amount)s for every %(count)s and each %(content)s") % words
    if rate.per != 1:
        of_many = (
            _("%(amount)s for every %(count)s of gross mass") if rate.gross else _("%(amount)s for every %(count)s")
        )
        return of_many % words
    if rate.gross:
        return _("%(amount)s for each %(unit)s of gross mass") % words
    return _("%(amount)s for each %(unit)s") % words


def _bounded(of_two: str, of_many: str, parts: tuple[Rate, ...], base: str) -> str:
    if len(parts) == 2:
        return of_two % {"first": _together(parts[0], base), "second": _together(parts[1], base)}
    return of_many % {"parts": "; ".join(in_words(part, base=base) for part in parts)}


def _together(rate: Rate, base: str) -> str:
    """A combination among others stands in brackets, so that nobody has to guess what belongs to what."""
    text = in_words(rate, base=base)
    return f"({text})" if isinstance(rate, Sum | Max | Min) else text


def tax_names(taxes: list[Tax]) -> dict[str, str]:
    """Names of taxes by code, in the reader's language."""
    return {tax.code: in_language(tax) for tax in taxes}
