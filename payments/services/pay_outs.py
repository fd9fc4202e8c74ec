"""Verbs on pay-outs: ordered, approved, refused, cancelled. From the order on the money is nobody's to spend.

Locks: the suspense item or the bank account, then the pay-out, then accounts of the ledger by key.
"""

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from lib.violations import refuse
from payments import ledger, states
from payments.models import Account, BankAccount, Entry, PaymentFile, PayOut, RefundClaim, SuspenseItem
from payments.services.accounts import administration, lock_accounts, open_account
from payments.services.money_gate import (
    amount_needed,
    lock_confirmed,
    moved_on,
    needed,
    of_company,
    of_treasury,
    write_event,
)
from traders.models import Company

Status = PayOut.Status


@transaction.atomic
def order_pay_out(
    company: Company, *, bank_account: BankAccount, amount: Decimal, by: User, at: datetime, idempotency_key: str
) -> PayOut:
    """Pay out of the company's balance to a confirmed account; the same key again is the same order.

    Raises Rejected: P101, P117 no confirmed account, P004 the balance does not hold it, P009, P107 the amount.
    """
    of_company(company, by=by, at=at)
    if found := _known(idempotency_key):
        return found
    amount_needed(amount)
    to = lock_confirmed(bank_account, company=company)
    prepaid = open_account(company, Account.Kind.PREPAID, at=at)
    prepaid = lock_accounts(prepaid)[prepaid.pk]
    if found := _known(idempotency_key):
        return found  # sent twice at the same moment
    if amount > prepaid.available:
        raise refuse("P004", "amount", _("The account does not hold this amount."))
    return make_for_company(prepaid, to, amount=amount, by=by, at=at, idempotency_key=idempotency_key)


def _known(key: str) -> PayOut | None:
    found: PayOut | None = PayOut.objects.filter(idempotency_key=key).first()
    return found


def make_for_company(
    prepaid: Account,
    to: BankAccount,
    *,
    amount: Decimal,
    by: User,
    at: datetime,
    idempotency_key: str,
    claim: RefundClaim | None = None,
) -> PayOut:
    """The order. The caller holds the locks of both accounts and has seen that the money is there."""
    key = next_number(PayOut)
    reference = f"PO{key:010d}"
    made: PayOut = PayOut.objects.create(
        pk=key,
        reference=reference,
        idempotency_key=idempotency_key,
        company=prepaid.company,
        bank_account=to,
        claim=claim,
        payee=to.holder,
        number=to.number,
        is_iban=to.is_iban,
        bank_code=to.bank_code,
        bank_name=to.bank_name,
        amount=amount,
        currency=prepaid.currency,
        ordered_by=by,
        ordered_at=at,
        order_entry=_set_aside(reference, prepaid, payee=to.holder, amount=amount, by=by, at=at),
    )
    write_event("ordered", by=by, at=at, pay_out=made)
    return made


def make_for_sender(
    item: SuspenseItem, *, payee: str, number: str, is_iban: bool, bank_code: str, reason: str, by: User, at: datetime
) -> PayOut:
    """The order to send unmatched money back. The caller holds the item's lock and has judged what is written."""
    key = next_number(PayOut)
    reference = f"PO{key:010d}"
    suspense = administration(Account.Kind.SUSPENSE, at=at)
    made: PayOut = PayOut.objects.create(
        pk=key,
        reference=reference,
        idempotency_key=f"back-to-sender:{reference}",
        suspense=item,
        payee=payee,
        number=number,
        is_iban=is_iban,
        bank_code=bank_code,
        amount=item.amount,
        currency=item.bank_entry.currency,
        ordered_by=by,
        ordered_at=at,
        order_entry=_set_aside(reference, suspense, payee=payee, amount=item.amount, by=by, at=at),
    )
    write_event("ordered", by=by, at=at, note=reason, pay_out=made)
    return made


