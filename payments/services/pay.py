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
from payments import ledger, selectors, states
from payments.models import Account, Attempt, Entry, Payment, Reservation
from payments.services.accounts import lock_accounts, open_account, revenue_accounts
from payments.services.returns import give_back

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
    locked, guarantee = _locked(declaration, order)
    taxes = selectors.due_by_tax(declaration)
    total = sum(taxes.values(), ZERO)
    more = _more_guarantee(declaration, guarantee)
    _check_means(locked, order.sources(total), guarantee, more_guarantee=more, at=order.at)
    if taxes:
        _book(declaration, order, locked, taxes)
    _hold(declaration, guarantee, order)
    if declaration.status == Status.ASSESSED:
        return declarations.mark_paid(declaration, by=order.by, at=order.at)
    declarations.record(declaration, verb="pay", by=order.by, at=order.at)
    announce("declaration.paid", declaration.pk)
    return declaration


def take_part(declaration: Declaration, order: Order) -> Declaration:
    """Book the order's shares as part of what is due: the first taxes are paid first, the rest stays due.

    Its guarantee has to be there already, though it is held with the rest alone. The caller holds the transaction and
    the declaration's lock. Raises Rejected before anything is written.
    """
    locked, guarantee = _locked(declaration, order)
    taxes = selectors.due_by_tax(declaration)
    total, part = sum(taxes.values(), ZERO), sum((share for _account, share in order.shares), ZERO)
    assert 0 < part < total, "Whatever covers everything is no part."
    more = _more_guarantee(declaration, guarantee)
    _check_means(locked, order.sources(part), guarantee, more_guarantee=more, at=order.at)
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


def can_secure(declaration: Declaration, *, company_account: Account | None) -> bool:
    """Whether a guarantee account (None: not opened) can hold what the declaration still needs."""
    wanted = selectors.to_secure(declaration)
    return wanted <= 0 or (company_account is not None and company_account.available >= wanted)


def too_little_guarantee() -> Violation:
    sentence = _("The guarantee account cannot hold the secured charges. Move money to it or have its limit raised.")
    return Violation("P005", "guarantee", sentence)


def _locked(declaration: Declaration, order: Order) -> tuple[dict[int, Account], Account]:
    """The accounts that pay, by key, and the one that holds the guarantee; locked, lowest key first."""
    if not selectors.is_payable(declaration):
        raise refuse("P001", "", _("There is nothing to pay on this declaration in its present state."))
    assert order.account.company is not None, "Only a customer pays."
    held = selectors.held_for(declaration.mrn)
    if held and selectors.to_secure(declaration) <= 0:
        guarantee = held.account  # Whoever pays now, what is held already is enough.
    else:
        guarantee = open_account(order.account.company, Account.Kind.GUARANTEE, at=order.at)
    paying = [account for account, _share in order.shares] or [order.account]
    locked = lock_accounts(*paying, guarantee, *([held.account] if held else []))
    return locked, locked[guarantee.pk]


def _only_secured(declaration: Declaration) -> bool:
    """Whether the declaration moved on with a guarantee alone: there is no entry that would hold the key."""
    secured = declaration.status == Status.PAID and not declaration.payable and selectors.due(declaration) <= 0
    return secured and selectors.held_for(declaration.mrn) is not None


def _more_guarantee(declaration: Declaration, guarantee: Account) -> Decimal:
    held = selectors.held_for(declaration.mrn)
    wanted = selectors.guarantee_needed(declaration)
    return wanted - held.amount if held and held.account_id == guarantee.pk else wanted


def _check_means(
    locked: Mapping[int, Account],
    sources: Mapping[int, Decimal],
    guarantee: Account,
    *,
    more_guarantee: Decimal,
    at: datetime,
) -> None:
    faults: list[Violation] = []
    for pk, amount in sources.items():
        if amount > 0 and (overdue := blocked(locked[pk], on=timezone.localtime(at).date())):
            faults.append(overdue)
        if amount > usable(locked[pk]):
            sentence = _("The account does not hold what is due. Top it up or pay at the bank.")
            faults.append(Violation("P004", "account", sentence))
    if more_guarantee > max(guarantee.available - sources.get(guarantee.pk, ZERO), ZERO):
        faults.append(too_little_guarantee())
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


def _hold(declaration: Declaration, guarantee: Account, order: Order) -> None:
    """Hold exactly what this version needs: what an earlier version held is given back first."""
    wanted = selectors.guarantee_needed(declaration)
    held = selectors.held_for(declaration.mrn)
    if held and held.amount == wanted and held.account_id == guarantee.pk:
        return
    if held:
        states.end_reservation(held, Reservation.Status.VOIDED, at=order.at)
    if wanted > 0:
        Reservation.objects.create(
            account=guarantee, declaration=declaration, mrn=declaration.mrn, amount=wanted, by=order.by, at=order.at
        )


def _prepaid(declaration: Declaration, *, by: User, at: datetime) -> Account:
    """The prepaid account of the first company of the declaration that `by` may pay for."""
    payers = selectors.payers_of(by, declaration, on=timezone.localtime(at).date())
    if not payers:
        raise refuse("P003", "account", _("You may not pay for this declaration."))
    return open_account(payers[0], Account.Kind.PREPAID, at=at)
