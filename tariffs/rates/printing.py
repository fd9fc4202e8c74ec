"""Prints a rate in the canonical notation of English or Russian; what is printed reads back as the same rate."""

from collections.abc import Mapping
from dataclasses import dataclass

from lib.figures import plain
from tariffs.rates.tree import Component, Fixed, Free, Max, Min, Percent, Rate, Specific, Step, Sum
from tariffs.rates.units import COMPONENTS, CONTENTS, MASS_KINDS, RATE_UNITS

_LEAVES = (Free, Percent, Fixed, Specific, Component, Step)


@dataclass(frozen=True, slots=True)
class _Notation:
    """The words of one language. `units` are what stands for each unit code."""

    free: str
    plus: str
    at_least: str
    at_most: str
    greatest: str
    least: str
    step: str
    comma: str
    each: str
    one: str
    gross: str
    units: Mapping[str, str]
    contents: Mapping[str, str]
    components: Mapping[str, str]


_NOTATIONS: Mapping[str, _Notation] = {
    "en": _Notation(
        free="Free",
        plus=" + ",
        at_least=" min ",
        at_most=" max ",
        greatest="max",
        least="min",
        step="step",
        comma=", ",
        each="/",
        one="",
        gross=" gross",
        units={unit.code: unit.symbol for unit in RATE_UNITS} | {kind.code: f"kg {kind.symbol}" for kind in MASS_KINDS},
        contents={code: f"/{kind.symbol}" for code, kind in CONTENTS.items()},
        components={code: kind.symbol for code, kind in COMPONENTS.items()},
    ),
    "ru": _Notation(
        free="беспошлинно",
        plus=" плюс ",
        at_least=", но не менее ",
        at_most=", но не более ",
        greatest="макс",
        least="мин",
        step="шкала",
        comma="; ",
        each=" за ",
        one="1 ",
        gross=" брутто",
        units={unit.code: unit.russian for unit in RATE_UNITS}
        | {kind.code: f"кг {kind.russian}" for kind in MASS_KINDS},
        contents={code: f" за 1{kind.russian}" for code, kind in CONTENTS.items()},
        components={code: kind.russian for code, kind in COMPONENTS.items()},
    ),
}


def text_of(rate: Rate, *, language: str = "en") -> str:
    """The canonical notation of `rate`, English ("en") or Russian ("ru")."""
    return _text(rate, _NOTATIONS[language])


def unit_text(rate: Specific, *, language: str = "en") -> str:
    """What a specific rate counts: "kg", "1000 pcs", "kg gross", "100 kg/% sucrose"."""
    return _unit_text(rate, _NOTATIONS[language])


def _unit_text(rate: Specific, words: _Notation) -> str:
    count = words.one if rate.per == 1 else f"{plain(rate.per)} "
    content = words.contents[rate.content] if rate.content else ""
    return f"{count}{words.units[rate.unit]}{words.gross if rate.gross else ''}{content}"


def _text(rate: Rate, words: _Notation) -> str:
    match rate:
        case Free():
            return words.free
        case Percent(value):
            return f"{plain(value)}%"
        case Fixed(amount, currency):
            return f"{plain(amount)} {currency}"
        case Specific(amount, currency):
            return f"{plain(amount)} {currency}{words.each}{_unit_text(rate, words)}"
        case Component(code):
            return words.components[code]
        case Sum(parts):
            return words.plus.join(_bracketed(part, words, *_LEAVES) for part in parts)
        case Max(parts):
            return _bounded(parts, words.at_least, words.greatest, words)
        case Min(parts):
            return _bounded(parts, words.at_most, words.least, words)
        case Step(rows):
            steps = "; ".join(f"{plain(bound)}: {_text(part, words)}" for bound, part in rows)
            return f"{words.step}({steps})"
        case _:
            raise AssertionError(rate)


def _bracketed(rate: Rate, words: _Notation, *plain: type[Rate]) -> str:
    return _text(rate, words) if isinstance(rate, plain) else f"({_text(rate, words)})"


def _bounded(parts: tuple[Rate, ...], infix: str, function: str, words: _Notation) -> str:
    if len(parts) != 2:
        return f"{function}({words.comma.join(_text(part, words) for part in parts)})"
    first, second = parts
    two_sided = isinstance(first, Max | Min) and len(first.parts) == 2
    left = _text(first, words) if two_sided else _bracketed(first, words, Sum, *_LEAVES)
    return f"{left}{infix}{_bracketed(second, words, Sum, *_LEAVES)}"
