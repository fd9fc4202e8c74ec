"""Over real connections: debits of one account by many, and verbs at random beside each other; the books stay whole."""

import random
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import User
from clearance import services as clearance
from declarations.models import Declaration, Status
from lib.violations import Rejected
from payments import selectors, services
from payments.models import Account, Closing, Entry
from payments.selectors import books
from tests import make
from tests.clearance import make as files
from tests.payments.money_steps import GUARANTEE, PREPAID
from tests.payments.test_closing import NIGHT
from tests.payments.test_incoming_at_once import at_once
from tests.payments.test_ledger import beancount_balances
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
def test_verbs_at_random_beside_each_other_leave_the_books_whole(seed: int) -> None:
    """Each connection draws its own verbs; some meet the same declaration, and a day is closed among them."""
    company = make.company(owner=make.trader())
    services.open_accounts(company, at=make.AT)
    make.treasury()
    make.officer()
    shared = [make.assessed() for _number in range(4)]
    make.funds(amount=D(50_000))

    def some(place: int) -> Counter[str]:
        chance, done = random.Random(f"{seed}-{place}"), Counter[str]()
        for number in range(12):
            verb = chance.choice(sorted(VERBS))
            declaration = chance.choice(shared)
            try:
                VERBS[verb](declaration, chance, f"{seed}-{place}-{number}")
                done[verb] += 1
            except Rejected:
                done[f"{verb} refused"] += 1
        return done

    outcomes = at_once(*(lambda place=place: some(place) for place in range(6)))  # type: ignore[misc]
    assert all(isinstance(each, Counter) for each in outcomes), outcomes
    for declaration in shared:
        services.settle_if_nothing_due(selectors.newest_version(declaration.pk), at=NIGHT)
    _proved(company, shared)


def _proved(company: Company, shared: list[Declaration]) -> None:
    assert list(books.faults()) == []
    with transaction.atomic():
        assert sum(beancount_balances().values(), D(0)) == 0
    came = -selectors.balance_of_administration("bank")
    charges = D(0)
    for declaration in shared:
        stands = Declaration.objects.get(pk=selectors.newest_version(declaration.pk))
        booked = sum(selectors.paid_by_tax(stands.mrn).values(), D(0))
        charged = sum(selectors.charged_by_tax(stands).values(), D(0))
        assert 0 <= booked <= charged
        assert booked == charged or stands.status == Status.ASSESSED
        charges += booked
    held = sum((account.balance for account in Account.objects.filter(company=company)), D(0))
    assert came == charges + held, "what a company paid is its charges and its balances"
    connection.close()


def _newest(declaration: Declaration) -> Declaration:
    return Declaration.objects.get(pk=selectors.newest_version(declaration.pk))


def _pay(declaration: Declaration, chance: random.Random, key: str) -> object:
    stands = _newest(declaration)
    return services.pay_from_account(stands, by=make.trader(), at=make.AT, idempotency_key=key)


def _top_up(declaration: Declaration, chance: random.Random, key: str) -> object:
    amount = D(chance.randrange(1, 900_000)) / 100
    return services.top_up(declaration.declarant, amount=amount, by=None, at=make.AT, idempotency_key=key)


def _move(declaration: Declaration, chance: random.Random, key: str) -> object:
    return services.move(
        declaration.declarant, source=PREPAID, target=GUARANTEE, amount=D(chance.randrange(1, 5000)), by=make.trader(),
        at=make.AT, idempotency_key=key,
    )  # fmt: skip


def _cancel(declaration: Declaration, chance: random.Random, key: str) -> object:
    return clearance.cancel(_newest(declaration), reason="wrong goods", by=make.trader(), at=make.AT)


def _amend(declaration: Declaration, chance: random.Random, key: str) -> object:
    price = str(chance.randrange(800, 1600))
    changes = {"items": [make.item(item_price=price)], "invoice_amount": price}
    return files.amended(_newest(declaration), **changes)


def _compare(declaration: Declaration, chance: random.Random, key: str) -> object:
    closing: Closing = services.ask_closing(make.ON, by=None, at=NIGHT)
    return services.compare_day(closing.pk, at=NIGHT)


VERBS: dict[str, Any] = {
    "pay": _pay,
    "top up": _top_up,
    "move": _move,
    "cancel": _cancel,
    "amend": _amend,
    "compare the day": _compare,
}
