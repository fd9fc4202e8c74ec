"""`judge`: the goods of a party against every limit, rule by rule; what is above pays, or stays behind."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import combinations, permutations

from lib.figures import ONE, ZERO
from passengers.calculation.charging import Bill, Over, Till
from passengers.calculation.facts import (
    EVERYBODY,
    MONEY,
    OR,
    PARTS,
    PROHIBITED,
    RESIDENTS,
    WHOLE,
    Carried,
    Good,
    Judged,
    Limit,
    Party,
    Person,
    Refused,
    TravelLaw,
)
from passengers.calculation.measuring import Scales, scaled
from tariffs.calculation import Exchange

PRECISION = 60
# Beyond so many the search for the cheapest choice takes the greatest first instead of trying all.
_TRY_ALL_THINGS, _TRY_ALL_PARTS = 10, 5


@dataclass(frozen=True, slots=True)
class Allowed:
    """A limit as it holds for an account: `free` in its unit (money in national currency), and for how many persons."""

    limit: Limit
    goods: tuple[Good, ...]
    free: Decimal
    persons: int
    used: Decimal

    def none(self) -> "Allowed":
        return Allowed(self.limit, self.goods, ZERO, 0, ZERO)

    def up_to(self, free: Decimal) -> "Allowed":
        return Allowed(self.limit, self.goods, free, self.persons, self.used)


def judge(party: Party, law: TravelLaw) -> Judged:
    """What the party owes under `law`, and what it may not carry. Pure: the same facts always give the same charges."""
    with localcontext() as context:
        context.prec = PRECISION
        return _Court(party, law).judged()


class _Court:
    def __init__(self, party: Party, law: TravelLaw) -> None:
        self.party, self.law = party, law
        self.scales = Scales(Exchange(law.tariff))
        self.till = Till(self.scales, flow=party.flow)
        self.goods = {good.number: good for good in party.goods}
        self.spoken = frozenset[str]().union(*(limit.categories for limit in law.limits if limit.above != PROHIBITED))
        self.refused: list[Refused] = []
        self.carried: list[Carried] = []
        self.bill = Bill()

    def judged(self) -> Judged:
        rules = self._rules()
        for limits in rules:
            if limits[0].above == PROHIBITED:
                for person, persons in self._accounts(limits):
                    self._forbid(limits, person, persons)
        for limits in rules:
            if limits[0].above != PROHIBITED:
                for person, persons in self._accounts(limits):
                    self._charge(limits, person, persons)
        return Judged(
            currency=self.law.tariff.currency,
            charges=tuple(self.bill.charges),
            carried=tuple(self.carried),
            refused=tuple(self.refused),
            unknown=tuple(self.scales.unknown.values()),
            payable=self.bill.total,
        )

    def _rules(self) -> list[list[Limit]]:
        """Limits that are one rule, in the order of the law."""
        rules: dict[str, list[Limit]] = defaultdict(list)
        for limit in self.law.limits:
            rules[f"group {limit.group}" if limit.group else f"limit {limit.code}"].append(limit)
        return list(rules.values())

    def _accounts(self, limits: Sequence[Limit]) -> Iterator[tuple[int, tuple[Person, ...]]]:
        """Who reckons together: the whole party where allowances are pooled, else each traveller."""
        if any(limit.pooled for limit in limits) and len(self.party.persons) > 1:
            yield 0, self.party.persons
        else:
            yield from ((person.number, (person,)) for person in self.party.persons)

    def _allowed(self, limits: Sequence[Limit], persons: tuple[Person, ...]) -> list[Allowed]:
        """The limits that speak of these persons and of goods that they carry."""
        found = []
        for limit in limits:
            fitting = [person for person in persons if _is_for(limit, person)]
            goods = tuple(good for good in self.goods.values() if self._covers(limit, good, persons))
            if not fitting or not goods:
                continue
            old_enough = [person for person in fitting if person.age >= limit.age_from]
            amount = limit.amount * len(old_enough)
            if limit.unit == MONEY:
                amount = self.scales.exchange.to_national(amount, limit.currency, pointer="")
            numbers = {person.number for person in old_enough}
            used = sum(
                (each.quantity for each in self.party.used if each.limit == limit.code and each.person in numbers), ZERO
            )
            found.append(Allowed(limit, goods, max(amount - used, ZERO), len(old_enough), min(used, amount)))
        return found

    def _covers(self, limit: Limit, good: Good, persons: tuple[Person, ...]) -> bool:
        carriers = {person.number for person in persons}
        carrier = good.person or self.party.persons[0].number
        if carrier not in carriers:
            return False
        if limit.categories:
            return good.category in limit.categories
        return limit.above == PROHIBITED or good.category not in self.spoken

    def _over(self, allowed: Allowed, goods: Sequence[Good]) -> tuple[Decimal, Decimal]:
        """The whole and what is above, in the limit's unit."""
        total = sum((self.scales.of(good, allowed.limit.unit) for good in goods), ZERO)
        return total, max(total - allowed.free, ZERO)

    # Prohibited above ----------------------------------------------------------------------------------------
    def _forbid(self, limits: Sequence[Limit], person: int, persons: tuple[Person, ...]) -> None:
        allowed = self._allowed(limits, persons)
        if not allowed:
            return
        for each in min(self._options(allowed), key=self._shares_over):
            total, over = self._over(each, each.goods)
            self._note(each, person, total, over)
            if over:
                limit = each.limit
                self.refused.append(
                    Refused(limit.code, limit.name, person, limit.unit, over, limit.legal_basis, limit.is_example)
                )
                for good in each.goods:
                    self.goods[good.number] = scaled(self.goods[good.number], total - over, total)

    def _shares_over(self, option: Sequence[Allowed]) -> Decimal:
        overs = [self._over(each, each.goods) for each in option]
        return sum((over / total for total, over in overs if total), ZERO)

    # Charged above -------------------------------------------------------------------------------------------
    def _charge(self, limits: Sequence[Limit], person: int, persons: tuple[Person, ...]) -> None:
        allowed = self._allowed(limits, persons)
        if not allowed:
            return
        if limits[0].combines in (OR, PARTS) and len(limits) > 1:
            options = [(option, self._apart(option, person)) for option in self._options(allowed)]
        else:
            options = [(allowed, self._together(allowed, person))]
        option, bill = min(options, key=lambda each: each[1].total)
        for each in option:
            self._note(each, person, *self._over(each, each.goods))
        self.bill.add(bill)

    def _options(self, allowed: list[Allowed]) -> Iterator[Sequence[Allowed]]:
        """Ways to use limits of which one may be chosen, or parts of several."""
        combines = allowed[0].limit.combines
        if combines == OR and allowed[0].limit.group:
            yield from ([each if each is chosen else each.none() for each in allowed] for chosen in allowed)
        elif combines == PARTS and allowed[0].limit.group:
            orders = permutations(allowed) if len(allowed) <= _TRY_ALL_PARTS else [tuple(allowed)]
            for order in orders:
                yield list(self._parts(order))
        else:
            yield allowed

    def _parts(self, order: Sequence[Allowed]) -> Iterator[Allowed]:
        """The limits in that order, each taking of the one allowance what its goods need and what is left."""
        left = ONE
        for each in order:
            total = sum((self.scales.of(good, each.limit.unit) for good in each.goods), ZERO)
            free = min(total, left * each.free)
            left -= free / each.free if each.free else ZERO
            yield each.up_to(free)

    def _apart(self, option: Sequence[Allowed], person: int) -> Bill:
        """Each limit for itself. Where the whole pays, it does as soon as one class is above."""
        overs = [(each, *self._over(each, each.goods)) for each in option]
        whole = option[0].limit.charged == WHOLE and any(over for _each, _total, over in overs)
        bill = Bill()
        for each, total, over in overs:
            if whole or over:
                bill.add(self._billed([(each, total, total if whole else over)], each.goods, person))
        return bill

    def _together(self, allowed: list[Allowed], person: int) -> Bill:
        """All limits on the same goods."""
        goods = allowed[0].goods
        overs = [(each, *self._over(each, goods)) for each in allowed]
        if not any(over for _each, _total, over in overs):
            return Bill()
        if allowed[0].limit.charged == WHOLE:
            return self._billed([(each, total, total) for each, total, _over in overs], goods, person)
        things = [good for good in goods if not good.divisible]
        if not things:
            return self._billed(overs, goods, person)
        rest = [good for good in goods if good.divisible]
        bills = [self._with_things(allowed, rest, kept, things, person) for kept in self._kept(allowed, things)]
        return min(bills, key=lambda bill: bill.total)

    def _kept(self, allowed: list[Allowed], things: list[Good]) -> Iterator[tuple[Good, ...]]:
        """Sets of things that cannot be divided and fit within every limit."""
        if len(things) <= _TRY_ALL_THINGS:
            for size in range(len(things), -1, -1):
                yield from (kept for kept in combinations(things, size) if self._fit(allowed, kept))
            return
        kept: tuple[Good, ...] = ()
        for thing in sorted(things, key=self.scales.value, reverse=True):
            if self._fit(allowed, (*kept, thing)):
                kept = (*kept, thing)
        yield kept

    def _fit(self, allowed: list[Allowed], kept: tuple[Good, ...]) -> bool:
        return all(not self._over(each, kept)[1] for each in allowed)

    def _with_things(
        self, allowed: list[Allowed], rest: list[Good], kept: tuple[Good, ...], things: list[Good], person: int
    ) -> Bill:
        """What is divisible pays for what is above; a thing that is not kept within pays whole."""
        bill = Bill()
        overs = [(each, *self._over(each, [*rest, *kept])) for each in allowed]
        if any(over for _each, _total, over in overs):
            bill.add(self._billed(overs, (*rest, *kept), person))
        for thing in things:
            if thing not in kept:
                whole = [
                    (each.none(), total, total)
                    for each in allowed
                    for total in [self.scales.of(thing, each.limit.unit)]
                ]
                bill.add(self._billed(whole, (thing,), person))
        return bill

    def _billed(self, overs: Sequence[tuple[Allowed, Decimal, Decimal]], goods: Sequence[Good], person: int) -> Bill:
        limit = overs[0][0].limit
        above = [Over(each.limit, total, over, each.persons, each.used) for each, total, over in overs]
        return self.till.bill(limit, above, goods, person)

    def _note(self, each: Allowed, person: int, total: Decimal, over: Decimal) -> None:
        limit = each.limit
        basis = limit.legal_basis, limit.is_example
        self.carried.append(Carried(limit.code, limit.name, person, limit.unit, total, total - over, over, *basis))


def _is_for(limit: Limit, person: Person) -> bool:
    return limit.residents == EVERYBODY or (limit.residents == RESIDENTS) == person.resident
