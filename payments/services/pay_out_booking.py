"""What the bank's statements say of our pay-outs: that money left under our reference, or that it came back.

The caller books statements one portion at a time. Locks: suspense items, pay-outs, then accounts of the ledger by key.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from accounts.services.followups import announce
from lib.figures import ZERO
from payments import ledger, selectors, states
from payments.models import Account, BankEntry, Entry, PaymentFile, PayOut, SuspenseItem
from payments.services.accounts import administration, lock_accounts, open_account
from payments.services.money_gate import write_event
from payments.services.pay_outs import source_of

Status = PayOut.Status
_NAMES = re.compile(r"(?<![A-Z0-9])(PO[0-9]{10}|PF[0-9]{8})(?![A-Z0-9])")


@dataclass(slots=True)
class Named:
    """The pay-outs that some rows of a statement name, locked: by their reference, as a whole file, by their debit."""

    by_reference: dict[str, PayOut] = field(default_factory=dict)
    by_file: dict[str, list[PayOut]] = field(default_factory=dict)

    def left_by(self, row: BankEntry) -> list[PayOut]:
        """The pay-outs whose money the row took, if it is money out under our reference and of just their sum."""
        if row.amount >= 0 or row.is_reversal:
            return []
        one = [self.by_reference[each] for each in names_in(row) if each in self.by_reference]
        if len(one) == 1 and one[0].amount == -row.amount and _awaits_debit(one[0]):
            return one
        for name in names_in(row):
            whole = self.by_file.get(name, [])
            if whole and all(map(_awaits_debit, whole)) and sum((each.amount for each in whole), ZERO) == -row.amount:
                return whole
        return []

    def back_by(self, row: BankEntry, original: BankEntry | None) -> list[PayOut]:
        """The pay-outs whose money the row brings back: by their name, or as what took them out is taken back.

        What is no return by the bank's word has to carry the reference in its own place, not anywhere in a text.
        """
        if row.amount <= 0:
            return []
        names = names_in(row) if row.is_reversal else [row.payers_reference.upper()]
        named = [self.by_reference[each] for each in names if each in self.by_reference]
        fits = [each for each in named if each.amount == row.amount and each.status in (Status.IN_FILE, Status.PAID)]
        if len(fits) == 1 or original is None:
            return fits[:1] if len(fits) == 1 else []
        whole = [each for each in self.by_reference.values() if each.debit_id == original.pk]
        all_paid = whole and all(each.status == Status.PAID for each in whole)
        return whole if all_paid and sum((each.amount for each in whole), ZERO) == row.amount else []


def _awaits_debit(pay_out: PayOut) -> bool:
    """What came back before it was told to have left is told late."""
    came_first = pay_out.status == Status.RETURNED and pay_out.bounce_id is not None
    return pay_out.debit_id is None and (pay_out.status == Status.IN_FILE or came_first)


def names_in(row: BankEntry) -> list[str]:
    """Names of pay-outs and files that the row carries."""
    text = " \n ".join((row.payers_reference, row.reference, row.text)).upper()
    return list(dict.fromkeys(_NAMES.findall(text)))


def lock_named(rows: Iterable[BankEntry]) -> Named:
    """The pay-outs that the rows name, or whose debit they take back; held until the transaction ends."""
    rows = list(rows)
    names = {name for row in rows for name in names_in(row)}
    debits = [original.pk for row in rows if row.is_reversal and (original := selectors.taken_back_by(row))]
    if not names and not debits:
        return Named()
    files = dict(PaymentFile.objects.filter(message_id__in=names).values_list("pk", "message_id"))
    wanted = selectors.pay_outs_named(names, files=list(files), debits=debits)
    items = [each.suspense_id for each in wanted if each.suspense_id is not None]
    list(SuspenseItem.objects.select_for_update().filter(pk__in=items).order_by("pk").values_list("pk"))
    locked = PayOut.objects.select_for_update(of=("self",)).filter(pk__in=[each.pk for each in wanted])
    named = Named()
    for pay_out in locked.select_related("company", "suspense").order_by("pk"):
        named.by_reference[pay_out.reference] = pay_out
        if pay_out.file_id in files:
            named.by_file.setdefault(files[pay_out.file_id], []).append(pay_out)
    return named


def book_left(row: BankEntry, pay_outs: Sequence[PayOut], *, at: datetime) -> None:
    """Money has left: from the account of refunds payable to that of the bank."""
    lines = ledger.received(
        bank=administration(Account.Kind.BANK, at=at),
        prepaid=administration(Account.Kind.REFUNDS, at=at),
        amount=row.amount,
    )
    _write(row, Entry.Kind.PAY_OUT, lines, text=_text(row, pay_outs), at=at)
    for pay_out in pay_outs:
        if pay_out.status == Status.RETURNED:
            PayOut.objects.filter(pk=pay_out.pk, debit=None).update(debit=row)
        elif states.move_pay_out(pay_out, Status.PAID, debit=row, ended_at=at):
            if pay_out.suspense_id is not None:
                states.move_item(pay_out.suspense_id, SuspenseItem.Status.SENT_BACK, ended_at=at)
            write_event("paid", by=None, at=at, note=row.bank_reference, pay_out=pay_out)
            announce("pay_out.ended", pay_out.pk)
        pay_out.refresh_from_db()


def book_back(row: BankEntry, pay_outs: Sequence[PayOut], *, at: datetime) -> None:
    """Money has come back: to the companies' balances, or to where unmatched money waits."""
    prepaid = [open_account(each.company, Account.Kind.PREPAID, at=at) for each in pay_outs if each.company]
    lock_accounts(*prepaid)
    lines = [ledger.Line(administration(Account.Kind.BANK, at=at), -row.amount)]
    lines += [ledger.Line(source_of(each, at=at), each.amount) for each in pay_outs]
    _write(row, Entry.Kind.BOUNCED, lines, text=_text(row, pay_outs), at=at)
    for pay_out in pay_outs:
        told = {"bounce": row, "ended_at": at, "end_text": row.text[:500], "ended_by": None}
        moved = states.move_pay_out(pay_out, Status.RETURNED, **told)
        assert moved, "a pay-out that is locked comes back once"
        if pay_out.suspense_id is not None:
            states.move_item(pay_out.suspense_id, SuspenseItem.Status.SENT_BACK, ended_at=at)
        write_event("returned", by=None, at=at, note=row.text, pay_out=pay_out)
        announce("pay_out.ended", pay_out.pk)
        pay_out.refresh_from_db()
    if unmatched := sum((each.amount for each in pay_outs if each.suspense_id is not None), ZERO):
        SuspenseItem.objects.create(bank_entry=row, amount=unmatched, opened_at=at)


def _write(row: BankEntry, kind: Entry.Kind, lines: Sequence[ledger.Line], *, text: str, at: datetime) -> None:
    row.entry = ledger.book(ledger.Occasion(key=f"statement:{row.key}:{row.part}", kind=kind, text=text, at=at), lines)
    row.save(force_insert=True)


def _text(row: BankEntry, pay_outs: Sequence[PayOut]) -> str:
    named = [f"{each.reference} · {each.payee}" for each in pay_outs[:3]]
    return " · ".join([*named, row.text])[:250]
