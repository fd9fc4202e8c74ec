"""The grammar of rate texts: recursive descent over one text, English and Russian notation together."""

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from lib.figures import ONE
from tariffs.rates.currencies import currency_at
from tariffs.rates.refusal import RateUnreadable
from tariffs.rates.tree import Component, Fixed, Free, Max, Min, Percent, Rate, Specific, Step, Sum
from tariffs.rates.units import CODES, COMPONENTS, CONTENTS, KILOGRAM, MASS_KINDS, RATE_UNITS, UNIT_FACTORS

MAX_LENGTH = 250
MAX_DEPTH = 8
MAX_DIGITS = 12
MAX_DECIMALS = 9

_END = r"(?![A-Za-zА-Яа-яЁё0-9])"
_MASSES = frozenset(unit.code for unit in RATE_UNITS if unit.base == KILOGRAM)


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _word(pattern: str) -> re.Pattern[str]:
    return _words(f"(?:{pattern}){_END}")


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _one_of(spellings: Iterable[tuple[str, str, str]], *, before: str = "") -> re.Pattern[str]:
    """One pattern for many things: the name of the group that matched is the code of the thing."""
    things = "|".join(f"(?P<{code}>{spelt}|{re.escape(russian)})" for code, spelt, russian in spellings)
    return _words(f"{before}(?:{things}){_END}")


# Numbers ------------------------------------------------------------------------------------------------------
# Groups of three digits are thousands where no other reading is possible; "1,234" could be either and is refused.
_SPACED = re.compile(r"[1-9][0-9]{0,2}(?:[ \u00a0\u202f][0-9]{3})+(?![0-9])")
_GROUPED = tuple(
    re.compile(rf"([1-9][0-9]{{0,2}}{thousands}){fraction}(?![.,]?[0-9])")
    for thousands, fraction in (
        (r"(?:[ \u00a0\u202f][0-9]{3})+", r"(?:[.,]([0-9]+))?"),
        (r"(?:,[0-9]{3})+", r"\.([0-9]+)"),
        (r"(?:\.[0-9]{3})+", r",([0-9]+)"),
        (r"(?:,[0-9]{3}){2,}", "()"),
        (r"(?:\.[0-9]{3}){2,}", "()"),
    )
)
_THREE = re.compile(r"[1-9][0-9]{0,2}[ \u00a0\u202f,.][0-9]{3}")
_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}(?![0-9])")
_SIMPLE = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?")
_ROUND_COUNT = re.compile(r"[1-9][0-9]{0,2}(?:[ \u00a0\u202f,]000)+(?![.,]?[0-9])")
_DIGIT = re.compile(r"(?=[0-9])")
_CENTS = _words(rf"(?:US)?¢|(?:US\s*)?cents?{_END}")

