"""What a number format of a spreadsheet makes of a number: per cent, a day, leading zeros, or a word beside it.

ECMA-376 part 1, 18.8.30 and 18.8.31: up to four sections divided by semicolons, for what is above zero, below zero,
zero and text; a section may begin with a condition. Signs in quotation marks or behind a backslash are only shown.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal, InvalidOperation
from functools import lru_cache

from django.utils.translation import gettext as _

from lib.sheets.cell import Broken, Cell, Number

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "mm-dd-yy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "m/d/yy h:mm", 37: "#,##0 ;(#,##0)", 38: "#,##0 ;[Red](#,##0)",
    39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;[Red](#,##0.00)", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0",
    48: "##0.0E+0", 49: "@", **dict.fromkeys((*range(27, 37), *range(50, 59)), "yyyy-mm-dd"),
}  # fmt: skip
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|(?P<pad>[_*].?)|\[(?P<bracket>[^\]]*)\]?|(?P<sign>.)', re.DOTALL
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9]+(?:\.[0-9]+)?)")
_CURRENCY = re.compile(r"\$([^-]*)(?:-.*)?", re.DOTALL)
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?|[+-]?\.[0-9]+(?:[eE][+-]?[0-9]{1,3})?")
_DIGITS, _DAYS = frozenset("0#?"), frozenset("yYdDmMhHsS")
_EXACT = Context(prec=15)  # a spreadsheet keeps fifteen digits; the file may have more: 0.14999999999999999
_LARGEST, _SMALLEST = Decimal(10) ** 20, Decimal(10) ** -12
_LAST_DAY = 2_958_465  # 9999-12-31


@dataclass(frozen=True, slots=True)
class Section:
    """One section, without what is only colour or width. `before` and `after` are shown beside the digits."""

    percents: int
    is_day: bool
    has_digits: bool
    zeros: int
    before: str
    after: str
    condition: tuple[str, Decimal] | None
    is_empty: bool


def cell_of(digits: str, format_code: str | None, *, since_1904: bool) -> Cell:
    """A number of a workbook as its cell means it. `format_code`: None where the workbook has no such format."""
    value = _value(digits)
    if value is None:
        return Broken("T432", _("The cell holds no number that can be read (%(text)s).") % {"text": digits[:40]})
    if format_code is None:
        return Broken("T430", _("The file is damaged: it does not say how the number of this cell is shown."))
    sections = sections_of(format_code)
    if any(section.is_day for section in sections):
        return _day(value, since_1904=since_1904)
    section = _active(sections, value)
    plain = _plain(value)
    if section is None or section.is_empty:
        sentence = _("The cell holds %(number)s and shows nothing. Write the number so that it is seen, or empty it.")
        return Broken("T432", sentence % {"number": plain})
    return _shown(value, plain, section, sections)


def _value(digits: str) -> Decimal | None:
    digits = digits.strip()
    if len(digits) > 60 or not _NUMBER.fullmatch(digits):
        return None
    try:
        value = _EXACT.create_decimal(digits)
    except InvalidOperation:
        return None
    if value and not _SMALLEST <= abs(value) <= _LARGEST:
        return None
    return value


@lru_cache(maxsize=512)
def sections_of(format_code: str) -> tuple[Section, ...]:
    """The sections of a format in their order."""
    parts: list[list[re.Match[str]]] = [[]]
    for token in _TOKEN.finditer(format_code[:255].strip() or "General"):
        if token["sign"] == ";":
            parts.append([])
        else:
            parts[-1].append(token)
    return tuple(_section(tokens) for tokens in parts[:4])


def _section(tokens: Sequence[re.Match[str]]) -> Section:
    general = "".join(token["sign"] or " " for token in tokens).strip().casefold() in ("general", "standard", "@")
    before, after, percents, zeros, has_digits, is_day = "", "", 0, 0, general, False
    condition = None
    in_fraction = False
    for token in tokens:
        literal = token["quoted"] or token["escaped"] or ""
        sign, bracket = token["sign"] or "", token["bracket"]
        if bracket is not None:
            literal = _of_bracket(bracket)
            condition = condition or _condition(bracket)
            is_day = is_day or bracket.casefold() in ("h", "hh", "m", "mm", "s", "ss")
        elif sign in _DIGITS and sign:
            has_digits = True
            zeros += sign == "0" and not in_fraction
        elif sign == ".":
            in_fraction = True
        elif sign == "%":
            percents += 1
        elif sign in _DAYS and sign and not general:
            is_day = True
        elif sign and not general and sign not in ",/+-() EeAaPp":
            literal = sign
        if has_digits:
            after += literal
        else:
            before += literal
    return Section(percents, is_day, has_digits, zeros, before, after, condition, not tokens)


def _of_bracket(bracket: str) -> str:
    """[$EUR-409] shows a currency; [Red] and [>=1] show nothing."""
    match = _CURRENCY.fullmatch(bracket)
    return match[1] if match else ""


def _condition(bracket: str) -> tuple[str, Decimal] | None:
    match = _CONDITION.fullmatch(bracket.strip())
    return (match[1], Decimal(match[2])) if match else None


def _holds(condition: tuple[str, Decimal], value: Decimal) -> bool:
    sign, bound = condition
    return {
        "<": value < bound,
        ">": value > bound,
        "=": value == bound,
        "<=": value <= bound,
        ">=": value >= bound,
        "<>": value != bound,
    }[sign]


def _active(sections: Sequence[Section], value: Decimal) -> Section | None:
    """The section that shows the value; None where none does."""
    numeric = sections[:3]
    if any(section.condition for section in numeric):
        for section in numeric:
            if section.condition is None or _holds(section.condition, value):
                return section
        return None
    if len(numeric) == 1 or value > 0:
        return numeric[0]
    if value < 0:
        return numeric[1]
    return numeric[2] if len(numeric) == 3 else numeric[0]


def _shown(value: Decimal, plain: str, section: Section, sections: Sequence[Section]) -> Cell:
    if section.percents > 1:
        return Broken("T432", _("The cell shows %(number)s with more than one per cent sign. Write it as text.")
                      % {"number": plain})  # fmt: skip
    if section.percents:
        share = f"{_plain(value * 100)}%"
        return Number(share, share)
    if not section.has_digits:
        if value == 0:
            zero = "0%" if any(each.percents for each in sections) else "0"
            return Number(zero, zero)
        sentence = _("The cell holds %(number)s and shows something else. Write as text what is meant.")
        return Broken("T432", sentence % {"number": plain})
    padded = plain.zfill(section.zeros) if plain.isdecimal() and section.zeros > 1 else plain
    before, after = section.before.strip(), section.after.strip()
    says_more = any(sign.isalpha() or sign in "%$€£¥₽‰°" for sign in before + after)
    return Number(plain, f"{before} {padded} {after}".strip() if says_more else padded)


def _day(value: Decimal, *, since_1904: bool) -> Cell:
    if value != int(value):
        if value > 1:
            return Broken("T435", _("The cell holds a day with a time of day. Write the day alone."))
        return Broken("T435", _("The cell holds a time of day: a day is expected."))
    number = int(value) + (1462 if since_1904 else 0)
    if number == 0:
        return Broken("T435", _("The cell holds a time of day: a day is expected."))
    if not 1 <= number <= _LAST_DAY or number == 60:
        return Broken("T435", _("The cell holds a day that no calendar has (number %(number)s).") % {"number": number})
    # Spreadsheets count a 29th of February 1900 that never was.
    return date(1899, 12, 31 if number < 60 else 30) + timedelta(days=number)


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text
