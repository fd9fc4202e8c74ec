"""Holding a guarantee: exactly what a declaration needs, on a guarantee that is in force and has room for it."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from declarations import services as declarations
from declarations.models import Declaration, Status
from lib.figures import ZERO, plain
from lib.languages import day_text
from lib.violations import Violation, refuse
from payments import selectors, states
from payments.models import Account, Guarantee, Reservation
from payments.services.accounts import lock_accounts, open_account
from traders.models import Company

AFTER_RELEASE = (Status.RELEASED, Status.EXITED)


def chosen_guarantee(company: Company, declaration: Declaration, *, at: datetime) -> Account:
    """The account of the company that can hold what the declaration needs; its deposit where none can."""
    found = selectors.guarantee_for(company, declaration, on=timezone.localdate(at))
    return found or open_account(company, Account.Kind.GUARANTEE, at=at)


def cannot_hold(company: Company, declaration: Declaration, *, at: datetime) -> Violation:
    """Why no guarantee of the company can hold what the declaration needs: one has expired, or there is too little."""
    expired = selectors.expired_of(company, declaration.mrn, on=timezone.localdate(at))
    if expired is not None and expired.account.limit >= selectors.guarantee_needed(declaration):
        return has_expired(expired)
    sentence = _("The guarantee account cannot hold the secured charges. Move money to it or have its limit raised.")
    return Violation("P005", "guarantee", sentence)


def has_expired(guarantee: Guarantee) -> Violation:
    assert guarantee.valid_to is not None, "only what has an end expires"
    sentence = _("Guarantee {guarantee} expired on {day}. Have it prolonged, or secure the charges by another one.")
    return Violation("P020", "guarantee", sentence.format(guarantee=guarantee, day=day_text(guarantee.valid_to)))


def hold_exactly(
    held: Reservation | None,
    declaration: Declaration,
    account: Account,
    amount: Decimal,
    *,
    by: User | None,
    at: datetime,
) -> None:
    """Let `amount` be held for the declaration on the account and nothing else; the accounts are locked."""
    if held and held.amount == amount and held.account_id == account.pk:
        return
    if held:
        states.end_reservation(held, Reservation.Status.VOIDED, at=at)
    if amount > 0:
        Reservation.objects.create(
            account=account, declaration=declaration, mrn=declaration.mrn, amount=amount, by=by, at=at
        )


def hold_less(held: Reservation, declaration: Declaration, *, at: datetime) -> None:
    """Void a reservation and hold on its account what the declaration needs now, if anything."""
    needed = selectors.guarantee_needed(declaration)
    hold_exactly(held, declaration, held.account, needed, by=held.by, at=at)


def hold_as_needed(declaration: Declaration, *, at: datetime) -> None:
    """Hold less where less is needed, and after release hold more again, as far as the guarantee has room.

    What it has no room for stays wanting; the sweep asks again. The history says what changed.
    """
    held = selectors.held_for(declaration.mrn)
    last = held or selectors.last_held_for(declaration.mrn)
    needed = selectors.guarantee_needed(declaration)
    if last is None or (held and held.amount == needed) or (held is None and not needed):
        return
    account = lock_accounts(last.account)[last.account_id]
    has = held.amount if held else ZERO
    if needed > has:
        room = max(account.available, ZERO) if declaration.status in AFTER_RELEASE else ZERO
        needed = min(needed, has + room)
    if needed == has:
        return
    hold_exactly(held, declaration, account, needed, by=last.by, at=at)
    told = {"freed": plain(has - needed, least=2)} if needed < has else {"held_again": plain(needed - has, least=2)}
    declarations.record(declaration, verb="money_back" if needed < has else "hold", by=None, at=at, data=told)


@transaction.atomic
def hold_elsewhere(declaration: Declaration, guarantee: Guarantee, *, by: User, at: datetime) -> Reservation:
    """Put what is held for a declaration under another guarantee of a company that pays for it.

    Raises Rejected: P003 not this person's company, P020 the other one has expired, P021 nothing is held, P022 it is
    for another declaration, P023 not valid yet, P005 too little room.
    """
    declaration = declarations.lock(declaration.pk)
    on = timezone.localdate(at)
    held = selectors.held_for(declaration.mrn)
    if held is None:
        raise refuse("P021", "", _("Nothing is held for this declaration."))
    company = guarantee.account.company
    if company is None or company.pk not in {each.pk for each in selectors.payers_of(by, declaration, on=on)}:
        raise refuse("P003", "guarantee", _("You may not use this guarantee."))
    if guarantee.mrn not in ("", declaration.mrn):
        raise refuse("P022", "guarantee", _("This guarantee secures another declaration."))
    if not selectors.in_force(guarantee, on=on):
        if guarantee.valid_to is not None and guarantee.valid_to < on:
            fault = has_expired(guarantee)
            raise refuse(fault.code, fault.pointer, str(fault.sentence))
        raise refuse("P023", "guarantee", _("This guarantee is not valid yet."))
    account = lock_accounts(guarantee.account, held.account)[guarantee.account_id]
    needed = selectors.guarantee_needed(declaration)
    has = held.amount if held.account_id == account.pk else ZERO
    if account.available + has < needed:
        raise refuse("P005", "guarantee", _("This guarantee has too little room. Choose another one."))
    hold_exactly(held, declaration, account, needed, by=by, at=at)
    declarations.record(declaration, verb="hold", by=by, at=at, data={"guarantee": str(guarantee)})
    if declaration.status == Status.PAID:
        announce("declaration.paid", declaration.pk)
    made = selectors.held_for(declaration.mrn)
    assert made is not None, "what is needed is held"
    return made
