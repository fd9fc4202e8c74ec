"""Rate texts: one grammar for the notations of tariffs, read into a small tree and printed back.

`parse` reads English and Russian notation, `text_of` prints the canonical English one, and
`parse(text_of(rate)) == rate`. What cannot be read is refused with its place, never guessed and never zero.
The written definition is docs/rates.md.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

MAX_LENGTH = 250
MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate as the law writes it."""


@dataclass(frozen=True, slots=True)
class Free(Rate):
    """Nothing is charged."""


@dataclass(frozen=True, slots=True)
class Percent(Rate):
    """`value` per cent of the base."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Fixed(Rate):
    """An amount of money, whatever the goods."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Specific(Rate):
    """`amount` of `currency` for each `per` of `unit` (UNECE Recommendation 20); `gross`: of the gross mass."""

    amount: Decimal
    currency: str
    unit: str
    per: Decimal = Decimal(1)
    gross: bool = False


@dataclass(frozen=True, slots=True)
class Sum(Rate):
    """All parts together ("плюс")."""

    parts: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class Max(Rate):
    """The greatest of the parts: "10% min 0.15 EUR/kg", "но не менее"."""

    parts: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class Min(Rate):
    """The least of the parts: "10% max 2 EUR/kg", "но не более"."""

    parts: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class Step(Rate):
    """A table by the size of the base, in national currency: the last row whose bound is not above it counts."""

    rows: tuple[tuple[Decimal, Rate], ...]


class RateUnreadable(ValueError):
    """`text` cannot be read; `position` counts from 0, `expected` says what would have been understood there."""

    def __init__(self, text: str, position: int, expected: str) -> None:
        self.text, self.position, self.expected = text, position, expected
        found = text[position : position + 20].strip() or "the end"
        super().__init__(f"“{text}” cannot be read at character {position + 1} (“{found}”): expected {expected}.")


@dataclass(frozen=True, slots=True)
class RateUnit:
    """A unit of measure that a rate may name: UNECE code, canonical symbol, how texts spell it.

    One of it makes `factor` of `base`.
    """

    code: str
    symbol: str
    spellings: str
    base: str
    factor: Decimal = Decimal(1)


RATE_UNITS: tuple[RateUnit, ...] = (
    RateUnit(
        "LPA",
        "l alc. 100%",
        r"%\s*vol\s*/\s*hl|l(?:itres?)?\s*alc\.?\s*100\s*%|l\s*pa|lpa|"
        r"л\s*(?:100\s*%|чистого|безводного)\s*(?:этилового\s*)?спирта",
        "LPA",
    ),
    RateUnit("KGM", "kg", r"kg|kilograms?|кг|килограмм(?:а|ов)?", "KGM"),
    RateUnit("KWH", "kWh", r"kwh|квт\W?ч", "KWH"),
    RateUnit("GRM", "g", r"gr?|grams?|гр?|грамм(?:а|ов)?", "KGM", Decimal("0.001")),
    RateUnit("TNE", "t", r"tonnes?|t|тонн[аыу]?|т", "KGM", Decimal("1000")),
    RateUnit("HLT", "hl", r"hl|hectolit(?:re|er)s?|гл|гектолитр(?:а|ов)?", "LTR", Decimal("100")),
    RateUnit("CMQ", "cm3", r"c[mc](?:3|³)|cc|см(?:3|³)(?:\s*,\s*мл)?|куб\.?\s*см", "LTR", Decimal("0.001")),
    RateUnit("MTQ", "m3", r"m(?:3|³)|м(?:3|³)|куб\.?\s*м", "LTR", Decimal("1000")),
    RateUnit("MTK", "m2", r"m(?:2|²)|м(?:2|²)|кв\.?\s*м", "MTK"),
    RateUnit("LTR", "l", r"lit(?:re|er)s?|l|литр(?:а|ов)?|л", "LTR"),
    RateUnit("PR", "pair", r"pairs?|пар[аыу]?", "PR"),
    RateUnit("NAR", "pcs", r"pcs|pieces?|pc|items?|p/st|шт(?:ук[аи]?)?\.?", "NAR"),
    RateUnit("CTM", "carat", r"carats?|карат(?:а|ов)?", "CTM"),
    RateUnit("MTR", "m", r"met(?:re|er)s?|m|метр(?:а|ов)?|м", "MTR"),
)
UNIT_SYMBOLS = {unit.code: unit.symbol for unit in RATE_UNITS}
UNIT_FACTORS = {unit.code: (unit.base, unit.factor) for unit in RATE_UNITS}