def next_number(model: type[PayOut | PaymentFile]) -> int:
    """The primary key of the row to be made, known before it: its name to the bank is made of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [model._meta.db_table])
        return int(cursor.fetchone()[0])


def _set_aside(reference: str, source: Account, *, payee: str, amount: Decimal, by: User, at: datetime) -> Entry:
    text = f"{reference} · {payee}"[:250]
    occasion = ledger.Occasion(key=f"pay-out:{reference}", kind=Entry.Kind.PAY_OUT, text=text, at=at, by=by)
    refunds = administration(Account.Kind.REFUNDS, at=at)
    return ledger.book(occasion, ledger.moved(source=source, target=refunds, amount=amount))


# Treasury decides ----------------------------------------------------------------------------------------------
@transaction.atomic
def approve_pay_out(pay_out: PayOut, *, by: User, at: datetime) -> PayOut:
    """Let it go with the next file; above the set sum this is the first of two officers.

    Raises Rejected: P102, P103, P105 decided meanwhile, P118 it is one's own order or first approval.
    """
    found = lock_pay_out(pay_out)
    of_treasury(found.company, by=by, at=at)
    if found.status not in (Status.ORDERED, Status.SECONDED):
        raise moved_on(found)
    if by.pk in (found.ordered_by_id, found.first_by_id):
        raise refuse("P118", "", _("You have acted on this pay-out before. Another officer approves it."))
    if found.status == Status.ORDERED and needs_two(found):
        moved = states.move_pay_out(found, Status.SECONDED, first_by=by)
        verb = "seconded"
    else:
        moved = states.move_pay_out(found, Status.APPROVED, approved_by=by, approved_at=at)
        verb = "approved"
    if not moved:
        raise moved_on(found)
    write_event(verb, by=by, at=at, pay_out=found)
    found.refresh_from_db()
    return found


def needs_two(pay_out: PayOut) -> bool:
    """Whether the sum is one that an officer may not approve alone."""
    return bool(pay_out.amount > settings.PAY_OUT_ALONE_UP_TO)


@transaction.atomic
def refuse_pay_out(pay_out: PayOut, *, reason: str, by: User, at: datetime) -> PayOut:
    """The treasury does not pay it, and says why: the money is back where it was. Raises Rejected: P102 to P105."""
    found = lock_pay_out(pay_out)
    of_treasury(found.company, by=by, at=at)
    if found.status not in PayOut.BEFORE_FILE:
        raise moved_on(found)
    reason = needed(reason, pointer="reason", sentence=_("Say why: whoever ordered it reads it."))
    return stop(found, Status.REFUSED, "refused", reason=reason, by=by, at=at)


@transaction.atomic
def cancel_pay_out(pay_out: PayOut, *, by: User, at: datetime) -> PayOut:
    """Whoever may order it takes it back before it is in a file. Raises Rejected: P101, P105 too late, P119."""
    found = lock_pay_out(pay_out)
    if found.company is not None:
        of_company(found.company, by=by, at=at)
    elif found.ordered_by_id != by.pk:
        raise refuse("P119", "", _("Only who ordered it may take it back. The treasury may refuse it."))
    if found.status not in PayOut.BEFORE_FILE:
        raise moved_on(found)
    return stop(found, Status.CANCELLED, "cancelled", reason="", by=by, at=at)


def lock_pay_out(pay_out: PayOut) -> PayOut:
    """The row as it is now, held; before it what stands before it in the order of locks."""
    if pay_out.suspense_id is not None:
        SuspenseItem.objects.select_for_update().get(pk=pay_out.suspense_id)
    rows = PayOut.objects.select_for_update(of=("self",)).select_related("company", "suspense")
    found: PayOut = rows.get(pk=pay_out.pk)
    return found


def stop(pay_out: PayOut, end: PayOut.Status, verb: str, *, reason: str, by: User | None, at: datetime) -> PayOut:
    """It does not leave: the money is back on the balance, or awaits its owner again. The caller holds its lock."""
    if not states.move_pay_out(pay_out, end, ended_by=by, ended_at=at, end_text=reason[:500]):
        raise moved_on(pay_out)
    back = source_of(pay_out, at=at)
    text, key = pay_out.order_entry.text, f"pay-out-stopped:{pay_out.reference}"
    occasion = ledger.Occasion(key=key, kind=Entry.Kind.BOUNCED, text=text, at=at, by=by)
    refunds = administration(Account.Kind.REFUNDS, at=at)
    ledger.book(occasion, ledger.moved(source=refunds, target=back, amount=pay_out.amount))
    if pay_out.suspense_id is not None:
        states.move_item(pay_out.suspense_id, SuspenseItem.Status.OPEN)
    write_event(verb, by=by, at=at, note=reason, pay_out=pay_out)
    announce("pay_out.ended", pay_out.pk)
    pay_out.refresh_from_db()
    return pay_out


def source_of(pay_out: PayOut, *, at: datetime) -> Account:
    """The account from which the money was set aside: the company's, locked, or that of unmatched money."""
    if pay_out.company is None:
        return administration(Account.Kind.SUSPENSE, at=at)
    prepaid = open_account(pay_out.company, Account.Kind.PREPAID, at=at)
    return lock_accounts(prepaid)[prepaid.pk]
