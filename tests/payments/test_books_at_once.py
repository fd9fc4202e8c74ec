"""Over real connections: debits of one account by many, and verbs at random beside each other; the books stay whole."""

import random
from collections import Counter
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from lib.violations import Rejected
from payments import bank, selectors, services
from payments.models import Account, Entry
from payments.selectors import books
from tests import make
from tests.clearance import make as clearance
from tests.payments.every_verb import STEPS, World, started
from tests.payments.money_steps import GUARANTEE, PREPAID
from tests.payments.test_incoming_at_once import at_once
from traders.models import Company

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server]
D = Decimal
CONNECTIONS, DEBITS, HOLDS = 20, 1000, 600


def debit(company: Company, by: User, key: str) -> bool:
    """Whether one unit could be taken from the prepaid account."""
    try:
        services.move(company, source=PREPAID, target=GUARANTEE, amount=D(1), by=by, at=make.AT, idempotency_key=key)
    except Rejected:
        return False
    return True


def test_of_a_thousand_debits_at_once_exactly_what_the_balance_allows_succeeds() -> None:
    person = make.trader()
    company = make.company()
    services.open_accounts(company, at=make.AT)
    make.funds(amount=D(HOLDS))
    each = DEBITS // CONNECTIONS

    def some(place: int) -> int:
        return sum(debit(company, person, f"debit-{place}-{number}") for number in range(each))

    done = at_once(*(lambda place=place: some(place) for place in range(CONNECTIONS)))  # type: ignore[misc]
    assert sum(done) == HOLDS, done
    accounts = {account.kind: account.balance for account in Account.objects.filter(company=company)}
    assert (accounts[PREPAID], accounts[GUARANTEE]) == (0, HOLDS)
    assert Entry.objects.filter(kind=Entry.Kind.MOVE).count() == HOLDS
    assert list(books.faults()) == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_verbs_at_random_beside_each_other_leave_the_books_whole(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each connection draws its own verbs; they meet the same declarations, pay-outs and stock, and a day is closed."""
    monkeypatch.setattr(bank, "start", started)
    world = World()

    def some(place: int) -> Counter[str]:
        chance, done = random.Random(f"{seed}-{place}"), Counter[str]()
        for number in range(12):
            try:
                done[world.step(chance, f"{seed}-{place}-{number}")] += 1
            except Rejected:
                done["refused"] += 1
            except IntegrityError as error:
                if "day that is closed" not in str(error):
                    raise
                done["too late for the day"] += 1
        return done

    outcomes = at_once(*(lambda place=place: some(place) for place in range(6)))  # type: ignore[misc]
    assert [each for each in outcomes if not isinstance(each, Counter)] == []
    assert len(sum(outcomes, Counter())) > len(STEPS) / 2, "most verbs went through somewhere"
    world.settled()
    world.holds()
    connection.close()


def test_who_waited_for_an_amendment_gets_the_version_it_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key was read before the amendment was through: what it names is superseded once the lock is free."""
    earlier = make.assessed()
    newer = clearance.amended(earlier)
    read, stale = selectors.newest_version, [earlier.pk]
    monkeypatch.setattr(selectors, "newest_version", lambda pk: stale.pop() if stale else read(pk))
    with transaction.atomic():
        assert services.lock_newest(earlier.pk) == newer
    assert not stale
