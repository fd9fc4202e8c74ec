"""Whether anything that can be declared meets conditions: values are tried that could tell them apart.

For numbers the ends of every range, what lies between and beyond; for codes of a list each of them; for other texts
what the conditions name, with something before and behind it, and a text that none names.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import pairwise, product

from risk.boxes import FIELDS, Field, has_whole_codes
from risk.scoring import NEGATIVE, Condition, Value, check_of

Codes = Callable[[str], Collection[str]]
_TINY, _HUGE = Decimal("0.0001"), Decimal(10) ** 15
_MOST = 4_000
# What is declared of the first is never more than of the second; of flags: the first is never so without the second.
_AT_MOST = (
    ("item.net_mass", "item.gross_mass"),
    ("item.gross_mass", "header.total_gross_mass"),
    ("item.net_mass", "header.total_gross_mass"),
    ("item.packages_number", "header.total_packages"),
    ("item.customs_value", "header.customs_value"),
    ("traveller.children", "traveller.people"),
    ("item.value_below_p10", "item.value_below_p25"),
)


class Domains:
    """What can be declared in each field that conditions ask for, as far as it makes a difference to them."""

    def __init__(self, conditions: Sequence[Condition], *, codes: Codes, digits: int) -> None:
        self._conditions, self._codes, self._digits = conditions, codes, digits
        self._known: dict[str, list[Value]] = {}

    def values(self, name: str) -> list[Value]:
        """Single values of a field; what may be missing is tried besides."""
        if name not in self._known:
            conditions = [each for each in self._conditions if each.field == name]
            self._known[name] = _values(FIELDS[name], conditions, self._codes, digits=self._digits)
        return self._known[name]

    def met(self, condition: Condition) -> list[bool]:
        """Whether the condition is met by each value that its field can have, and by none."""
        check, field = check_of(condition), FIELDS[condition.field]
        values = [frozenset({str(each)}) for each in self.values(field.key)] if field.many else self.values(field.key)
        return [check(value) for value in (*values, *(() if field.always else (None,)))]

    def leave(self, name: str, conditions: Sequence[Condition]) -> list[Value | None]:
        """What a field can have so that all these conditions on it hold; nothing where they exclude each other."""
        field = FIELDS[name]
        checks = [check_of(each) for each in conditions]
        tried: list[Value | None] = [*([] if field.always else [None])]
        if field.many:
            # Several may be declared: whatever no condition forbids, all at once.
            forbids = [check_of(each) for each in conditions if each.op in NEGATIVE]
            allowed = [text for text in self.values(name) if all(check(text) for check in forbids)]
            tried += [frozenset(map(str, allowed))] if allowed else []
        else:
            tried += self.values(name)
        return [value for value in tried if all(check(value) for check in checks)]


def clashes(
    conditions: Sequence[Condition], domains: Domains, *, given: Sequence[Condition]
) -> Iterator[tuple[int, Sequence[int]]]:
    """Places of conditions that leave nothing together: the last of them, and the others. `given` hold besides."""
    left: dict[str, list[Value | None]] = {}
    for name in dict.fromkeys(each.field for each in conditions):
        places = [place for place, each in enumerate(conditions) if each.field == name]
        besides = [each for each in given if each.field == name]
        left[name] = domains.leave(name, [*(conditions[place] for place in places), *besides])
        if not left[name]:
            alone = domains.leave(name, [conditions[place] for place in places])
            yield places[-1], [] if alone else places[:-1]
    for lower, upper in _AT_MOST:
        least, most = _ends(left.get(lower)), _ends(left.get(upper))
        if least and most and least[0] > most[1]:
            about = [place for place, each in enumerate(conditions) if each.field in (lower, upper)]
            yield about[-1], about[:-1]


def _ends(values: Sequence[Value | None] | None) -> tuple[Decimal, Decimal] | None:
    """The least and the greatest of numbers that are declared for certain; no and yes are 0 and 1."""
    numbers = [Decimal(value) for value in values or () if isinstance(value, (Decimal, bool))]
    return (min(numbers), max(numbers)) if numbers and None not in (values or ()) else None


def _values(field: Field, conditions: Sequence[Condition], codes: Codes, *, digits: int) -> list[Value]:
    if field.kind == "flag":
        return [True, False]
    if field.kind == "number":
        return list(_numbers(field, conditions))
    if field.choices:
        return sorted(field.choices)
    listed = codes(field.codes) if field.codes and field.codes != "commodity" else ()
    return list(listed) if listed else [*_Texts(field, conditions, digits=digits).tried]


def _numbers(field: Field, conditions: Sequence[Condition]) -> Iterator[Decimal]:
    step = Decimal(1) if field.whole else _TINY
    named = [number for each in conditions for number in (each.number, each.upto) if number is not None]
    bounds = [bound for bound in (field.least, field.most, Decimal(0), _HUGE) if bound is not None]
    ends = sorted({*bounds, *(number + shift for number in named for shift in (-step, 0, step))})
    between = ((low + high) / 2 for low, high in pairwise(ends))
    for number in sorted({*ends, *(value.to_integral_value() if field.whole else value for value in between)}):
        fits = (field.least is None or field.least <= number) and (field.most is None or number <= field.most)
        if fits and not (field.whole and number != number.to_integral_value()):
            yield number


class _Texts:
    """Texts that tell the conditions on one field apart, of the length that the field has."""

    def __init__(self, field: Field, conditions: Sequence[Condition], *, digits: int) -> None:
        self.field, self.conditions = field, conditions
        self.digits = digits if has_whole_codes(field.key) else 0

    @cached_property
    def tried(self) -> list[str]:
        exact, begin, inside = self._named("=", "!=", "in", "not_in"), self._named("starts_with"), self._inside()
        listed = [entry for each in self.conditions for entry in sorted(each.entries)[:_MOST]]
        ends = [value for each in self.conditions if each.op == "between" for value in each.values]
        begin += [*listed, *ends] if self.field.spelling == "commodity" else []
        fill = "0123456789" if self.field.spelling == "commodity" else ("", "X", "~")
        beginnings = ["", *begin]
        made = (first + middle + last for first, middle, last in product(beginnings, inside, fill))
        return list(dict.fromkeys([*exact, *listed, *filter(None, map(self._as_long_as_declared, made))]))[:_MOST]

    def _named(self, *operators: str) -> list[str]:
        return [value for each in self.conditions if each.op in operators for value in each.values]

    def _inside(self) -> list[str]:
        """Nothing, each text that has to stand somewhere, and one of each condition at once."""
        wanted = [each.values for each in self.conditions if each.op == "contains"]
        at_once = ["".join(some) for some in product(*wanted)][:50] if len(wanted) > 1 else []
        return ["", *(value for values in wanted for value in values), *at_once]

    def _as_long_as_declared(self, text: str) -> str:
        return (text + text[-1:] * self.digits)[: self.digits] if self.digits else text
