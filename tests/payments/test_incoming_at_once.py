"""Over real connections: one item and two cashiers, one entry and two files, a reversal and an allotment."""

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from accounts.models import Role
from lib.violations import Conflict
from payments import selectors, services
from payments.models import BankEntry, SuspenseItem
from tests import make
from tests.payments.statement_files import Told, booked, books, camt, of_company, open_items, received

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server]
D = Decimal
PATIENCE_SECONDS = 300  # on a slow machine, beside other work


def at_once(*verbs: Callable[[], Any]) -> list[Any]:
    """What each of them gave or raised, all begun together, each on its own connection."""
    outcomes: list[Any] = [None] * len(verbs)
    gate = threading.Barrier(len(verbs))

    def run(place: int) -> None:
        try:
            gate.wait()
            outcomes[place] = verbs[place]()
        except Exception as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(verbs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    return outcomes


def test_cashiers_and_files_at_once() -> None:
    make.trader()
    make.stranger()
    cashiers = [make.officer(Role.CASHIER, None, email=f"c{number}@customs.example") for number in range(2)]
    firms = [make.company(), make.company(make.OTHER_TIN)]
    booked(camt([Told("9.00", "B1"), Told("7.00", "B2")]))
    first, second = open_items()
    _two_cashiers(first, firms, cashiers)
    _a_reversal_meanwhile(second, firms[0], cashiers[0])
    entries = [Told("1.00", f"T{number}", reference=of_company()) for number in range(20)]
    files = [received(camt(entries, number=str(number))) for number in range(3)]
    outcomes = at_once(*(lambda pk=each.pk: services.book_file(pk, at=make.AT) for each in files))  # type: ignore[misc]
    assert outcomes == [None, None, None]
    assert BankEntry.objects.filter(bank_reference__startswith="T").count() == 20
    now = books()
    assert now["bank"] == now["prepaid"] + now["suspense"] == D(29)


def _allot(item: SuspenseItem, company: Any, by: Any) -> Callable[[], SuspenseItem]:
    return lambda: services.allot(item, company=company, declaration=None, reason="x", by=by, at=make.AT)


def _two_cashiers(item: SuspenseItem, firms: list[Any], cashiers: list[Any]) -> None:
    outcomes = at_once(*(_allot(item, firm, by) for firm, by in zip(firms, cashiers, strict=True)))
    assert sorted(type(each).__name__ for each in outcomes) == ["Conflict", "SuspenseItem"]
    assert sorted(selectors.balance(firm) for firm in firms) == [D(0), D(9)]


def _a_reversal_meanwhile(item: SuspenseItem, firm: Any, by: Any) -> None:
    """Whichever comes first, the money is gone in the end."""
    kept = received(camt([Told("-7.00", "B2", reversal=True)], number="9"))
    outcome, nothing = at_once(_allot(item, firm, by), lambda: services.book_file(kept.pk, at=make.AT))
    assert nothing is None
    assert isinstance(outcome, Conflict | SuspenseItem)
    now = books()
    assert (now["bank"], now["suspense"]) == (D(9), D(0))