# Words --------------------------------------------------------------------------------------------------------
_SPACE = re.compile(r"\s*")
_PERCENT = _words(rf"%|per\s?cent{_END}|процент(?:а|ов)?{_END}")
_FREE = _word(r"free|exempt|nihil|nil|беспошлинно|свободно|освобожд(?:ено|ается)")
_CONDITION = _words(rf"cond(?:itions?)?\s*:|entry\s+price{_END}|при\s+условии{_END}|условие{_END}")
# A column headed "in per cent" writes the number alone; what follows shows that a share of the value is meant.
_OF_A_SHARE = _words(
    rf"(?=,?\s*(?:(?:но|but)\s+)?(?:не\s+(?:менее|более)|not\s+(?:less|more)\s+than|at\s+(?:least|most)){_END})"
)
_PLUS = _words(rf"\+|плюс{_END}|plus{_END}")
# A comma before `max(` separates the parts of a function; before a bare `max` it belongs to the bound.
_AT_LEAST = _word(
    r",?\s*(?:(?:но|but)\s+)?(?:не\s+менее(?:\s+чем)?|not\s+less\s+than|at\s+least)|"
    r"(?:,\s*(?!(?:min|мин)\s*\())?(?:min(?:imum)?|мин(?:имум)?)\.?"
)
_AT_MOST = _word(
    r",?\s*(?:(?:но|but)\s+)?(?:не\s+более(?:\s+чем)?|not\s+more\s+than|at\s+most)|"
    r"(?:,\s*(?!(?:max|макс)\s*\())?(?:max(?:imum)?|макс(?:имум)?)\.?"
)
_OR = _word(r",?\s*(?:or|или|либо)")
_GREATER = _word(
    r",?\s*(?:whichever\s+is\s+(?:the\s+)?(?:great|high)(?:er|est)|"
    r"(?:в\s+зависимости\s+от\s+того\s*,?|смотря\s*,?)\s*(?:что|какая\s+(?:сумма|ставка))\s+(?:больше|выше))"
)
_LESSER = _word(
    r",?\s*(?:whichever\s+is\s+(?:the\s+)?(?:less|lesser|least|low(?:er|est)|small(?:er|est))|"
    r"(?:в\s+зависимости\s+от\s+того\s*,?|смотря\s*,?)\s*(?:что|какая\s+(?:сумма|ставка))\s+(?:меньше|ниже))"
)
_FUNCTION = _words(r"(min|max|мин|макс|step|шкала)\s*\(")
_EACH = _words(rf"/|за{_END}(?:\s*кажд(?:ый|ую|ые|ое){_END})?|per{_END}")
_GROSS = _word(r"/?\s*(?:gross|brutto|br|брутто)")
_NET = _word(r"/?\s*(?:net(?:\s+(?:mass|weight|wt))?|(?:массы\s+)?нетто)")

# Units --------------------------------------------------------------------------------------------------------
_UNITS = _one_of((unit.code, unit.spellings, unit.russian) for unit in RATE_UNITS)
_KINDS = _one_of(((kind.code, kind.spellings, kind.russian) for kind in MASS_KINDS), before=r"/?\s*")
_CONTENTS = _one_of(
    ((kind.code, kind.spellings, kind.russian) for kind in CONTENTS.values()),
    before=rf"(?:/|за{_END}|per{_END})?\s*1?\s*",
)
_COMPONENTS = _one_of((kind.code, kind.spellings, kind.russian) for kind in COMPONENTS.values())
_KIND_LETTERS = {kind.letter: kind.code for kind in MASS_KINDS if kind.letter}
_CONTENT_LETTERS = {kind.letter: kind.code for kind in CONTENTS.values()}
_CODE = re.compile(rf"(?:{'|'.join(CODES)}|ASV\s*/?\s*X){_END}")
_STRENGTH = _words(rf"(?=%\s*vol|ASV{_END}|%\s*об)")
_THOUSAND = re.compile(rf"/?\s*C{_END}")
_LETTER = re.compile(rf"/?\s*([{''.join(_KIND_LETTERS)}{''.join(_CONTENT_LETTERS)}G]){_END}")


