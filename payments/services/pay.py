"""Paying a declaration: in full or not at all, with the guarantee it needs, in one transaction with its status."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from declarations import services as declarations
from declarations.models import Declaration, Status
from lib.figures import ZERO
from lib.violations import Rejected, Violation, refuse
from payments import ledger, selectors
from payments.models import Account, Attempt, Entry, Payment, Reservation
from payments.services.accounts import lock_accounts, open_account, revenue_accounts
from payments.services.holding import AFTER_RELEASE, cannot_hold, chosen_guarantee, hold_exactly
from payments.services.interest import charge_late_interest
from payments.services.returns import give_back
from traders.models import Company


@dataclass(frozen=True, slots=True)
class Order:
    """Who pays from which account, when, under which key, and what of it a bank attempt brought."""

    account: Account
    by: User | None
    at: datetime
    key: str
    attempt: Attempt | None = None
    from_bank: Decimal = ZERO
    bank_means: Payment.Means = Payment.Means.BANK


@transaction.atomic
def pay_from_account(
    declaration: Declaration, *, by: User, at: datetime, idempotency_key: str, account: Account | None = None
) -> Declaration:
    """Pay what is due and hold the guarantee it needs, from `account` (default: the payer's prepaid account).

    The same key again changes nothing. Raises Rejected: P001 nothing to pay, P003 not this person's account,
    P004 too little money, P005 too little guarantee.
    """
    declaration = declarations.lock(declaration.pk)
    order = Order(account=account or _prepaid(declaration, by=by, at=at), by=by, at=at, key=idempotency_key)
    if ledger.booked(order.key) or _only_secured(declaration):
        return declaration
    payers = selectors.payers_of(by, declaration, on=timezone.localtime(at).date())
    if order.account.company_id not in {company.pk for company in payers}:
        raise refuse("P003", "account", _("You may not pay from this account."))
    if order.account.kind not in (Account.Kind.PREPAID, Account.Kind.DEFERRED):
        raise refuse("P003", "account", _("Charges cannot be paid from this account."))
    return settle(declaration, order)


@transaction.atomic
def settle_if_nothing_due(declaration_pk: int, *, at: datetime) -> Declaration:
    """Give back what earlier versions paid too much; move an assessed declaration on when that leaves nothing to do."""
    declaration = give_back(declaration_pk, at=at)
    if declaration.status != Status.ASSESSED or selectors.due(declaration) or selectors.to_secure(declaration):
        return declaration
    return declarations.mark_paid(declaration, by=None, at=at)


def settle(declaration: Declaration, order: Order) -> Declaration:
    """Book, hold the guarantee and mark paid. The caller holds the transaction and the declaration's lock.

    Raises Rejected before anything is written.
    """
    if not selectors.is_payable(declaration):
        raise refuse("P001", "", _("There is nothing to pay on this declaration in its present state."))
    assert order.account.company is not None, "Only a customer pays."
    payer, held = order.account.company, selectors.held_for(declaration.mrn)
    guarantee = _guarantee(declaration, held, payer, at=order.at)
    touched = (order.account, guarantee, held.account if held else None)
    locked = lock_accounts(*(account for account in touched if account is not None))
    account, guarantee = locked[order.account.pk], guarantee and locked[guarantee.pk]
    taxes = selectors.due_by_tax(declaration)
    total = sum(taxes.values(), ZERO)
    if faults := list(_faults(declaration, held, account, guarantee, total=total, at=order.at)):
        raise Rejected(faults)
    if taxes:
        _book(declaration, order, account=account, taxes=taxes, total=total)
    if guarantee is not None:
        hold_exactly(held, declaration, guarantee, selectors.guarantee_needed(declaration), by=order.by, at=order.at)
    charge_late_interest(declaration, at=order.at)
    if declaration.status == Status.ASSESSED:
        return declarations.mark_paid(declaration, by=order.by, at=order.at)
    declarations.record(declaration, verb="pay", by=order.by, at=order.at)
    announce("declaration.paid", declaration.pk)
    return declaration


def can_secure(declaration: Declaration, company: Company, *, at: datetime) -> bool:
    """Whether a guarantee of the company can hold what the declaration still needs."""
    if selectors.to_secure(declaration) <= 0:
        return True
    return selectors.guarantee_for(company, declaration, on=timezone.localdate(at)) is not None


def _only_secured(declaration: Declaration) -> bool:
    """Whether the declaration moved on with a guarantee alone: there is no entry that would hold the key."""
    secured = declaration.status == Status.PAID and not declaration.payable and selectors.due(declaration) <= 0
    return secured and selectors.held_for(declaration.mrn) is not None


def _guarantee(declaration: Declaration, held: Reservation | None, payer: Company, *, at: datetime) -> Account | None:
    """Where what the declaration needs is to be held; None if nothing changes. After release no payment changes it."""
    needed = selectors.guarantee_needed(declaration)
    if declaration.status in AFTER_RELEASE or not (needed or held):
        return None
    if held and needed <= held.amount and not selectors.expired_hold(declaration, on=timezone.localdate(at)):
        return held.account  # Whoever pays now, what is held already is enough.
    return chosen_guarantee(payer, declaration, at=at)


def _faults(
    declaration: Declaration,
    held: Reservation | None,
    account: Account,
    guarantee: Account | None,
    *,
    total: Decimal,
    at: datetime,
) -> Iterator[Violation]:
    if total > account.available:
        sentence = _("The account does not hold what is due. Top it up or pay at the bank.")
        yield Violation("P004", "account", sentence)
    if guarantee is None:
        return
    more = selectors.guarantee_needed(declaration)
    if held and held.account_id == guarantee.pk:
        more -= held.amount
    if more > max(guarantee.available, ZERO):
        assert account.company is not None, "Only a customer pays."
        yield cannot_hold(account.company, declaration, at=at)


def _book(
    declaration: Declaration, order: Order, *, account: Account, taxes: Mapping[str, Decimal], total: Decimal
) -> None:
    occasion = ledger.Occasion(
        key=order.key,
        kind=Entry.Kind.PAYMENT if total > 0 else Entry.Kind.CREDIT,
        text=declaration.mrn,
        at=order.at,
        by=order.by,
        declaration=declaration,
    )
    revenue = revenue_accounts(taxes, at=order.at)
    entry = ledger.book(occasion, ledger.taken(account=account, revenue=revenue, taxes=taxes))
    by_bank = min(order.from_bank, max(total, ZERO))
    own = Payment.Means.DEFERRED if account.kind == Account.Kind.DEFERRED else Payment.Means.PREPAID
    for means, amount in ((order.bank_means, by_bank), (own, total - by_bank)):
        if amount > 0:
            Payment.objects.create(
                declaration=declaration,
                company=account.company,
                amount=amount,
                means=means,
                entry=entry,
                attempt=order.attempt if means == order.bank_means else None,
                at=order.at,
            )


def _prepaid(declaration: Declaration, *, by: User, at: datetime) -> Account:
    """The prepaid account of the first company of the declaration that `by` may pay for."""
    payers = selectors.payers_of(by, declaration, on=timezone.localtime(at).date())
    if not payers:
        raise refuse("P003", "account", _("You may not pay for this declaration."))
    return open_account(payers[0], Account.Kind.PREPAID, at=at)
