"""Limits of deferred and guarantee accounts: one person of the treasury asks, another one confirms or refuses."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from lib.violations import Conflict, Violation, refuse
from payments import states
from payments.models import Account, LimitChange
from payments.services.accounts import lock_accounts


@transaction.atomic
def ask_limit(account: Account, *, limit: Decimal, reason: str, by: User, at: datetime) -> LimitChange:
    """Ask that an account shall have `limit`; it has it when another person confirms.

    Raises Rejected: P008 more is in use, P013 no limit of its own or the limit it has. Conflict P014: one is asked for.
    """
    account = lock_accounts(account)[account.pk]
    own = account.company_id is not None and account.kind != Account.Kind.PREPAID and not account.reference
    if not own or limit < 0 or limit == account.limit:  # an undertaking has its limit from its terms
        raise refuse("P013", "limit", _("This is no new limit for this account."))
    _check_use(account, limit)
    if LimitChange.objects.filter(account=account, status=LimitChange.Status.ASKED).exists():
        raise Conflict([Violation("P014", "", _("A limit is asked for already and waits for a second person."))])
    asked: LimitChange = LimitChange.objects.create(
        account=account, old=account.limit, new=limit, reason=reason.strip(), by=by, at=at
    )
    return asked


@transaction.atomic
def confirm_limit(change: LimitChange, *, by: User, at: datetime) -> LimitChange:
    """Agree, as another person: the account has the limit from now on.

    Raises Conflict P014 somebody was first; Rejected P015 the same person, P008 more is in use now.
    """
    account = lock_accounts(change.account)[change.account_id]
    if change.by_id == by.pk:
        raise refuse("P015", "", _("You asked for this limit yourself. Another person has to agree."))
    _check_use(account, change.new)
    _decide(change, LimitChange.Status.CONFIRMED, by=by, at=at)
    account.limit = change.new
    account.save(update_fields=["limit"])
    change.refresh_from_db()
    return change


@transaction.atomic
def give_agreed_limit(
    account: Account, *, limit: Decimal, reason: str, by: User, second: User, at: datetime
) -> Account:
    """The limit of an undertaking, on whose terms two persons have agreed. Raises Rejected P008 more is in use."""
    account = lock_accounts(account)[account.pk]
    _check_use(account, limit)
    asked: LimitChange = LimitChange.objects.create(
        account=account, old=account.limit, new=limit, reason=reason, by=by, at=at
    )
    _decide(asked, LimitChange.Status.CONFIRMED, by=second, at=at)
    account.limit = limit
    account.save(update_fields=["limit"])
    return account


@transaction.atomic
def refuse_limit(change: LimitChange, *, by: User, at: datetime) -> LimitChange:
    """Do not agree, or take back what one asked for oneself. Raises Conflict P014."""
    _decide(change, LimitChange.Status.REFUSED, by=by, at=at)
    change.refresh_from_db()
    return change


def _decide(change: LimitChange, end: LimitChange.Status, *, by: User, at: datetime) -> None:
    if not states.decide_limit(change, end, decided_by=by, decided_at=at):
        raise Conflict([Violation("P014", "", _("Somebody was first: this limit is decided."))])


def _check_use(account: Account, limit: Decimal) -> None:
    if account.balance + limit - account.reserved < 0:
        raise refuse("P008", "limit", _("More than this limit is already in use. Settle it first."))
