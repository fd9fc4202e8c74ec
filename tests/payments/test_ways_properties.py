"""Any sequence of paying, splitting, failing and being called back, one after another and over real connections.

Never unbalanced, never below a limit, never paid twice, never lost: a declaration is PAID exactly when nothing is due,
every movement of the bank is booked once, and what nobody needs goes back.
"""

import random
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearance import services as clearance
from declarations.models import Declaration, Status
from lib.violations import Rejected
from payments import bank, selectors, services
from payments.models import Account, Attempt, Entry, LinkRefund, PayLink
from tests import make
from tests.payments.money_steps import D
from tests.payments.ways_steps import DECEMBER, account, books_are_whole, deferred, terms

Chooser = Callable[[int], int]
FULL = D(2000)


class World:
    """Some declarations, and steps on them that anybody could take; `choose(n)` gives a number below n."""

    def __init__(self) -> None:
        make.trader()
        terms()
        deferred("1500")
        make.funds(amount=FULL)
        services.set_auto_payment(
            make.company(), is_on=True, source="prepaid", each=D(900), daily=D(1500), by=make.trader(), at=make.AT
        )
        self.declarations = [make.assessed() for _each in range(3)]
        links = (services.make_link(each, by=make.trader(), at=make.AT) for each in self.declarations)
        self.links = [PayLink.objects.get(pk=link.pk) for link in links]
        self.sources = [account("prepaid"), account("deferred")]
        self.steps: list[Callable[[Chooser, str], object]] = [
            self.pay, self.split, self.many, self.begin, self.begin_many, self.begin_link, self.arrive, self.arrive,
            self.arrive, self.fail, self.cancel, self.automatic, self.settle, self.state,
        ]  # fmt: skip

    def take(self, choose: Chooser, name: str) -> None:
        """One step; a refusal in words is an answer like any other."""
        step = self.steps[choose(len(self.steps))]
        with suppress(Rejected):
            step(choose, name)

    def _one(self, choose: Chooser) -> Declaration:
        return self.declarations[choose(3)]

    def _attempt(self, choose: Chooser) -> Attempt | None:
        found = list(Attempt.objects.order_by("pk"))
        return found[choose(len(found))] if found else None

    def pay(self, choose: Chooser, name: str) -> object:
        source = self.sources[choose(2)]
        return services.pay_from_account(
            self._one(choose), by=make.trader(), at=make.AT, idempotency_key=name, account=source
        )

    def split(self, choose: Chooser, name: str) -> object:
        shares = {source: D(choose(40_000)) / 100 for source in self.sources}
        return services.pay_split(self._one(choose), shares=shares, by=make.trader(), at=make.AT, idempotency_key=name)

    def many(self, choose: Chooser, name: str) -> object:
        order = self.declarations[:: 1 if choose(2) else -1]
        return services.pay_many(
            order, account=self.sources[choose(2)], by=make.trader(), at=make.AT, idempotency_key=name
        )

    def begin(self, choose: Chooser, name: str) -> object:
        declaration = self._one(choose)
        due = selectors.due(declaration)
        part = D(choose(3) * 100)
        return services.start_bank_payment(
            company=make.company(), declaration=declaration, amount=due - part, from_account=part, by=make.trader(),
            at=make.AT, idempotency_key=name,
        )  # fmt: skip

    def begin_many(self, choose: Chooser, name: str) -> object:
        return services.start_bank_payment_of_many(
            self.declarations, company=make.company(), by=make.trader(), at=make.AT, idempotency_key=name
        )

    def begin_link(self, choose: Chooser, name: str) -> object:
        return services.start_link_payment(self.links[choose(3)], at=make.AT, idempotency_key=name)

    def arrive(self, choose: Chooser, name: str) -> object:
        """The bank tells of money: as asked, less, more; a new movement or one it has told of already."""
        attempt = self._attempt(choose)
        if attempt is None:
            return None
        amount = attempt.amount + (D(0), D(0), D(5), D("-0.01"))[choose(4)]
        told = f"{attempt.pk}-{choose(2)}"
        before = Entry.objects.filter(idempotency_key=f"bank:{told}").first()
        if amount <= 0:
            return None
        entry = services.confirm(attempt, transaction_id=told, amount=amount, currency="TJS", at=make.AT)
        assert before is None or entry == before
        return services.settle_parts(attempt.pk, at=make.AT) if choose(2) else None

    def fail(self, choose: Chooser, name: str) -> object:
        attempt = self._attempt(choose)
        return attempt and services.ask(attempt, at=make.AT)

    def cancel(self, choose: Chooser, name: str) -> object:
        if choose(3):
            return None
        return clearance.cancel(self._one(choose), reason="sent back", by=make.trader(), at=make.AT)

    def automatic(self, choose: Chooser, name: str) -> object:
        return services.pay_automatically(self._one(choose).pk, at=make.AT)

    def settle(self, choose: Chooser, name: str) -> object:
        attempt = self._attempt(choose)
        return attempt and services.settle_parts(attempt.pk, at=make.AT)

    def state(self, choose: Chooser, name: str) -> object:
        services.issue_statements(on=DECEMBER.date(), at=DECEMBER)
        statement = selectors.deferred_statements_on(self.sources[1])[:1]
        return statement and services.pay_statement(
            statement[0].statement, by=make.trader(), at=DECEMBER, idempotency_key=name
        )

    def holds(self) -> None:
        """What is true after every step."""
        books_are_whole()
        for declaration in self.declarations:
            declaration.refresh_from_db()
            due = selectors.due(declaration)
            ended = declaration.status in (Status.CANCELLED, Status.REJECTED)
            paid = sum(selectors.paid_by_tax(declaration.mrn).values(), D(0))
            assert 0 <= paid <= (0 if ended else declaration.payable)
            assert (declaration.status == Status.PAID) == (due == 0 and not ended)
        arrived = -selectors.balance_of_administration(Account.Kind.BANK)
        told = Entry.objects.filter(idempotency_key__startswith="bank:")
        assert told.count() == len({entry.idempotency_key for entry in told})
        assert arrived == FULL + sum((selectors.brought_by(entry) for entry in told), D(0)) - self._sent_back()

    def _sent_back(self) -> Any:
        return sum((row.amount for row in LinkRefund.objects.filter(status="done")), D(0))

    def ends(self) -> None:
        """What the worker does in the end leaves nothing that is owed to somebody unknown."""
        for attempt in Attempt.objects.all():
            services.settle_parts(attempt.pk, at=make.AT)
        for refund in LinkRefund.objects.all():
            services.send_link_refund(refund.pk, at=make.AT)
        assert selectors.balance_of_administration(Account.Kind.REFUNDS) == 0
        self.holds()


