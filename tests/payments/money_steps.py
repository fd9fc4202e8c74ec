"""Steps that tests of money share: move, pay, begin at the bank, and what is refused."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from declarations.models import Declaration
from lib.violations import Rejected
from payments import services
from payments.models import Account, Attempt, Entry
from tests import make

D = Decimal
LATER = make.AT + timedelta(hours=2)
PREPAID, DEFERRED, GUARANTEE = Account.Kind.PREPAID, Account.Kind.DEFERRED, Account.Kind.GUARANTEE


def move(target: str, amount: str, *, source: str = PREPAID, key: str = "") -> Entry:
    return services.move(
        make.company(owner=make.trader()),
        source=source,
        target=target,
        amount=D(amount),
        by=make.trader(),
        at=make.AT,
        idempotency_key=key or uuid.uuid4().hex,
    )


@contextmanager
def refuses(*faults: tuple[str, str]) -> Iterator[None]:
    """What is inside is refused with just these faults, code and pointer, each with a sentence."""
    with pytest.raises(Rejected) as refused:
        yield
    found = refused.value.violations
    assert [(fault.code, fault.pointer) for fault in found] == list(faults)
    assert all(str(fault.sentence).endswith(".") for fault in found)


def balances() -> dict[str, Decimal]:
    return {account.kind: account.balance for account in Account.objects.filter(company=make.company())}


def pay(declaration: Declaration, *, key: str = "pay", **more: Any) -> Declaration:
    return services.pay_from_account(declaration, by=make.trader(), at=make.AT, idempotency_key=key, **more)


def begin(*, declaration: Declaration | None = None, amount: str = "10", key: str = "", **more: Any) -> Attempt:
    return services.start_bank_payment(
        company=make.company(owner=make.trader()),
        declaration=declaration,
        amount=D(amount),
        by=make.trader(),
        at=make.AT,
        idempotency_key=key or uuid.uuid4().hex,
        **more,
    )


def confirm(attempt: Attempt, amount: str, *, transaction: str = "TX1", at: Any = LATER) -> Entry:
    return services.confirm(attempt, transaction_id=transaction, amount=D(amount), currency="TJS", at=at)
