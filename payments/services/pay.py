"""Paying a declaration: in full or not at all, with the guarantee it needs, in one transaction with its status."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from declarations import services as declarations
from declarations.models import Declaration, Status
from lib.figures import ZERO, plain
from lib.violations import Rejected, Violation, refuse
from payments import ledger, selectors
from payments.models import Account, Attempt, Entry, Payment, Reservation
from payments.services.accounts import lock_accounts, open_account, revenue_accounts
from payments.services.holding import AFTER_RELEASE, cannot_hold, chosen_guarantee, hold_exactly
from payments.services.interest import charge_late_interest
from payments.services.returns import give_back
from traders.models import Company

OWN_MEANS: Mapping[str, Payment.Means] = {
    Account.Kind.PREPAID: Payment.Means.PREPAID,
    Account.Kind.DEFERRED: Payment.Means.DEFERRED,
    Account.Kind.GUARANTEE: Payment.Means.DEPOSIT,
}


@dataclass(frozen=True, slots=True)
class Order:
    """Who pays from which account, when, under which key, and what of it a bank attempt brought.

    With `shares` each account gives so much; without them `account` gives everything.
    """

    account: Account
    by: User | None
    at: datetime
    key: str
    attempt: Attempt | None = None
    from_bank: Decimal = ZERO
    bank_means: Payment.Means = Payment.Means.BANK
    shares: tuple[tuple[Account, Decimal], ...] = ()

    def sources(self, total: Decimal) -> dict[int, Decimal]:
        """How much comes from which account, by primary key."""
        return {account.pk: share for account, share in self.shares or ((self.account, total),)}


@transaction.atomic
def pay_from_account(
    declaration: Declaration, *, by: User, at: datetime, idempotency_key: str, account: Account | None = None
) -> Declaration:
    """Pay what is due and hold the guarantee it needs, from `account` (default: the payer's prepaid account).

    The same key again changes nothing. Raises Rejected: P001 nothing to pay, P003 not this person's account,
    P004 too little money, P005 too little guarantee, P040 deferred payment is blocked.
    """
    declaration = declarations.lock(declaration.pk)
    order = Order(account=account or _prepaid(declaration, by=by, at=at), by=by, at=at, key=idempotency_key)
    if ledger.booked(order.key) or _only_secured(declaration):
        return declaration
    check_payer(declaration, order)
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
    locked, guarantee, held = _locked(declaration, order)
    taxes = selectors.due_by_tax(declaration)
    total = sum(taxes.values(), ZERO)
    _check_means(declaration, locked, order.sources(total), guarantee, held, order)
    if taxes:
        _book(declaration, order, locked, taxes)
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


def take_part(declaration: Declaration, order: Order) -> Declaration:
    """Book the order's shares as part of what is due: the first taxes are paid first, the rest stays due.

    Its guarantee has to be there already, though it is held with the rest alone. The caller holds the transaction and
    the declaration's lock. Raises Rejected before anything is written.
    """
    locked, guarantee, held = _locked(declaration, order)
    taxes = selectors.due_by_tax(declaration)
    total, part = sum(taxes.values(), ZERO), sum((share for _account, share in order.shares), ZERO)
    assert 0 < part < total, "Whatever covers everything is no part."
    _check_means(declaration, locked, order.sources(part), guarantee, held, order)
    _book(declaration, order, locked, first_taxes(taxes, part))
    told = {"amount": plain(part, least=2), "rest": plain(total - part, least=2)}
    declarations.record(declaration, verb="pay_part", by=order.by, at=order.at, data=told)
    announce("declaration.part_paid", declaration.pk)
    return declaration


def first_taxes(taxes: Mapping[str, Decimal], part: Decimal) -> dict[str, Decimal]:
    """What of the taxes a part of their sum pays: what goes back whole, then one tax after another until it is used."""
    paid = {tax: amount for tax, amount in taxes.items() if amount < 0}
    left = part - sum(paid.values(), ZERO)
    for tax, amount in taxes.items():
        if amount > 0 and left > 0:
            paid[tax] = min(amount, left)
            left -= paid[tax]
    return paid


def check_payer(declaration: Declaration, order: Order) -> None:
    """Whether who pays may use the accounts for this declaration. Raises Rejected P003."""
    assert order.by is not None, "Somebody asks for it."
    payers = selectors.payers_of(order.by, declaration, on=timezone.localtime(order.at).date())
    owners = {account.company_id for account, _share in order.shares or ((order.account, ZERO),)}
    if not owners <= {company.pk for company in payers}:
        raise refuse("P003", "account", _("You may not pay from this account."))


def _locked(declaration: Declaration, order: Order) -> tuple[dict[int, Account], Account | None, Reservation | None]:
    """The accounts that pay, by key; the one that is to hold the guarantee (None: nothing changes); what is held.

    All of them are locked, lowest key first.
    """
    if not selectors.is_payable(declaration):
        raise refuse("P001", "", _("There is nothing to pay on this declaration in its present state."))
    assert order.account.company is not None, "Only a customer pays."
    held = selectors.held_for(declaration.mrn)
    guarantee = _guarantee(declaration, held, order.account.company, at=order.at)
    paying = [account for account, _share in order.shares] or [order.account]
    holding = [account for account in (guarantee, held.account if held else None) if account is not None]
    locked = lock_accounts(*paying, *holding)
    return locked, guarantee and locked[guarantee.pk], held


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


def _check_means(
    declaration: Declaration,
    locked: Mapping[int, Account],
    sources: Mapping[int, Decimal],
    guarantee: Account | None,
    held: Reservation | None,
    order: Order,
) -> None:
    """Whether each account gives its share and the guarantee has room for what it is to hold. Raises Rejected."""
    faults: list[Violation] = []
    for pk, amount in sources.items():
        if amount > 0 and (overdue := blocked(locked[pk], on=timezone.localdate(order.at))):
            faults.append(overdue)
        if amount > usable(locked[pk]):
            sentence = _("The account does not hold what is due. Top it up or pay at the bank.")
            faults.append(Violation("P004", "account", sentence))
    if guarantee is not None:
        more = selectors.guarantee_needed(declaration)
        if held and held.account_id == guarantee.pk:
            more -= held.amount
        if more > max(guarantee.available - sources.get(guarantee.pk, ZERO), ZERO):
            assert order.account.company is not None, "Only a customer pays."
            faults.append(cannot_hold(order.account.company, declaration, at=order.at))
    if faults:
        raise Rejected(faults)


def usable(account: Account) -> Decimal:
    """What charges may take of an account: of a guarantee account only money that lies there and holds nothing."""
    if account.kind == Account.Kind.GUARANTEE:
        return max(min(Decimal(account.balance - account.reserved), account.available), ZERO)
    return Decimal(account.available)


def blocked(account: Account, *, on: date) -> Violation | None:
    """Why nothing more may be taken on credit: a statement of the deferred account is overdue."""
    if account.kind != Account.Kind.DEFERRED:
        return None
    overdue = selectors.overdue_statement(account, on=on)
    if overdue is None:
        return None
    sentence = _("Statement {number} of the deferred payment account was to be paid by {day}. Pay it first.")
    told = {"number": overdue.statement.number, "day": date_format(overdue.statement.due_on)}
    return Violation("P040", "account", sentence.format(**told))


def _book(declaration: Declaration, order: Order, locked: Mapping[int, Account], taxes: Mapping[str, Decimal]) -> None:
    """Book the taxes from the order's accounts, and a payment for each means that gives something."""
    total = sum(taxes.values(), ZERO)
    occasion = ledger.Occasion(
        key=order.key,
        kind=Entry.Kind.PAYMENT if total > 0 else Entry.Kind.CREDIT,
        text=declaration.mrn,
        at=order.at,
        by=order.by,
        declaration=declaration,
        attempt=order.attempt,
    )
    shares = {locked[pk]: share for pk, share in order.sources(total).items()}
    entry = ledger.book(occasion, ledger.taken(shares, revenue=revenue_accounts(taxes, at=order.at), taxes=taxes))
    by_bank = min(order.from_bank, max(total, ZERO))
    parts = {order.bank_means: by_bank} | {OWN_MEANS[each.kind]: share - by_bank for each, share in shares.items()}
    for means, amount in parts.items():
        if amount > 0:
            Payment.objects.create(
                declaration=declaration,
                company=order.account.company,
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
