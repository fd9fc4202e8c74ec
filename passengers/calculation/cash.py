"""Cash, bearer instruments and gold against their limits: all currencies together, at the rates of the day."""

from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext

from lib.figures import ZERO
from lib.money import round_money
from passengers.calculation.facts import EVERYBODY, RESIDENTS, CashFound, CashLine, CashRule, Person
from tariffs.calculation import Law

PRECISION = 60
_TOGETHER = ("cash", "bearer")


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
