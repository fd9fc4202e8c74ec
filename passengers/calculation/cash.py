"""Cash, bearer instruments and gold against their limits: all currencies together, at the rates of the day."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_DOWN, Decimal, localcontext

from lib.figures import ZERO
from lib.money import round_money
from passengers.calculation.facts import EVERYBODY, RESIDENTS, CashFound, CashHeld, CashLine, CashRule, Person
from tariffs.calculation import Law

PRECISION = 60
_TOGETHER = ("cash", "bearer")
_LEAST = Decimal("0.0001")


def judge_cash(
    lines: Sequence[CashLine],
    persons: Iterable[Person],
    rules: Sequence[CashRule],
    law: Law,
    *,
    declared: Sequence[CashLine] = (),
) -> tuple[CashFound, ...]:
    """The rules that each traveller's cash is above; `declared` is what was declared on the way in.

    A currency without a rate of the day counts as if one unit were one of the limit's: it is better asked about once
    too often than let through unseen.
    """
    with localcontext() as context:
        context.prec = PRECISION
        return tuple(
            found
            for person in persons
            for rule in rules
            if _is_for(rule, person) and (found := _found(lines, declared, person, rule, law)) is not None
        )


def _is_for(rule: CashRule, person: Person) -> bool:
    return rule.residents == EVERYBODY or (rule.residents == RESIDENTS) == person.resident


def _found(
    lines: Sequence[CashLine], declared: Sequence[CashLine], person: Person, rule: CashRule, law: Law
) -> CashFound | None:
    total = _sum(lines, person, rule, law)
    threshold = rule.amount
    if rule.as_declared:
        threshold = max(threshold, _sum(declared, person, rule, law))
    if total <= threshold:
        return None
    return CashFound(
        rule=rule.code,
        name=rule.name,
        duty=rule.duty,
        person=person.number,
        total=round_money(total, law.decimals),
        threshold=round_money(threshold, law.decimals),
        currency=rule.currency,
        legal_basis=rule.legal_basis,
        is_example=rule.is_example,
    )


def _sum(lines: Sequence[CashLine], person: Person, rule: CashRule, law: Law) -> Decimal:
    """What the traveller has of the rule's kind, in the rule's currency."""
    kinds = _TOGETHER if rule.kind == "all" else (rule.kind,)
    own = [line for line in lines if line.person == person.number and line.kind in kinds]
    unit = _rate(rule.currency, law) or Decimal(1)
    return sum((line.amount * (_rate(line.currency, law) or unit) / unit for line in own), ZERO)


def _rate(currency: str, law: Law) -> Decimal | None:
    if currency == law.currency:
        return Decimal(1)
    fact = law.exchange_rates.get(currency)
    return fact.rate if fact else None


def take_out(held: Sequence[CashHeld], lines: Sequence[CashLine], law: Law) -> dict[int, Decimal]:
    """How much of each row of the entry goes out with what a traveller takes along: by the key of the row.

    The same currency first, then others by their value at the rates of the day, cut down to a ten-thousandth. Never
    more than a row has; what no row covers is free by itself or was judged before.
    """
    left = {row.key: row.amount for row in held}
    with localcontext() as context:
        context.prec = PRECISION
        needs = [[line, line.amount] for line in lines]
        for same in (True, False):
            for need in needs:
                need[1] = _cover(need[0], need[1], held, left, law, same=same)  # type: ignore[arg-type]
    taken = {row.key: row.amount - left[row.key] for row in held}
    return {key: amount for key, amount in taken.items() if amount > 0}


def _cover(
    line: CashLine, need: Decimal, held: Sequence[CashHeld], left: dict[int, Decimal], law: Law, *, same: bool
) -> Decimal:
    """Take for a line out of the rows of its currency, or of the others; what is still needed of the line."""
    for row in held:
        if need <= 0:
            break
        if (row.currency == line.currency) != same or (row.kind in _TOGETHER) != (line.kind in _TOGETHER):
            continue
        own, other = _rate(line.currency, law) or Decimal(1), _rate(row.currency, law) or Decimal(1)
        part = min(left[row.key], need if same else (need * own / other).quantize(_LEAST, ROUND_DOWN))
        left[row.key] -= part
        need -= part if same else part * other / own
    return need


def value_of(amount: Decimal, currency: str, law: Law) -> Decimal:
    """An amount in national currency at the rates of the law; one without a rate counts as it stands."""
    return round_money(amount * (_rate(currency, law) or Decimal(1)), law.decimals)