_WORD_END = r"(?![A-Za-zА-Яа-яЁё0-9])"
_UNITS = [(unit.code, re.compile(f"(?:{unit.spellings}){_WORD_END}", re.IGNORECASE)) for unit in RATE_UNITS]
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_PERCENT = re.compile(rf"%|per\s?cent{_WORD_END}|процент(?:а|ов)?{_WORD_END}", re.IGNORECASE)
_FREE = re.compile(rf"(?:free|exempt|беспошлинно|свободно|освобожд(?:ено|ается)){_WORD_END}", re.IGNORECASE)
_CURRENCY = re.compile(rf"[A-Z]{{3}}{_WORD_END}|евро{_WORD_END}|долл(?:\.|ар(?:а|ов)?)\s*США{_WORD_END}|€")
_CURRENCY_WORDS = {"евро": "EUR", "€": "EUR"}
_PLUS = re.compile(rf"\+|плюс{_WORD_END}|plus{_WORD_END}", re.IGNORECASE)
# A comma before `max(` separates the parts of a function; before a bare `max` it belongs to the bound.
_AT_LEAST = re.compile(
    rf",?\s*(?:но\s+)?не\s+менее{_WORD_END}|(?:\s*|,\s*(?!min\s*\())min(?:imum)?\.?{_WORD_END}", re.IGNORECASE
)
_AT_MOST = re.compile(
    rf",?\s*(?:но\s+)?не\s+более{_WORD_END}|(?:\s*|,\s*(?!max\s*\())max(?:imum)?\.?{_WORD_END}", re.IGNORECASE
)
_FUNCTION = re.compile(r"(min|max|мин|макс|step|шкала)\s*\(", re.IGNORECASE)
_EACH = re.compile(rf"/|за{_WORD_END}|per{_WORD_END}", re.IGNORECASE)
_GROSS = re.compile(rf"\s*(?:gross|брутто){_WORD_END}", re.IGNORECASE)
_SPACE = re.compile(r"\s*")


class _Reader:
    """Recursive descent over one text. Each method reads what its name says or raises `RateUnreadable`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.depth = 0

    def refuse(self, expected: str) -> RateUnreadable:
        return RateUnreadable(self.text, self.place, expected)

    def take(self, pattern: re.Pattern[str]) -> str | None:
        """The text that `pattern` matches here, after space; the place moves behind it."""
        self.place = _SPACE.match(self.text, self.place).end()  # type: ignore[union-attr]
        found = pattern.match(self.text, self.place)
        if found is None:
            return None
        self.place = found.end()
        return found.group()

    def sign(self, char: str) -> bool:
        return self.take(re.compile(re.escape(char))) is not None

    def number(self, expected: str) -> Decimal:
        found = self.take(_NUMBER)
        if found is None:
            raise self.refuse(expected)
        return Decimal(found.replace(",", "."))

    def whole(self) -> Rate:
        rate = self.rate()
        self.take(_SPACE)
        if self.place != len(self.text):
            raise self.refuse("the end, “+”, “min” or “max”")
        return rate

    def rate(self) -> Rate:
        """sum { ("min" | "max") sum }: "a min b" is at least b, "a max b" at most b; read from the left."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.refuse(f"no more than {MAX_DEPTH} levels of nesting")
        rate = self.sum()
        while True:
            if self.take(_AT_LEAST) is not None:
                rate = Max((rate, self.sum()))
            elif self.take(_AT_MOST) is not None:
                rate = Min((rate, self.sum()))
            else:
                self.depth -= 1
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
            return self.function(function.rstrip("( \t").lower())
        if self.sign("("):
            rate = self.rate()
            if not self.sign(")"):
                raise self.refuse("“)”")
            return rate
        return self.amount()

    def function(self, name: str) -> Rate:
        if name in ("step", "шкала"):
            return self.steps()
        parts = [self.rate()]
        while self.sign(",") or self.sign(";"):
            parts.append(self.rate())
        if len(parts) < 2:
            raise self.refuse("a comma and a second rate")
        if not self.sign(")"):
            raise self.refuse("“,” or “)”")
        return Max(tuple(parts)) if name in ("max", "макс") else Min(tuple(parts))

    def steps(self) -> Rate:
        rows: list[tuple[Decimal, Rate]] = []
        while not rows or self.sign(";"):
            bound = self.number("the value from which the step counts")
            if rows and bound <= rows[-1][0]:
                raise self.refuse("a value greater than that of the step before")
            if not self.sign(":"):
                raise self.refuse("“:”")
            rows.append((bound, self.rate()))
        if not self.sign(")"):
            raise self.refuse("“;” or “)”")
        return Step(tuple(rows))

    def amount(self) -> Rate:
        number = self.number("a number, “Free”, “min(”, “max(”, “step(” or “(”")
        if self.take(_PERCENT) is not None:
            return Percent(number)
        currency = self.take(_CURRENCY)
        if currency is None:
            if number == 0:
                return Free()
            raise self.refuse("“%” or a currency code such as EUR")
        code = _CURRENCY_WORDS.get(currency, "USD" if currency.startswith("долл") else currency)
        return self.specific(number, code) if self.take(_EACH) is not None else Fixed(number, code)

    def specific(self, number: Decimal, currency: str) -> Rate:
        self.take(_SPACE)
        per, start = Decimal(1), self.place
        while (count := self.take(_NUMBER)) is not None:
            per *= Decimal(count.replace(",", "."))
        if per <= 0:
            self.place = start
            raise self.refuse("a count greater than zero")
        gross_first = self.take(_GROSS) is not None
        for unit, pattern in _UNITS:
            if self.take(pattern) is not None:
                gross = gross_first or self.take(_GROSS) is not None
                if gross and unit not in ("KGM", "TNE", "GRM"):
                    raise self.refuse("a unit of mass beside “gross”")
                return Specific(number, currency, unit, per, gross)
        raise self.refuse("a unit such as kg, l, pcs, pair, m2, cm3 or t")


