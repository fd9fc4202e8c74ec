"""The rules that the start page tells: free, to be declared, forbidden, for a direction, a way and an age."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lib.languages import in_language
from passengers.selectors import law as law_of
from tariffs.models import CashLimit, TravelAllowance, TravelRequirement


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence of the law, with what it rests on."""

    sentence: str
    note: str
    legal_basis: str
    is_example: bool
    goods: str = ""
    above: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """`declared`: money, in writing; `things`: goods, whatever their worth; `papers`: with a paper of an agency."""

    free: Sequence[Rule]
    declared: Sequence[Rule]
    things: Sequence[Rule]
    papers: Sequence[Rule]
    forbidden: Sequence[Rule]
    posts: Sequence[str]


def rules_for(*, direction: str, way: str, age: int | None, on: date) -> Rules:
    """Every row in force that speaks of this traveller; without an age those of an adult."""
    names = {row.code: in_language(row) for row in law_of.categories(on=on)}
    years = 18 if age is None else age
    allowances = [row for row in law_of.allowances(direction=direction, way=way, on=on) if row.age_from <= years]
    free = [_of_allowance(row, names) for row in allowances if row.above != TravelAllowance.Above.PROHIBITED]
    cash = law_of.cash_limits(direction=direction, on=on)
    asked = law_of.requirements(direction=direction, on=on)
    Duty = TravelRequirement.Duty
    return Rules(
        free=free,
        declared=[_of(row) for row in cash if row.duty != CashLimit.Duty.FORBIDDEN],
        things=[_of(row, names[row.category]) for row in asked if row.duty == Duty.DECLARE and row.category in names],
        papers=[_of(row, names.get(row.category, "")) for row in asked if row.duty == Duty.PAPER],
        forbidden=[
            *(_of(row) for row in cash if row.duty == CashLimit.Duty.FORBIDDEN),
            *(_of(row) for row in allowances if row.above == TravelAllowance.Above.PROHIBITED),
            *(_of(row, names.get(row.category, "")) for row in asked if row.duty == Duty.FORBIDDEN),
        ],
        posts=[in_language(row) for row in law_of.posts(way=way, on=on)],
    )


def _of_allowance(row: TravelAllowance, names: dict[str, str]) -> Rule:
    above = row.rate_text if row.above == TravelAllowance.Above.RATE else row.get_above_display()
    goods = ", ".join(names[code] for code in row.categories if code in names)
    return Rule(in_language(row), "", row.legal_act.number, row.is_example, goods, above)


def _of(row: TravelAllowance | TravelRequirement | CashLimit, goods: str = "") -> Rule:
    return Rule(in_language(row), in_language(row, "note"), row.legal_act.number, row.is_example, goods)
