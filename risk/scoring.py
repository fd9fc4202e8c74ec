"""Selectivity: facts and criteria in, lane and hits out. Pure; the random share follows from a given draw."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from lib.figures import plain

Value = str | Decimal | bool | frozenset[str]

LANES = ("green", "blue", "yellow", "red")
OPERATORS = ("=", "!=", "<", "<=", ">", ">=", "in", "not_in", "starts_with", "contains", "empty", "filled")
NUMBER_OPERATORS = frozenset({"=", "!=", "<", "<=", ">", ">=", "empty", "filled"})
TEXT_OPERATORS = frozenset({"=", "!=", "in", "not_in", "starts_with", "contains", "empty", "filled"})


@dataclass(frozen=True, slots=True)
class Condition:
    """`field` is a level and a field of the box table ("item.origin_country"), or a reckoned one.

    `values` are the alternatives of a text, in capitals; `number` is what a number is compared with.
    """

    field: str
    op: str
    values: tuple[str, ...] = ()
    number: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CriterionFact:
    """A criterion in force. `share` is a percentage; no `offices` means every office."""

    pk: int
    code: str
    lane: str
    conditions: tuple[Condition, ...] = ()
    share: Decimal = Decimal(100)
    offices: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What one item declares, by field ("item.net_mass", "document.code")."""

    number: int
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a declaration declares. Texts are in capitals; a field that is empty is absent."""

    office: str
    header: Mapping[str, Value]
    items: tuple[ItemFacts, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a condition held: the field and what was declared there (empty: nothing)."""

    field: str
    op: str
    wanted: str
    found: str


@dataclass(frozen=True, slots=True)
class HitFact:
    """A criterion that was met, on which items (none: on the header), and whether its share drew it."""

    pk: int
    code: str
    lane: str
    items: tuple[int, ...]
    selected: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """The lane, and every criterion that was met."""

    lane: str
    hits: tuple[HitFact, ...]


def score(facts: Facts, criteria: Sequence[CriterionFact], draw: str) -> Result:
    """The highest lane among selected hits (red > yellow > blue > green), green without any.

    `draw` decides the random share: the same draw and criterion always give the same answer, so a task that is
    repeated, or an amendment that keeps its MRN, cannot change the lane by luck.
    """
    hits = tuple(_hits(facts, criteria, draw))
    return Result(lane=max((hit.lane for hit in hits if hit.selected), key=LANES.index, default="green"), hits=hits)


def is_drawn(draw: str, code: str, share: Decimal) -> bool:
    """Whether the ticket of `draw` for criterion `code`, one of 10,000, lies within `share` percent."""
    ticket = int.from_bytes(hashlib.sha256(f"{draw}|{code}".encode()).digest()[:8], "big") % 10_000
    return ticket < share * 100


def _hits(facts: Facts, criteria: Sequence[CriterionFact], draw: str) -> Iterator[HitFact]:
    for criterion in criteria:
        if criterion.offices and facts.office not in criterion.offices:
            continue
        met = _met(facts, criterion.conditions)
        if met is None:
            continue
        items, reasons = met
        selected = is_drawn(draw, criterion.code, criterion.share)
        yield HitFact(criterion.pk, criterion.code, criterion.lane, items, selected, reasons)


def _met(facts: Facts, conditions: Sequence[Condition]) -> tuple[tuple[int, ...], tuple[Reason, ...]] | None:
    """Items on which every condition holds together, and why; None where the criterion is not met."""
    of_items = [each for each in conditions if each.field.startswith(("item.", "document."))]
    of_header = [each for each in conditions if each not in of_items]
    if not all(holds(each, facts.header.get(each.field)) for each in of_header):
        return None
    items = [item for item in facts.items if all(holds(each, item.values.get(each.field)) for each in of_items)]
    if of_items and not items:
        return None
    first = items[0].values if items else {}
    reasons = chain(
        (_reason(each, facts.header.get(each.field)) for each in of_header),
        (_reason(each, first.get(each.field)) for each in of_items),
    )
    return (tuple(item.number for item in items) if of_items else (), tuple(reasons))


def holds(condition: Condition, declared: Value | None) -> bool:
    """Whether one condition holds for what was declared (None: nothing).

    An empty field meets "!=", "not_in" and "empty" alone: what is not declared is not small, it is unknown.
    """
    if condition.op in ("empty", "filled"):
        return (not declared and declared is not False) == (condition.op == "empty")
    if declared is None:
        return condition.op in ("!=", "not_in")
    if isinstance(declared, Decimal):
        return condition.number is not None and _compare(declared, condition.op, condition.number)
    texts = declared if isinstance(declared, frozenset) else frozenset({_text(declared)})
    found = any(_matches(condition, text) for text in texts)
    return not found if condition.op in ("!=", "not_in") else found


def _matches(condition: Condition, text: str) -> bool:
    if condition.op == "starts_with":
        return text.startswith(condition.values)
    if condition.op == "contains":
        return any(value in text for value in condition.values)
    return text in condition.values


def _compare(declared: Decimal, op: str, number: Decimal) -> bool:
    return {
        "=": declared == number,
        "!=": declared != number,
        "<": declared < number,
        "<=": declared <= number,
        ">": declared > number,
        ">=": declared >= number,
    }.get(op, False)


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "YES" if value else "NO"
    return str(value)


def _reason(condition: Condition, declared: Value | None) -> Reason:
    wanted = str(condition.number) if condition.number is not None else ", ".join(condition.values)
    if isinstance(declared, frozenset):
        found = ", ".join(sorted(declared))
    elif isinstance(declared, Decimal):
        found = plain(declared)
    else:
        found = "" if declared is None else _text(declared)
    return Reason(condition.field, condition.op, wanted, found[:120])
