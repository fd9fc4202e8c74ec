"""Verbs on companies' accounts at banks: added by one person, confirmed by another, ended and never deleted.

Locks: the bank account, then its pay-outs, then accounts of the ledger by key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from lib.bank_numbers import BankNumber, NotAnAccount, read_bank_number
from lib.violations import refuse
from payments import selectors, states
from payments.models import BankAccount, PayOut
from payments.services.money_gate import (
    clean,
    keep_paper,
    lock_bank_account,
    moved_on,
    needed,
    of_company,
    of_treasury,
    write_event,
)
from payments.services.pay_outs import stop
from traders.models import Company

Status = BankAccount.Status


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a person writes of an account at a bank."""

    number: str
    bank_code: str = ""
    bank_name: str = ""
    holder: str = ""


@transaction.atomic
def add_bank_account(
    company: Company, told: Particulars, *, papers: Sequence[tuple[str, bytes]] = (), by: User, at: datetime
) -> BankAccount:
    """An account that does not count yet. `papers` are scans, each its name and content.

    Raises Rejected: P101, P110 no such number, P111 no such bank, P112 known already, P113 a paper is needed, F001 to
    F004 a paper that cannot be kept.
    """
    of_company(company, by=by, at=at)
    number = read_number(told.number, told.bank_code)
    if not papers and selectors.is_alone(company, on=timezone.localdate(at)):
        sentence = _("Nobody else pays for this company: add the bank's paper, from which an officer confirms.")
        raise refuse("P113", "file", sentence)
    try:
        with transaction.atomic():
            made: BankAccount = BankAccount.objects.create(
                company=company,
                number=number.number,
                is_iban=number.is_iban,
                bank_code=number.bank_code,
                bank_name=clean(told.bank_name, 140),
                holder=clean(told.holder, 140) or company.name[:140],
                added_by=by,
                added_at=at,
            )
    except IntegrityError:
        raise refuse("P112", "number", _("This account is there already.")) from None
    for name, content in papers:
        keep_paper(name=name, content=content, by=by, at=at, bank_account=made)
    write_event("added", by=by, at=at, bank_account=made)
    announce("bank_account.added", made.pk)
    return made


def read_number(number: str, bank_code: str) -> BankNumber:
    """What is written. Raises Rejected P110 no such number, P111 no such bank."""
    try:
        return read_bank_number(
            number, bank_code, domestic=settings.DOMESTIC_ACCOUNT, domestic_bank=settings.DOMESTIC_BANK
        )
    except NotAnAccount as fault:
        if fault.field == "bank_code":
            raise refuse("P111", "bank_code", _("Write the BIC of the bank, or its domestic code.")) from None
        if fault.why == "checksum":
            sentence = _("The check digits of this IBAN do not fit: a sign is wrong or two are exchanged.")
            raise refuse("P110", "number", sentence) from None
        raise refuse("P110", "number", _("This is neither an IBAN nor a domestic account number.")) from None


@transaction.atomic
def confirm_bank_account(account: BankAccount, *, by: User, at: datetime) -> BankAccount:
    """A second person of the company says that it is right. Raises Rejected: P101, P105, P114 the same person."""
    found = _waiting(account)
    of_company(found.company, by=by, at=at)
    if found.added_by_id == by.pk or by.is_program:  # a program is no second person
        raise refuse("P114", "", _("You added it yourself. Another owner or payer of the company confirms it."))
    return _confirm(found, by=by, at=at, by_customs=False)


@transaction.atomic
def confirm_by_paper(account: BankAccount, *, by: User, at: datetime) -> BankAccount:
    """An officer of the treasury confirms from the bank's paper, for a company of one person.

    Raises Rejected: P102, P103, P105, P115 the company has others who confirm, P116 no paper.
    """
    found = _waiting(account)
    of_treasury(found.company, by=by, at=at)
    if not selectors.is_alone(found.company, on=timezone.localdate(at)):
        raise refuse("P115", "", _("Another person of the company confirms this account, not customs."))
    if not found.papers.exists():
        raise refuse("P116", "", _("There is no paper from which it could be confirmed."))
    return _confirm(found, by=by, at=at, by_customs=True)


@transaction.atomic
def refuse_bank_account(account: BankAccount, *, reason: str, by: User, at: datetime) -> BankAccount:
    """An officer of the treasury does not confirm, and says why. Raises Rejected: P102, P103, P104, P105."""
    found = _waiting(account)
    of_treasury(found.company, by=by, at=at)
    reason = needed(reason, pointer="reason", sentence=_("Say why: the company reads it."))
    return _end(found, Status.REFUSED, "refused", reason=reason, by=by, at=at)


@transaction.atomic
def end_bank_account(account: BankAccount, *, by: User, at: datetime) -> BankAccount:
    """The company uses it no more. What was ordered to it and is in no file yet goes back to the balance.

    Raises Rejected: P101, P105 ended before.
    """
    found = lock_bank_account(account.pk)
    of_company(found.company, by=by, at=at)
    ended = _end(found, Status.ENDED, "ended", reason="", by=by, at=at)
    sentence = _("The bank account was ended before the money left.")
    for pay_out in PayOut.objects.select_for_update().filter(bank_account=found, status__in=PayOut.BEFORE_FILE):
        stop(pay_out, PayOut.Status.CANCELLED, "cancelled", reason=sentence, by=by, at=at)
    return ended


def _waiting(account: BankAccount) -> BankAccount:
    found = lock_bank_account(account.pk)
    if found.status != Status.PROPOSED:
        raise moved_on(found)
    return found


def _confirm(found: BankAccount, *, by: User, at: datetime, by_customs: bool) -> BankAccount:
    told = {"confirmed_by": by, "confirmed_at": at, "by_customs": by_customs}
    if not states.move_bank_account(found, Status.CONFIRMED, **told):
        raise moved_on(found)
    write_event("confirmed", by=by, at=at, bank_account=found)
    found.refresh_from_db()
    return found


def _end(found: BankAccount, end: BankAccount.Status, verb: str, *, reason: str, by: User, at: datetime) -> BankAccount:
    told = {"ended_by": by, "ended_at": at, "end_text": reason[:500]}
    if not states.move_bank_account(found, end, **told):
        raise moved_on(found)
    write_event(verb, by=by, at=at, note=reason, bank_account=found)
    found.refresh_from_db()
    return found
