"""Selectivity: facts and criteria in, lane and hits out. Pure; the random share follows from a given draw.

Criteria are compiled once for many declarations: what cannot be met is passed over by an index of texts.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lib.figures import plain

Value = str | Decimal | bool | frozenset[str]
Draw = str | Mapping[str, str]

LANES = ("green", "blue", "yellow", "red")
TICKETS = 10_000
OPERATORS = (
    "=", "!=", "<", "<=", ">", ">=", "between", "in", "not_in", "in_list", "not_in_list", "starts_with", "contains",
    "empty", "filled",
)  # fmt: skip
NUMBER_OPERATORS = frozenset({"=", "!=", "<", "<=", ">", ">=", "between", "empty", "filled"})
LIST_OPERATORS = frozenset({"in_list", "not_in_list"})
TEXT_OPERATORS = frozenset({"=", "!=", "in", "not_in", "starts_with", "contains", "empty", "filled"}) | LIST_OPERATORS
FLAG_OPERATORS = frozenset({"=", "!="})
NEGATIVE = frozenset({"!=", "not_in", "not_in_list"})


@dataclass(frozen=True, slots=True)
class Condition:
    """`field` is a level and a field of the box table ("item.origin_country"), or a reckoned one.

    `values` are the alternatives of a text, in capitals; `number` is what a number is compared with, `upto` the upper
    end of a range, both ends inclusive. A range of texts has two `values` and compares as many characters as each has.
    `entries` is what a list holds on the day, and `values` its name; `begins`: its entries are beginnings of codes.
    `group` names the alternative that the condition belongs to; empty: it belongs to each.
    """

    field: str
    op: str
    values: tuple[str, ...] = ()
    number: Decimal | None = None
    upto: Decimal | None = None
    entries: frozenset[str] = frozenset()
    begins: bool = False
    group: str = ""


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
    """A criterion that was met, on which items (none: on the header), and whether its share drew it.

    `ticket` is the number that was drawn, of 10,000; None where the share is all.
    """

    pk: int
    code: str
    lane: str
    items: tuple[int, ...]
    selected: bool
    reasons: tuple[Reason, ...]
    ticket: int | None = None
    share: Decimal = Decimal(100)


@dataclass(frozen=True, slots=True)
class Result:
    """The lane, and every criterion that was met."""

    lane: str
    hits: tuple[HitFact, ...]


def score(facts: Facts, criteria: "Sequence[CriterionFact] | Compiled", draw: Draw) -> Result:
    """The highest lane among selected hits (red > yellow > blue > green), green without any.

    `draw` decides the random share, one text for all lanes or one for each: the same draw and criterion always give
    the same answer, so a task that is repeated, or an amendment that keeps its MRN, cannot change the lane by luck.
    """
    compiled = criteria if isinstance(criteria, Compiled) else Compiled(criteria)
    hits = tuple(compiled.hits(facts, draw))
    return Result(lane=highest(hits), hits=hits)


def highest(hits: Iterable[HitFact]) -> str:
    """The highest lane among the selected hits, green without any."""
    return max((hit.lane for hit in hits if hit.selected), key=LANES.index, default="green")


# The random share ---------------------------------------------------------------------------------------------
def ticket_of(draw: str, code: str) -> int:
    """The ticket of `draw` for criterion `code`: the first 8 bytes of SHA-256 of "draw|code" modulo 10,000."""
    return int.from_bytes(hashlib.sha256(f"{draw}|{code}".encode()).digest()[:8], "big") % TICKETS


def is_drawn(draw: str, code: str, share: Decimal) -> bool:
    """Whether the ticket of `draw` for criterion `code` lies within `share` percent."""
    return within(ticket_of(draw, code), share)


def within(ticket: int, share: Decimal) -> bool:
    """Whether a ticket lies within `share` percent of 10,000."""
    return ticket < share * 100


# Criteria made ready for many declarations --------------------------------------------------------------------
Check = Callable[[Value | None], bool]
Checked = tuple[tuple[Condition, Check], ...]


@dataclass(frozen=True, slots=True)
class _Alternative:
    """One way to meet a criterion: what must hold on the header, and what on one item together."""

    header: Checked
    item: Checked


@dataclass(frozen=True, slots=True)
class _Ready:
    place: int
    criterion: CriterionFact
    alternatives: tuple[_Alternative, ...]


class Compiled:
    """Criteria made ready to be compared. Shared between threads, never changed.

    A criterion of which every alternative wants certain texts of a field stands under these texts; only criteria whose
    text is declared are looked at, and those that stand under none.
    """

    def __init__(self, criteria: Iterable[CriterionFact]) -> None:
        self._always: list[_Ready] = []
        self._equal: dict[str, dict[str, list[_Ready]]] = {}
        self._begin: dict[str, dict[int, dict[str, list[_Ready]]]] = {}
        self.fields: frozenset[str] = frozenset()
        for place, criterion in enumerate(criteria):
            self._enter(_Ready(place, criterion, tuple(_alternatives(criterion.conditions))))

    def _enter(self, ready: _Ready) -> None:
        conditions = ready.criterion.conditions
        self.fields |= {each.field for each in conditions}
        anchors = [_anchor(alternative) for alternative in ready.alternatives]
        if not all(anchors):
            self._always.append(ready)
            return
        for anchor in filter(None, anchors):
            for text in anchor.texts:
                if anchor.begins:
                    by_length = self._begin.setdefault(anchor.field, {}).setdefault(len(text), {})
                    by_length.setdefault(text, []).append(ready)
                else:
                    self._equal.setdefault(anchor.field, {}).setdefault(text, []).append(ready)

    def hits(self, facts: Facts, draw: Draw) -> Iterator[HitFact]:
        """Every criterion that is met, in the order in which they were given."""
        columns = _Columns(facts.items)
        for ready in self._looked_at(facts):
            criterion = ready.criterion
            if criterion.offices and facts.office not in criterion.offices:
                continue
            met = _met(facts, columns, ready.alternatives)
            if met is not None:
                yield _hit(criterion, *met, draw)

    def _looked_at(self, facts: Facts) -> Iterable[_Ready]:
        if not self._equal and not self._begin:
            return self._always
        found = {ready.place: ready for ready in self._always}
        for values in (facts.header, *(item.values for item in facts.items)):
            for name in self._equal.keys() & values.keys():
                known = self._equal[name]
                for text in _texts(values[name]):
                    found.update((ready.place, ready) for ready in known.get(text, ()))
            for name in self._begin.keys() & values.keys():
                for length, known in self._begin[name].items():
                    for text in _texts(values[name]):
                        found.update((ready.place, ready) for ready in known.get(text[:length], ()))
        return [found[place] for place in sorted(found)]


@dataclass(frozen=True, slots=True)
class _Anchor:
    field: str
    texts: Collection[str]
    begins: bool


def _anchor(alternative: _Alternative) -> _Anchor | None:
    """Texts of a field, of which one has to be declared wherever the alternative is met; the least common there are."""
    found = []
    for condition, _check in (*alternative.header, *alternative.item):
        if condition.op in ("=", "in") and condition.values:
            found.append(_Anchor(condition.field, condition.values, begins=False))
        elif condition.op == "starts_with" and condition.values:
            found.append(_Anchor(condition.field, condition.values, begins=True))
        elif condition.op == "in_list" and condition.entries:
            found.append(_Anchor(condition.field, condition.entries, begins=condition.begins))
    return min(found, key=_commonness, default=None)


def _commonness(anchor: _Anchor) -> tuple[int, int]:
    """The longer its texts and the fewer, the seldomer one of them is declared; yes and no are as common as can be."""
    return -min(0 if text in ("YES", "NO") else len(text) for text in anchor.texts), len(anchor.texts)


def _alternatives(conditions: Sequence[Condition]) -> Iterator[_Alternative]:
    for together in alternatives_of(conditions):
        checked = [(each, check_of(each)) for each in together]
        of_item = tuple(pair for pair in checked if is_of_item(pair[0].field))
        yield _Alternative(tuple(pair for pair in checked if not is_of_item(pair[0].field)), of_item)


def alternatives_of(conditions: Sequence[Condition]) -> list[tuple[Condition, ...]]:
    """Conditions that must hold together, by alternative: those of each group with those that belong to every group."""
    groups = sorted({each.group for each in conditions if each.group})
    return [tuple(each for each in conditions if each.group in ("", group)) for group in groups or ("",)]


def is_of_item(name: str) -> bool:
    """Whether a field is declared on an item."""
    return name.startswith(("item.", "document."))


class _Columns:
    """What the items declare by field: each value once, with the items that declare it as bits of a number."""

    def __init__(self, items: Sequence[ItemFacts]) -> None:
        self._items, self.every = items, (1 << len(items)) - 1
        self._known: dict[str, list[tuple[Value | None, int]]] = {}

    def of(self, name: str) -> list[tuple[Value | None, int]]:
        column = self._known.get(name)
        if column is None:
            bits: dict[Value | None, int] = {}
            for place, item in enumerate(self._items):
                value = item.values.get(name)
                bits[value] = bits.get(value, 0) | 1 << place
            column = self._known[name] = list(bits.items())
        return column

    def holding(self, checked: Checked) -> int:
        """Items on which all conditions hold together."""
        left = self.every
        for condition, check in checked:
            held = 0
            for value, bits in self.of(condition.field):
                if bits & left and check(value):
                    held |= bits
            left &= held
            if not left:
                break
        return left

    def items(self, bits: int) -> list[ItemFacts]:
        return [item for place, item in enumerate(self._items) if bits >> place & 1]


Met = tuple[tuple[int, ...], tuple[Reason, ...]]


def _met(facts: Facts, columns: _Columns, alternatives: Sequence[_Alternative]) -> Met | None:
    """Items on which an alternative holds, and why the first that holds does; None where the criterion is not met."""
    bits = 0
    reasons: tuple[Reason, ...] | None = None
    for alternative in alternatives:
        if not _holds_on_header(facts, alternative.header):
            continue
        held = columns.holding(alternative.item) if alternative.item else 0
        if alternative.item and not held:
            continue
        bits |= held
        if reasons is None:
            first: Mapping[str, Value] = columns.items(held)[0].values if held else {}
            reasons = (
                *(_reason(each, facts.header.get(each.field)) for each, _check in alternative.header),
                *(_reason(each, first.get(each.field)) for each, _check in alternative.item),
            )
    return None if reasons is None else (tuple(sorted(item.number for item in columns.items(bits))), reasons)


def _holds_on_header(facts: Facts, checked: Checked) -> bool:
    return all(check(facts.header.get(condition.field)) for condition, check in checked)


def _hit(criterion: CriterionFact, items: tuple[int, ...], reasons: tuple[Reason, ...], draw: Draw) -> HitFact:
    ticket = None
    if criterion.share < 100:
        ticket = ticket_of(draw if isinstance(draw, str) else draw[criterion.lane], criterion.code)
    return HitFact(
        pk=criterion.pk,
        code=criterion.code,
        lane=criterion.lane,
        items=items,
        selected=ticket is None or within(ticket, criterion.share),
        reasons=reasons,
        ticket=ticket,
        share=criterion.share,
    )


# One condition ------------------------------------------------------------------------------------------------
def holds(condition: Condition, declared: Value | None) -> bool:
    """Whether one condition holds for what was declared (None: nothing).

    An empty field meets "is not", "is none of", "is not in list" and "is empty" alone: what is not declared is not
    small, it is unknown.
    """
    return check_of(condition)(declared)


def check_of(condition: Condition) -> Check:
    """`holds` of one condition, made ready for many values."""
    if condition.op in ("empty", "filled"):
        wanted = condition.op == "empty"
        return lambda declared: (not declared and declared is not False) == wanted
    negative = condition.op in NEGATIVE
    of_number, of_text = _number_check(condition), _text_check(condition)

    def check(declared: Value | None) -> bool:
        if declared is None:
            return negative
        if isinstance(declared, Decimal):
            return of_number(declared)
        return any(map(of_text, _texts(declared))) != negative

    return check


def _number_check(condition: Condition) -> Callable[[Decimal], bool]:
    number, upto = condition.number, condition.upto
    if number is None:
        return lambda declared: False
    if condition.op == "between":
        return lambda declared: number <= declared and (upto is None or declared <= upto)
    return {
        "=": lambda declared: declared == number,
        "!=": lambda declared: declared != number,
        "<": lambda declared: declared < number,
        "<=": lambda declared: declared <= number,
        ">": lambda declared: declared > number,
        ">=": lambda declared: declared >= number,
    }.get(condition.op, lambda declared: False)


def _text_check(condition: Condition) -> Callable[[str], bool]:
    values = condition.values
    if condition.op == "starts_with":
        return lambda text: text.startswith(values)
    if condition.op == "contains":
        return lambda text: any(value in text for value in values)
    if condition.op == "between":
        return _range_check(values)
    if condition.op not in LIST_OPERATORS:
        return frozenset(values).__contains__
    if not condition.begins:
        return condition.entries.__contains__
    entries, lengths = condition.entries, sorted({len(entry) for entry in condition.entries})
    return lambda text: any(text[:length] in entries for length in lengths)


def _range_check(values: tuple[str, ...]) -> Callable[[str], bool]:
    if len(values) != 2:
        return lambda text: False
    low, high = values
    return lambda text: low <= text[: len(low)] and text[: len(high)] <= high


def _texts(value: Value) -> Iterable[str]:
    if isinstance(value, frozenset):
        return value
    if isinstance(value, bool):
        return ("YES" if value else "NO",)
    return (str(value),)


def _reason(condition: Condition, declared: Value | None) -> Reason:
    if isinstance(declared, frozenset):
        found = ", ".join(sorted(declared))
    elif isinstance(declared, Decimal):
        found = plain(declared)
    else:
        found = "" if declared is None else next(iter(_texts(declared)))
    return Reason(condition.field, condition.op, wanted_of(condition), found[:120])


def wanted_of(condition: Condition) -> str:
    """What a condition compares with, as one text."""
    if condition.number is None:
        return (" .. " if condition.op == "between" else ", ").join(condition.values)
    return str(condition.number) + (f" .. {condition.upto}" if condition.upto is not None else "")
