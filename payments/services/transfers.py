"""Bank transfers for a declaration: pay it with what came under its reference, if that covers what is due."""

from datetime import datetime

import structlog
from django.db import transaction

from accounts.models import User
from declarations.models import Status
from lib.violations import Rejected
from payments import ledger, selectors
from payments.models import Account, BankEntry, Payment
from payments.services.accounts import open_account
from payments.services.attempts import version_that_counts
from payments.services.pay import Order, settle
from traders.models import Company

log = structlog.get_logger("bank_files")


def pay_by_transfer(entry_pk: int, *, at: datetime) -> None:
    """Pay the declaration for which an entry of the bank came; else its money stays on the prepaid account.

    Safe to repeat: what was paid is booked under the entry's key.
    """
    came = BankEntry.objects.select_related("company").filter(pk=entry_pk, taken_back_by=None).first()
    if came is not None and came.company and came.declaration_id:
        pay_with_what_came(
            came.declaration_id, company=came.company, key=f"transfer:{came.key}:{came.part}", by=None, at=at
        )


@transaction.atomic
def pay_with_what_came(declaration_pk: int, *, company: Company, key: str, by: User | None, at: datetime) -> None:
    """Pay the declaration, or the version that replaced it, from the account where money for it has arrived."""
    declaration = version_that_counts(declaration_pk)
    due = selectors.due(declaration)
    if declaration.status != Status.ASSESSED or ledger.booked(key):
        return
    if not 0 < due <= selectors.came_for(declaration.mrn, company):
        log.info("a transfer does not cover what is due", mrn=declaration.mrn)
        return
    account = open_account(company, Account.Kind.PREPAID, at=at)
    order = Order(account=account, by=by, at=at, key=key, from_bank=due, bank_means=Payment.Means.TRANSFER)
    try:
        settle(declaration, order)
    except Rejected as refused:
        log.info("money stays on the account", mrn=declaration.mrn, why=str(refused))