@lru_cache(maxsize=20_000)
def parse(text: str) -> Rate:
    """Read a rate text. Raises `RateUnreadable`, which says what was expected and where."""
    if len(text) > MAX_LENGTH:
        raise RateUnreadable(text, MAX_LENGTH, f"no more than {MAX_LENGTH} characters")
    return _Reader(text).whole()


def number_text(number: Decimal) -> str:
    """A number without exponent and trailing zeros: 0.150 -> "0.15"."""
    plain = format(number, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def text_of(rate: Rate) -> str:
    """The canonical English notation of `rate`."""
    return _PRINTERS[type(rate)](rate)


def unit_text(rate: Specific) -> str:
    """What a specific rate counts: "kg", "1000 pcs", "kg gross"."""
    count = "" if rate.per == 1 else f"{number_text(rate.per)} "
    return f"{count}{UNIT_SYMBOLS[rate.unit]}{' gross' if rate.gross else ''}"


def _specific_text(rate: Specific) -> str:
    return f"{number_text(rate.amount)} {rate.currency}/{unit_text(rate)}"


def _bracketed(rate: Rate, *plain: type[Rate]) -> str:
    return text_of(rate) if isinstance(rate, plain) else f"({text_of(rate)})"


_LEAVES = (Free, Percent, Fixed, Specific, Step)


def _sum_text(rate: Sum) -> str:
    return " + ".join(_bracketed(part, *_LEAVES) for part in rate.parts)


def _bounded_text(rate: Max | Min) -> str:
    infix, function = ("min", "max") if isinstance(rate, Max) else ("max", "min")
    if len(rate.parts) == 2:
        first, second = rate.parts
        two_sided = isinstance(first, Max | Min) and len(first.parts) == 2
        left = text_of(first) if two_sided else _bracketed(first, Sum, *_LEAVES)
        return f"{left} {infix} {_bracketed(second, Sum, *_LEAVES)}"
    return f"{function}({', '.join(text_of(part) for part in rate.parts)})"


def _step_text(rate: Step) -> str:
    rows = "; ".join(f"{number_text(bound)}: {text_of(part)}" for bound, part in rate.rows)
    return f"step({rows})"


_PRINTERS: dict[type[Rate], Callable[..., str]] = {
    Free: lambda rate: "Free",
    Percent: lambda rate: f"{number_text(rate.value)}%",
    Fixed: lambda rate: f"{number_text(rate.amount)} {rate.currency}",
    Specific: _specific_text,
    Sum: _sum_text,
    Max: _bounded_text,
    Min: _bounded_text,
    Step: _step_text,
}


def leaves(rate: Rate) -> Iterator[Rate]:
    """Every part of `rate` that is not itself a combination."""
    if isinstance(rate, Sum | Max | Min):
        for part in rate.parts:
            yield from leaves(part)
    elif isinstance(rate, Step):
        for _, part in rate.rows:
            yield from leaves(part)
    else:
        yield rate


def currencies_of(rate: Rate) -> frozenset[str]:
    """Currencies whose exchange rate is needed to compute `rate`."""
    return frozenset(leaf.currency for leaf in leaves(rate) if isinstance(leaf, Specific | Fixed))


def units_of(rate: Rate) -> frozenset[str]:
    """Units in which a quantity is needed to compute `rate`."""
    return frozenset(leaf.unit for leaf in leaves(rate) if isinstance(leaf, Specific))
