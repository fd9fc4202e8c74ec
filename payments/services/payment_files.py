"""Verbs on payment files: made of what is approved, downloaded, sent. Each is made once and sent once, by a person."""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from lib.figures import ZERO
from lib.languages import moment_text
from lib.violations import Conflict, Violation, refuse
from payments import states
from payments.bank_files import compact, pain001, pain002
from payments.models import BankAccount, PaymentFile, PayOut
from payments.services.money_gate import of_treasury, write_event
from payments.services.pay_outs import lock_pay_out, next_number, stop
from tariffs.selectors import national_currency

Status = PayOut.Status


@transaction.atomic
def make_payment_file(*, by: User, at: datetime) -> PaymentFile:
    """One file of everything that is approved, `PAYMENT_FILE_MOST` at the most; what is over goes with the next.

    Raises Rejected: P102, P131 nothing is approved, P132 the message would not be valid.
    """
    of_treasury(None, by=by, at=at)
    chosen = _lock_approved()
    if not chosen:
        raise refuse("P131", "", _("Nothing is approved that could be paid out."))
    key = next_number(PaymentFile)
    number = f"PF{key:08d}"
    try:
        content = pain001.build(_order(number, chosen, at=at))
    except pain001.NotValid as fault:
        raise refuse("P132", "", _("The file would not be valid: {fault}.").format(fault=str(fault)[:300])) from fault
    made = PaymentFile(
        pk=key,
        message_id=number,
        count=len(chosen),
        total=sum((each.amount for each in chosen), ZERO),
        currency=chosen[0].currency,
        sha256=hashlib.sha256(content).hexdigest(),
        made_by=by,
        made_at=at,
    )
    made.file.save(uuid.uuid4().hex, ContentFile(content), save=False)
    made.save(force_insert=True)
    for pay_out in chosen:
        states.move_pay_out(pay_out, Status.IN_FILE, file=made)
    write_event("made", by=by, at=at, file=made)
    return made


def _lock_approved() -> list[PayOut]:
    """Bank accounts first, as whoever ends one does; so none is ended between this look and the file."""
    approved = PayOut.objects.filter(status=Status.APPROVED)
    accounts = BankAccount.objects.filter(pk__in=approved.values("bank_account"), status=BankAccount.Status.CONFIRMED)
    held = list(accounts.select_for_update().order_by("pk").values_list("pk", flat=True))
    rows = PayOut.objects.select_for_update(of=("self",)).filter(status=Status.APPROVED).order_by("pk")
    found = [each for each in rows if each.bank_account_id is None or each.bank_account_id in held]
    return found[: settings.PAYMENT_FILE_MOST]


def _order(number: str, chosen: Sequence[PayOut], *, at: datetime) -> pain001.Order:
    ours = compact(settings.BANK_ACCOUNTS[0])
    payer = pain001.Party(
        name=settings.BANK_ACCOUNT_HOLDER or settings.SIGNING_NAME,
        number=ours,
        is_iban=ours[:2].isalpha(),
        bank_code=settings.BANK_CODE,
        bank_name=settings.BANK_NAME,
    )
    transfers = [
        pain001.Transfer(
            reference=each.reference,
            amount=each.amount,
            payee=pain001.Party(each.payee, each.number, each.is_iban, each.bank_code, each.bank_name),
            text=f"{each.reference} {payer.name}",
        )
        for each in chosen
    ]
    now = timezone.localtime(at)
    return pain001.Order(number, now, now.date(), national_currency().code, payer, transfers)


@transaction.atomic
def mark_file_sent(file: PaymentFile, *, by: User, at: datetime) -> PaymentFile:
    """A person has given it to the bank. Raises Rejected P102; Conflict P133: it was sent before, by whom and when."""
    of_treasury(None, by=by, at=at)
    if not states.send_file(file, sent_by=by, sent_at=at):
        now = PaymentFile.objects.select_related("sent_by").get(pk=file.pk)
        sentence = _("{person} sent this file on {moment}. Sent again, it would be paid twice.")
        assert now.sent_at is not None, "a file that was sent has its moment"
        told = sentence.format(person=now.sent_by, moment=moment_text(now.sent_at))
        raise Conflict([Violation("P133", "", told)])
    write_event("sent", by=by, at=at, file=file)
    file.refresh_from_db()
    return file


def record_download(file: PaymentFile, *, by: User, at: datetime) -> None:
    """Who took a copy, and when."""
    write_event("downloaded", by=by, at=at, file=file)


@transaction.atomic
def take_report(file: PaymentFile, content: bytes, *, by: User, at: datetime) -> int:
    """What the bank refused before any money left (pain.002) is back where it was; how many pay-outs.

    Raises Rejected: P102, P134 no status report, P135 it is about another file.
    """
    of_treasury(None, by=by, at=at)
    try:
        report = pain002.read(content)
    except pain002.NoReport:
        raise refuse("P134", "file", _("This is no status report of a bank (pain.002).")) from None
    if report.message != file.message_id:
        raise refuse("P135", "file", _("This report is about another file: {name}.").format(name=report.message[:35]))
    rows = PayOut.objects.filter(file=file, status=Status.IN_FILE)
    if not report.refused:
        rows = rows.filter(reference__in=report.payments)
    done = 0
    for each in rows.order_by("pk"):
        found = lock_pay_out(each)
        if found.status == Status.IN_FILE:
            reason = report.payments.get(found.reference) or report.reason
            stop(found, Status.RETURNED, "returned", reason=reason, by=None, at=at)
            done += 1
    write_event("report", by=by, at=at, note=report.reason, file=file)
    return done
