"""Conditions as they are written and kept, read into those that scoring compares with."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal, InvalidOperation

from lib.numbers import NotANumber, read_number
from lib.spelling import plain_plate, searched, searched_container, with_plain_digits
from risk.boxes import FIELDS, Field
from risk.scoring import LIST_OPERATORS, Condition
from risk.selectors.lists import Listed

_SPELLINGS: Mapping[str, Callable[[str], str]] = {
    "code": searched, "commodity": searched_container, "container": searched_container, "plate": plain_plate,
}  # fmt: skip
_ENDS = re.compile(r"\s*(?:\.\.+|…|–|—|\s-\s|;)\s*")


def read(conditions: Sequence[Mapping[str, str]], lists: Mapping[str, Listed]) -> tuple[Condition, ...]:
    """Conditions that were judged good, as scoring takes them; `lists` by code, as of the day."""
    return tuple(read_one(each, lists) for each in conditions)


def read_one(row: Mapping[str, str], lists: Mapping[str, Listed]) -> Condition:
    """One of them. Raises InvalidOperation for what is no number, KeyError for what is no field."""
    known, op, text, group = FIELDS[row["field"]], row["op"], str(row.get("value", "")), str(row.get("group", ""))
    if op in ("empty", "filled"):
        return Condition(known.key, op, group=group)
    if op in LIST_OPERATORS:
        return _of_list(known, op, text, lists, group)
    if op == "between":
        low, high = ends_of(text) or (text, text)
        if known.kind == "number":
            return Condition(known.key, op, number=number_of(low), upto=number_of(high), group=group)
        return Condition(known.key, op, values=(*spelt(known, low)[:1], *spelt(known, high)[:1]), group=group)
    if known.kind == "number":
        return Condition(known.key, op, number=number_of(text), group=group)
    return Condition(known.key, op, values=spelt(known, text), group=group)


def _of_list(known: Field, op: str, text: str, lists: Mapping[str, Listed], group: str) -> Condition:
    code = text.strip().upper()
    found = lists.get(code)
    if found is None:
        return Condition(known.key, op, values=(code,), group=group)
    named = f"{code} v{found.number}"
    return Condition(
        known.key, op, values=(named,), entries=found.entries, begins=found.kind == "commodity", group=group
    )


def alternatives(text: str) -> tuple[str, ...]:
    """Texts between commas, in capitals."""
    return tuple(part.strip().upper() for part in text.split(",") if part.strip())


def spelt(known: Field, text: str) -> tuple[str, ...]:
    """Alternatives in the spelling in which declarations keep them."""
    spelling = _SPELLINGS.get(known.spelling, str)
    return tuple(filter(None, (spelling(part) for part in alternatives(text))))


def ends_of(text: str) -> tuple[str, str] | None:
    """The two ends of a range: “10 .. 20”, “10 – 20”, “10; 20”."""
    parts = [part for part in _ENDS.split(text.strip()) if part.strip()]
    return (parts[0], parts[1]) if len(parts) == 2 else None


def number_of(text: str) -> Decimal:
    """A number as people write it: “1 200,5”, “1,200.50”. Raises InvalidOperation.

    Kept conditions may hold what is refused by now: with powers of ten, or with one comma, which was a decimal one.
    """
    with suppress(NotANumber):
        return read_number(text)
    number = Decimal("".join(with_plain_digits(text).split()).replace(",", "."))
    if not number.is_finite():
        raise InvalidOperation
    return number
