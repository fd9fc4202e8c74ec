"""Verbs on unmatched money that is nobody's here: sent back to the account it came from; and money out, explained.

A cashier orders the return, the treasury approves it as any pay-out. Locks: the suspense item, then the pay-out.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Role, User
from accounts.selectors import has_role
from accounts.services.followups import announce
from lib.violations import refuse
from payments import ledger, states
from payments.models import Account, Entry, PayOut, SuspenseItem
from payments.services.accounts import administration
from payments.services.bank_accounts import read_number
from payments.services.money_gate import clean, moved_on, needed, of_treasury, write_event
from payments.services.pay_outs import make_for_sender

Status = SuspenseItem.Status


@transaction.atomic
def send_to_sender(
    item: SuspenseItem, *, number: str, bank_code: str, payee: str, reason: str, by: User, at: datetime
) -> PayOut:
    """Order that money goes back to the account it came from.

    `number` and `payee` count only where the bank named none, or where the money has come back once already.

    Raises Rejected: P104 no reason, P110, P111 the account, P140 it is no money that came in; Conflict P105.
    """
    found = _open(item)
    entry = found.bank_entry
    bounced = PayOut.objects.filter(bounce=entry).exists()  # its payer is a bank, not the sender
    if found.is_money_out or (entry.is_reversal and not bounced):
        raise refuse("P140", "", _("Only money that came in can go back to its sender."))
    account = read_number(number if bounced else entry.payer_account or number, bank_code)
    reason = needed(reason, pointer="reason", sentence=_("Say why it goes back: the second person reads it."))
    name = clean(payee, 140) if bounced else entry.payer or clean(payee, 140)
    if not name:
        raise refuse("P104", "payee", _("Write the name of the sender: the bank asks for it."))
    if not states.move_item(found.pk, Status.SENDING):
        raise moved_on(found)
    return make_for_sender(
        found, payee=name, number=account.number, is_iban=account.is_iban, bank_code=account.bank_code, reason=reason,
        by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def explain_by_pay_out(item: SuspenseItem, pay_out: PayOut, *, by: User, at: datetime) -> SuspenseItem:
    """Money that went out without our reference was this pay-out: a treasury officer says so.

    Raises Rejected: P102, P103, P141 another sum or no such pay-out; Conflict P105.
    """
    found = _open(item)
    rows = PayOut.objects.select_for_update(of=("self",)).select_related("company")
    paid = rows.get(pk=pay_out.pk)
    of_treasury(paid.company, by=by, at=at)
    fits = paid.status == PayOut.Status.IN_FILE and paid.amount == -found.amount and paid.suspense_id is None
    if not fits or found.bank_entry.is_reversal:
        raise refuse("P141", "pay_out", _("This pay-out is of another sum, or the bank has told of it already."))
    text = f"{paid.reference} · {paid.payee}"
    entry = _book(found, Account.Kind.REFUNDS, Entry.Kind.PAY_OUT, text=text, by=by, at=at)
    _end(found, entry, reason=text, by=by, at=at)
    states.move_pay_out(paid, PayOut.Status.PAID, debit=found.bank_entry, ended_at=at)
    write_event("paid", by=by, at=at, note=found.bank_entry.bank_reference, pay_out=paid)
    announce("pay_out.ended", paid.pk)
    return found


@transaction.atomic
def explain_as_charges(item: SuspenseItem, *, reason: str, by: User, at: datetime) -> SuspenseItem:
    """Money that went out is what the bank took for its services. Above the set sum the treasury says so.

    Raises Rejected: P104 no reason, P140 it is no such money, P142 the sum is for the treasury; Conflict P105.
    """
    found = _open(item)
    if not found.is_money_out or found.bank_entry.is_reversal:
        raise refuse("P140", "", _("Only money that went out can be the bank’s charges."))
    if -found.amount > settings.ALLOT_ALONE_UP_TO and not has_role(by, Role.TREASURY, on=timezone.localdate(at)):
        raise refuse("P142", "", _("A sum like this is explained by the treasury."))
    reason = needed(reason, pointer="reason", sentence=_("Say what the bank took it for."))
    entry = _book(found, Account.Kind.COSTS, Entry.Kind.ALLOTTED, text=reason, by=by, at=at)
    _end(found, entry, reason=reason, by=by, at=at)
    return found


def _open(item: SuspenseItem) -> SuspenseItem:
    rows = SuspenseItem.objects.select_for_update(of=("self",)).select_related("bank_entry")
    found: SuspenseItem = rows.get(pk=item.pk)
    if found.status != Status.OPEN:
        raise moved_on(found)
    return found


def _book(item: SuspenseItem, source: str, kind: Entry.Kind, *, text: str, by: User, at: datetime) -> Entry:
    """What went out, below zero on the suspense account, is taken from `source`."""
    occasion = ledger.Occasion(key=f"explained:{item.pk}", kind=kind, text=text[:250], at=at, by=by)
    lines = ledger.moved(
        source=administration(Account.Kind.SUSPENSE, at=at), target=administration(source, at=at), amount=item.amount
    )
    return ledger.book(occasion, lines)


def _end(item: SuspenseItem, entry: Entry, *, reason: str, by: User, at: datetime) -> None:
    told = {"entry": entry, "decided_by": by, "ended_at": at, "reason": reason[:250]}
    if not states.move_item(item.pk, Status.EXPLAINED, **told):
        raise moved_on(item)
    item.refresh_from_db()