class _Reader:
    """Each method reads what its name says or raises `RateUnreadable`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.depth = 0

    def refuse(self, code: str, *, at: int | None = None, **values: object) -> RateUnreadable:
        return RateUnreadable(self.text, self.place if at is None else at, code, values)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What `pattern` matches here, after space; the place moves behind it."""
        self.skip()
        found = pattern.match(self.text, self.place)
        if found is not None:
            self.place = found.end()
        return found

    def skip(self) -> int:
        """Moves over space; the place where something can stand."""
        space = _SPACE.match(self.text, self.place)
        assert space is not None
        self.place = space.end()
        return self.place

    def code(self, pattern: re.Pattern[str]) -> str | None:
        """The code of what one of the spellings of `pattern` names here."""
        found = self.take(pattern)
        return None if found is None else found.lastgroup

    def sign(self, char: str) -> bool:
        if self.text[self.skip() : self.place + 1] != char:
            return False
        self.place += 1
        return True

    # Combinations ---------------------------------------------------------------------------------------------
    def whole(self) -> Rate:
        rate = self.rate()
        if self.skip() != len(self.text):
            raise self.refuse("condition" if _CONDITION.match(self.text, self.place) else "end")
        return rate

    def rate(self) -> Rate:
        """bounded [ { "or" bounded } "whichever is greater" ]."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.refuse("nesting", limit=MAX_DEPTH)
        parts = [self.bounded()]
        while self.take(_OR) is not None:
            parts.append(self.bounded())
        self.depth -= 1
        if len(parts) == 1:
            return parts[0]
        if self.take(_GREATER) is not None:
            return Max(tuple(parts))
        if self.take(_LESSER) is not None:
            return Min(tuple(parts))
        raise self.refuse("whichever")

    def bounded(self) -> Rate:
        """sum { ("min" | "max") sum }: "a min b" is at least b, "a max b" at most b; read from the left."""
        rate = self.sum()
        while True:
            if self.take(_AT_LEAST) is not None:
                rate = Max((rate, self.sum()))
            elif self.take(_AT_MOST) is not None:
                rate = Min((rate, self.sum()))
            else:
                return rate

    def sum(self) -> Rate:
        parts = [self.term()]
        while self.take(_PLUS) is not None:
            parts.append(self.term())
        return parts[0] if len(parts) == 1 else Sum(tuple(parts))

    def term(self) -> Rate:
        if self.take(_FREE) is not None:
            return Free()
        function = self.take(_FUNCTION)
        if function is not None:
            return self.function(function[1].lower())
        if self.sign("("):
            rate = self.rate()
            if not self.sign(")"):
                raise self.refuse("bracket")
            return rate
        if (component := self.code(_COMPONENTS)) is not None:
            return Component(component)
        return self.amount()

    def function(self, name: str) -> Rate:
        if name in ("step", "шкала"):
            return self.steps()
        parts = [self.rate()]
        while self.sign(",") or self.sign(";"):
            parts.append(self.rate())
        if len(parts) < 2:
            raise self.refuse("second_rate")
        if not self.sign(")"):
            raise self.refuse("comma_or_bracket")
        return Max(tuple(parts)) if name in ("max", "макс") else Min(tuple(parts))

    def steps(self) -> Rate:
        rows: list[tuple[Decimal, Rate]] = []
        while not rows or self.sign(";"):
            bound = self.number("bound")
            if rows and bound <= rows[-1][0]:
                raise self.refuse("bound_order")
            if not self.sign(":"):
                raise self.refuse("colon")
            rows.append((bound, self.rate()))
        if not self.sign(")"):
            raise self.refuse("semicolon_or_bracket")
        return Step(tuple(rows))

    # Amounts --------------------------------------------------------------------------------------------------
    def number(self, expected: str) -> Decimal:
        start = self.skip()
        for pattern in _GROUPED if _THREE.match(self.text, start) else ():
            if (found := self.take(pattern)) is not None:
                return self.decimal(_digits(found[1]), found[2] or "", start)
        if _AMBIGUOUS.match(self.text, start) is not None:
            raise self.refuse("number_ambiguous")
        if (found := self.take(_SIMPLE)) is None:
            raise self.refuse(expected)
        return self.decimal(found[1], found[2] or "", start)

    def decimal(self, whole: str, fraction: str, start: int) -> Decimal:
        if len(whole) > MAX_DIGITS or len(fraction) > MAX_DECIMALS:
            raise self.refuse("number_size", at=start, whole=MAX_DIGITS, decimals=MAX_DECIMALS)
        return Decimal(f"{whole}.{fraction}" if fraction else whole)

    def hundredth(self, number: Decimal, start: int) -> Decimal:
        """Dollars for so many cents."""
        if len(f"{number:f}".partition(".")[2]) > MAX_DECIMALS - 2:
            raise self.refuse("number_size", at=start, whole=MAX_DIGITS, decimals=MAX_DECIMALS - 2)
        return number.scaleb(-2)

    def currency(self) -> str | None:
        found = currency_at(self.text, self.skip())
        if found is None:
            return None
        code, self.place = found
        return code

    def amount(self) -> Rate:
        """One amount: `5%`, `20 TJS`, `£20`, `0.15 EUR/kg`, `176.8 EUR DTN`, `0`."""
        if (condition := self.take(_CONDITION)) is not None:
            raise self.refuse("condition", at=condition.start())
        currency, start = self.currency(), self.place
        number = self.number("number" if currency else "rate")
        if currency is None and (self.take(_PERCENT) is not None or self.take(_OF_A_SHARE) is not None):
            return Percent(number)
        if currency is None and self.take(_CENTS) is not None:
            number, currency = self.hundredth(number, start), "USD"
        currency = currency or self.currency()
        if currency is None:
            if number == 0:
                return Free()
            raise self.refuse("percent_or_currency")
        if self.take(_EACH) is not None or _CODE.match(self.text, self.skip()) is not None:
            return self.specific(number, currency)
        return Fixed(number, currency)

    def specific(self, number: Decimal, currency: str) -> Rate:
        """[ count [ count ] ] [ "gross" ] unit, and of a unit of mass what it is the mass of."""
        per = self.count()
        if per == 1 and self.take(_DIGIT) is not None:
            per = self.count()
        gross = self.take(_GROSS) is not None
        by_code = _CODE.match(self.text, self.skip()) is not None
        unit, times = self.unit()
        rate = Specific(number, currency, unit, per * times, gross)
        if unit in _MASSES:
            return self.mass(rate, by_code=by_code)
        if unit == "MTQ" and by_code and self.take(_THOUSAND) is not None:
            return replace(rate, per=rate.per * 1000)
        if gross or self.take(_GROSS) is not None:
            raise self.refuse("mass_unit")
        return rate

    def count(self) -> Decimal:
        """How many units the amount is for: "1000", "1 000", "1,000"; 1 where none stands here."""
        start = self.skip()
        if (found := self.take(_ROUND_COUNT)) is not None:
            return self.decimal(_digits(found.group()), "", start)
        if _SPACED.match(self.text, start) is not None:
            raise self.refuse("count_ambiguous")
        if self.take(_DIGIT) is None:
            return ONE
        count = self.number("count")
        if count == 0:
            raise self.refuse("count", at=start)
        return count

    def unit(self) -> tuple[str, Decimal]:
        """A unit of measure by code or in words, and how many of it that is ("DTN": 100 kg)."""
        if (code := self.take(_CODE)) is not None:
            return CODES.get(code.group()) or ("LPA", ONE)
        if (unit := self.code(_UNITS)) is not None:
            return unit, ONE
        raise self.refuse("strength" if self.take(_STRENGTH) is not None else "unit")

    def mass(self, rate: Specific, *, by_code: bool) -> Rate:
        """The mass of what: net, gross, of a part of the goods, or net for each per cent of a content."""
        if rate.gross or self.take(_GROSS) is not None:
            return replace(rate, gross=True)
        self.take(_NET)
        if by_code and (letter := self.take(_LETTER)) is not None:
            if letter[1] == "G":
                return replace(rate, gross=True)
            kind, content = _KIND_LETTERS.get(letter[1]), _CONTENT_LETTERS.get(letter[1], "")
        else:
            kind = self.code(_KINDS)
            content = "" if kind else self.code(_CONTENTS) or ""
        if kind is None and not content:
            return rate
        return replace(rate, unit=kind or KILOGRAM, per=rate.per * UNIT_FACTORS[rate.unit][1], content=content)


@lru_cache(maxsize=20_000)
def parse(text: str) -> Rate:
    """Read a rate text. Raises `RateUnreadable`, which says what was expected and where."""
    if len(text) > MAX_LENGTH:
        raise RateUnreadable(text, MAX_LENGTH, "length", {"limit": MAX_LENGTH})
    return _Reader(text).whole()
