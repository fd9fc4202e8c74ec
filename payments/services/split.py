"""One declaration by several means: shares of own accounts now, the rest at the bank or by transfer.

Shares that cover everything pay the declaration. Less is booked as part payment: the ledger, the page and the
receipt say what was paid; the rest stays due, and a cancellation gives the part back to the accounts it came from.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from declarations import services as declarations
from declarations.models import Declaration
from lib.figures import ZERO
from lib.violations import refuse
from payments import ledger, selectors
from payments.models import Account
from payments.services.pay import Order, check_payer, settle, take_part


@transaction.atomic
def pay_split(
    declaration: Declaration, *, shares: Mapping[Account, Decimal], by: User, at: datetime, idempotency_key: str
) -> Declaration:
    """Take each account's share of what is due. The same key again changes nothing.

    Raises Rejected: P001 nothing to pay, P003 not this person's account, P004 too little money, P005 too little
    guarantee, P040 deferred payment is blocked, P041 no share, or more than is due, or of two companies.
    """
    declaration = declarations.lock(declaration.pk)
    if ledger.booked(idempotency_key):
        return declaration
    given = tuple((account, share) for account, share in shares.items() if share)
    if not given or any(share < 0 for _account, share in given):
        raise refuse("P041", "shares", _("Say how much to take from at least one account."))
    if len({account.company_id for account, _share in given}) != 1:
        raise refuse("P041", "shares", _("All shares have to come from accounts of one company."))
    order = Order(account=given[0][0], by=by, at=at, key=idempotency_key, shares=given)
    check_payer(declaration, order)
    if not selectors.is_payable(declaration):
        raise refuse("P001", "", _("There is nothing to pay on this declaration in its present state."))
    due, total = selectors.due(declaration), sum((share for _account, share in given), ZERO)
    if total > due:
        raise refuse("P041", "shares", _("The shares are more than what is due."))
    return settle(declaration, order) if total == due else take_part(declaration, order)
