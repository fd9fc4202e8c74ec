"""Money at the bank's page that a statement told of before its call-back came: booked already, perhaps as nobody's."""

from datetime import datetime
from decimal import Decimal

from payments import ledger, selectors, states
from payments.models import Account, Attempt, Entry, SuspenseItem
from payments.services.accounts import administration


def suspense_for(transaction_id: str, *, amount: Decimal, currency: str) -> SuspenseItem | None:
    """The item in which the statement's money waits, locked. To be asked before accounts are locked."""
    told = selectors.told_by_statement(transaction_id, amount=amount, currency=currency)
    item = selectors.suspense_of(told, lock=True) if told else None
    waits = item is not None and item.status in (SuspenseItem.Status.OPEN, SuspenseItem.Status.PROPOSED)
    return item if waits else None


def entry_for(transaction_id: str, *, amount: Decimal, currency: str) -> Entry | None:
    """The entry by which the statement's money went to an account already."""
    told = selectors.told_by_statement(transaction_id, amount=amount, currency=currency)
    return told.entry if told is not None and told.company_id is not None else None


def book_from_suspense(
    item: SuspenseItem, attempt: Attempt, *, prepaid: Account, occasion: ledger.Occasion, at: datetime
) -> Entry:
    """The call-back says whose money it is: from the suspense account to the payer's."""
    suspense = administration(Account.Kind.SUSPENSE, at=at)
    entry = ledger.book(occasion, ledger.moved(source=suspense, target=prepaid, amount=item.amount))
    states.allot_item(
        item, company=attempt.company, declaration=None, decided_by=attempt.by, proposed_by=None, entry=entry,
        ended_at=at, reason=occasion.text,
    )  # fmt: skip
    return entry