def quiet(patch: pytest.MonkeyPatch) -> None:
    """A bank that takes every start and refund, and knows of no end but failure."""
    patch.setattr(bank, "start", lambda **_said: bank.Started(bank_reference="B", url="http://bank/pay/"))
    patch.setattr(bank, "refund", lambda **_said: None)
    patch.setattr(bank, "ask", lambda **said: [bank.Notice(said["reference"], "failed")])


class _Enough(Exception):
    pass


@pytest.mark.django_db
def test_any_sequence_of_steps_keeps_the_books_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    quiet(monkeypatch)
    world = World()

    @settings(max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.randoms(use_true_random=False), min_size=4, max_size=14))
    def run(chances: list[random.Random]) -> None:
        try:
            with transaction.atomic():
                for number, chance in enumerate(chances):
                    world.take(chance.randrange, f"step-{number}")
                    world.holds()
                world.ends()
                connection.check_constraints()
                raise _Enough
        except _Enough:
            pass

    run()


@pytest.mark.django_db(transaction=True)
def test_steps_over_real_connections_in_any_order_keep_the_books_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    quiet(monkeypatch)
    world = World()
    make.supervisor()
    failures: list[BaseException] = []

    def run(number: int) -> None:
        chance = random.Random(number)
        try:
            for step in range(12):
                world.take(chance.randrange, f"thread-{number}-{step}")
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not failures
    world.ends()
