"""The one table of features, and the memory they are read from. What a feature knows comes from earlier days alone."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from risk.learning.lines import Line, by_day

NOTHING = math.nan
_CAUTION = 3.0  # so many findings of the average stand beside those of a key: one finding proves little
_ENOUGH = 5  # lines from which on a spread of prices is one


def _hs(digits: int) -> Callable[[Line], str]:
    return lambda line: line.code[:digits] if len(line.code) >= digits else ""


def _band(line: Line) -> str:
    """Net mass in steps of half an octave."""
    return "" if not line.mass or line.mass <= 0 else str(math.floor(2 * math.log2(line.mass)))


def _text(number: float | None) -> str:
    return "" if number is None else f"{number:.6g}"


PARTS: dict[str, Callable[[Line], str]] = {
    "code": _hs(6),
    "heading": _hs(4),
    "chapter": _hs(2),
    "mass": lambda line: _text(line.mass),
    "price": lambda line: _text(line.unit_price),
    "band": _band,
    **{
        name: (lambda line, name=name: getattr(line, name))  # type: ignore[misc]
        for name in (
            *("office", "origin", "departure", "tax", "indicator", "regime", "use", "payment", "mode"),
            *("importer", "seller", "declarant", "courier"),
        )
    },
}
# What earlier lines with the same of these had: the share found wrong, and how many were looked at.
KEYS: tuple[tuple[str, ...], ...] = (
    *(("code",), ("heading",), ("chapter",), ("origin",), ("departure",), ("office",), ("tax",), ("indicator",)),
    *(("regime",), ("use",), ("payment",), ("mode",)),
    *(("code", "origin"), ("heading", "origin"), ("chapter", "origin"), ("code", "departure"), ("code", "tax")),
    *(("office", "origin"), ("code", "band"), ("code", "origin", "band"), ("code", "regime")),
    *(("code", "price"), ("code", "mass"), ("code", "origin", "mass"), ("code", "tax", "mass")),
    *(("importer",), ("seller",), ("declarant",), ("courier",), ("importer", "code"), ("seller", "code")),
)
# Against whose value per kilogram a line's is held.
PRICED: tuple[tuple[str, ...], ...] = (("code", "origin"), ("code",), ("heading",))


def _log(number: float | None) -> float:
    return NOTHING if number is None or number <= 0 else math.log(number)


def _ratio(above: float | None, below: float | None) -> float:
    return NOTHING if above is None or not below or below <= 0 else above / below


def _figures(number: float | None) -> float:
    """How many figures a number is written with: 2,000 has one, 1,987.35 has six. Round numbers are often guesses."""
    return NOTHING if number is None else float(len(f"{number:.2f}".replace(".", "").strip("0")))


MEASURES: dict[str, Callable[[Line], float]] = {
    "mass": lambda line: _log(line.mass),
    "price": lambda line: _log(line.price),
    "unit_price": lambda line: _log(line.unit_price),
    "rate": lambda line: NOTHING if line.rate is None else line.rate,
    "gross": lambda line: _ratio(line.gross, line.mass),
    "lines": lambda line: float(line.lines),
    "mass_figures": lambda line: _figures(line.mass),
    "price_figures": lambda line: _figures(line.price),
}


def _name(key: Sequence[str]) -> str:
    return "+".join(key)


FEATURES: tuple[str, ...] = (
    *MEASURES,
    *(f"{kind}:{_name(key)}" for key in KEYS for kind in ("wrong", "seen")),
    *(f"{kind}:{_name(key)}" for key in PRICED for kind in ("apart", "spread")),
)


@dataclass(slots=True)
class Memory:
    """What was known on a day. `found`: looked at, found wrong and seen by key; `prices`: count, sum, squares by key.

    `row` reads, `learn` adds; whoever wants features without a look into the future asks for the rows of a day first.
    """

    looked: int = 0
    wrong: int = 0
    found: dict[str, dict[str, list[int]]] = field(default_factory=lambda: {_name(key): {} for key in KEYS})
    prices: dict[str, dict[str, list[float]]] = field(default_factory=lambda: {_name(key): {} for key in PRICED})

    def row(self, line: Line) -> list[float]:
        """The features of one line in the order of FEATURES; NaN is what is not known."""
        parts = {name: read(line) for name, read in PARTS.items()}
        row = [measure(line) for measure in MEASURES.values()]
        average = self.wrong / self.looked if self.looked else 0.0
        for key in KEYS:
            row += self._found(_joined(key, parts), self.found[_name(key)], average)
        value = _log(line.unit_price)
        for key in PRICED:
            row += _held_against(value, self.prices[_name(key)].get(_joined(key, parts)))
        return row

    def _found(self, text: str, known: Mapping[str, list[int]], average: float) -> tuple[float, float]:
        if not text:
            return NOTHING, NOTHING
        looked, wrong, seen = known.get(text, (0, 0, 0))
        return ((wrong + _CAUTION * average) / (looked + _CAUTION) if looked else NOTHING), math.log1p(seen)

    def learn(self, line: Line) -> None:
        """Add one line and what was found on it."""
        parts = {name: read(line) for name, read in PARTS.items()}
        looked, wrong = int(line.wrong is not None), int(bool(line.wrong))
        self.looked, self.wrong = self.looked + looked, self.wrong + wrong
        for key in KEYS:
            if text := _joined(key, parts):
                counts = self.found[_name(key)].setdefault(text, [0, 0, 0])
                counts[0] += looked
                counts[1] += wrong
                counts[2] += 1
        value = _log(line.unit_price)
        if math.isnan(value):
            return
        for key in PRICED:
            if text := _joined(key, parts):
                moments = self.prices[_name(key)].setdefault(text, [0.0, 0.0, 0.0])
                for place, each in enumerate((1.0, value, value * value)):
                    moments[place] += each

    def rows_then_learn(self, lines: Iterable[Line]) -> list[list[float]]:
        """Rows of the lines in the order of `by_day`, each from what was known before its day; all are learnt."""
        rows: list[list[float]] = []
        for day in by_day(lines):
            rows += [self.row(line) for line in day]
            for line in day:
                self.learn(line)
        return rows

    def as_data(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {"looked": self.looked, "wrong": self.wrong, "found": self.found, "prices": self.prices}

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> "Memory":
        """The memory that `as_data` was made of. Raises KeyError where a table is missing."""
        return cls(
            looked=data["looked"],
            wrong=data["wrong"],
            found={_name(key): data["found"][_name(key)] for key in KEYS},
            prices={_name(key): data["prices"][_name(key)] for key in PRICED},
        )


def _joined(key: Sequence[str], parts: Mapping[str, str]) -> str:
    """The parts as one text; empty where one of them is not known."""
    texts = [parts[name] for name in key]
    return "|".join(texts) if all(texts) else ""


def _held_against(value: float, moments: Sequence[float] | None) -> tuple[float, float]:
    """How far a value lies from the mean of its kind, as a logarithm and in standard deviations."""
    if moments is None or math.isnan(value):
        return NOTHING, NOTHING
    count, total, squares = moments
    apart = value - total / count
    if count < _ENOUGH:
        return apart, NOTHING
    return apart, apart / math.sqrt(max(squares / count - (total / count) ** 2, 0.0) + 0.01)
