"""The answer to a declaration: what is due and why, what has to be shown, brought or left behind, which channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from lib.figures import ZERO
from lib.languages import in_language
from passengers.calculation import (
    CashFound,
    CashLine,
    Good,
    Judged,
    Party,
    Person,
    Used,
    judge,
    judge_cash,
)
from passengers.content import CARGO, LEAVE, PAY, Content, Thing
from passengers.models import Channel
from passengers.selectors import law as law_of
from tariffs.models import CashLimit, Direction, TravelRequirement
from tariffs.selectors import legal_basis, territory

# What a traveller has to do with a finding.
DECLARE, EXPLAIN, PAPER, FORBIDDEN, TOO_MUCH, VALUE, LEFT, AS_CARGO = (
    "declare", "explain", "paper", "forbidden", "too_much", "value", "left", "cargo"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is to be shown, brought or left. `row` is the code of the row of law that says so.

    `goods` are places in the list of goods, `person` who is meant (0: the party). Sentences are in the reader's
    language; what is kept is found again by the row's code.
    """

    what: str
    row: str
    sentence: str
    note: str = ""
    goods: tuple[int, ...] = ()
    person: int = 0
    legal_basis: str = ""
    is_example: bool = False

    def kept(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "row": self.row,
            "sentence": self.sentence,
            "note": self.note,
            "goods": list(self.goods),
            "person": self.person,
            "legal_basis": self.legal_basis,
            "is_example": self.is_example,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """`judged` holds the charges with their formulas, `findings` all else."""

    channel: str
    judged: Judged
    findings: tuple[Finding, ...]
    on: date

    @property
    def payable(self) -> Decimal:
        return self.judged.payable


def answer(content: Content, *, on: date, used: Sequence[Used] = (), declared: Sequence[CashLine] = ()) -> Answer:
    """Judge a declaration under the law of `on`. `used`: of limits earlier in their period; `declared`: on entry."""
    direction = content.trip.direction or Direction.ENTRY
    party = party_of(content, on=on, used=used)
    law = law_of.travel_law(party, direction=direction, way=content.trip.way, on=on)
    judged = judge(party, law)
    found = judge_cash(
        cash_of(content),
        party.persons,
        law_of.cash_rules(direction=direction, on=on),
        law.tariff,
        declared=declared,
    )
    findings = (
        *(_of_cash(each) for each in found),
        *_of_categories(content, direction=direction, on=on),
        *_of_quantities(judged, content),
        *_of_choices(content),
    )
    return Answer(_channel(judged, findings), judged, findings, on)


def above_explanation(content: Content, *, on: date) -> frozenset[int]:
    """Travellers whose cash is above the limit from which its origin, owner and use are to be told."""
    if not content.money:
        return frozenset()
    return frozenset(found.person for found in _cash_found(content, on=on) if found.duty == CashLimit.Duty.EXPLAIN)


def out_of_entry(content: Content, *, on: date, declared: Sequence[CashLine]) -> dict[int, bool]:
    """Travellers who leave with more cash than goes out by itself -> whether it is more than came in as well."""
    free = _cash_found(content, on=on)
    more = _cash_found(content, on=on, declared=declared)
    forbidden = CashLimit.Duty.FORBIDDEN
    beyond = {found.person for found in more if found.duty == forbidden}
    return {found.person: found.person in beyond for found in free if found.duty == forbidden}


def _cash_found(content: Content, *, on: date, declared: Sequence[CashLine] = ()) -> tuple[CashFound, ...]:
    party = party_of(content, on=on)
    direction = content.trip.direction or Direction.ENTRY
    rules = law_of.cash_rules(direction=direction, on=on)
    return judge_cash(cash_of(content), party.persons, rules, law_of.exchange_law(on=on), declared=declared)


def _channel(judged: Judged, findings: Sequence[Finding]) -> str:
    if findings:
        return Channel.RED
    return Channel.PAY if judged.payable else Channel.GREEN


def party_of(content: Content, *, on: date, used: Sequence[Used] = ()) -> Party:
    """The travellers and what they pay for, as the arithmetic takes them; somebody travels in any case."""
    home = territory().code
    persons = tuple(
        Person(number, each.age(on), (each.residence or each.citizenship or home) == home)
        for number, each in enumerate(content.people, start=1)
    ) or (Person(1, 18),)
    goods = tuple(_good(number, thing) for number, thing in enumerate(content.things, start=1) if thing.choice == PAY)
    return Party(persons, goods, tuple(used), "export" if content.trip.direction == Direction.EXIT else "import")


def _good(number: int, thing: Thing) -> Good:
    quantities = []
    if thing.unit and thing.quantity:
        quantities.append((thing.unit, thing.quantity))
        if thing.strength and thing.unit == "LTR":
            quantities.append(("LPA", thing.quantity * thing.strength / 100))
    return Good(
        number=number,
        category=thing.category,
        value=None if thing.price_unknown else thing.price or ZERO,
        currency=thing.currency,
        person=thing.person,
        mass=thing.mass,
        quantities=tuple(quantities),
        divisible=not thing.whole,
        commodity_code=thing.commodity,
    )


def cash_of(content: Content) -> list[CashLine]:
    """Rows of money that can be counted."""
    return [
        CashLine(row.person or 1, row.kind, row.currency, row.amount)
        for row in content.money
        if row.currency and row.amount
    ]


def _of_cash(found: CashFound) -> Finding:
    return Finding(
        what=found.duty,
        row=found.rule,
        sentence=found.name,
        person=found.person,
        legal_basis=found.legal_basis,
        is_example=found.is_example,
    )


def _of_categories(content: Content, *, direction: str, on: date) -> list[Finding]:
    places: dict[str, list[int]] = {}
    for number, thing in enumerate(content.things, start=1):
        places.setdefault(thing.category, []).append(number)
    rows = law_of.requirements(direction=direction, on=on, of=places) if places else ()
    return [_of_requirement(row, places[row.category]) for row in rows]


def _of_requirement(row: TravelRequirement, goods: Sequence[int]) -> Finding:
    return Finding(
        what=row.duty,
        row=row.code,
        sentence=in_language(row),
        note=in_language(row, "note"),
        goods=tuple(goods),
        legal_basis=legal_basis(row.legal_act),
        is_example=row.is_example,
    )


def _of_quantities(judged: Judged, content: Content) -> list[Finding]:
    """What is more than may be carried at all, and what an officer has to value or weigh."""
    found = [
        Finding(TOO_MUCH, each.limit, each.name, person=each.person, legal_basis=each.legal_basis,
                is_example=each.is_example)
        for each in judged.refused
    ]  # fmt: skip
    for number in sorted({each.good for each in judged.unknown}):
        thing = content.things[number - 1]
        found.append(Finding(VALUE, "", thing.description, goods=(number,)))
    return found


def _of_choices(content: Content) -> list[Finding]:
    kinds = {LEAVE: LEFT, CARGO: AS_CARGO}
    return [
        Finding(kinds[thing.choice], "", thing.description, goods=(number,))
        for number, thing in enumerate(content.things, start=1)
        if thing.choice in kinds
    ]
