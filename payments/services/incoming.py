"""Booking what the bank's statements tell of: to its owner by reference, else to the suspense account; or taken back.

What our own pay-outs are told of is booked by `pay_out_booking`.
The caller holds a transaction in which nobody else books statements. Locks: suspense items, pay-outs, accounts by key.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lib.creditor_reference import numbers_in
from lib.figures import ZERO
from payments import ledger, selectors, states
from payments.bank_files import Movement, Part
from payments.models import Account, BankEntry, BankFile, Entry, SuspenseItem
from payments.services.accounts import administration, lock_accounts, open_account
from payments.services.pay_out_booking import Named, book_back, book_left, lock_named
from traders.models import Company


@dataclass(slots=True)
class _Row:
    """A payment to be booked: the row it becomes, its postings, and the suspense item if it goes there."""

    row: BankEntry
    kind: Entry.Kind
    lines: Sequence[ledger.Line]
    in_suspense: bool = False
    suspect: Company | None = None  # whose money it was


@dataclass(frozen=True, slots=True)
class _Places:
    """The administration's two accounts over which all of it goes, and our pay-outs that are told of."""

    bank: Account
    suspense: Account
    pay_outs: Named


def book_movements(file: BankFile, found: Sequence[Movement], *, at: datetime) -> None:
    """Book movements that are not booked yet, in their order: what takes another one back comes after it."""
    places = _Places(
        administration(Account.Kind.BANK, at=at),
        administration(Account.Kind.SUSPENSE, at=at),
        lock_named(_rows_of(file, found)),
    )
    if any(movement.is_reversal for movement in found):
        _lock_ahead(file, found, places.pay_outs, at=at)
    plain: list[Movement] = []
    for movement in found:
        if movement.is_reversal:
            _book_plain(file, plain, places, at=at)
            plain = []
            for row in _rows_of(file, [movement]):
                _take_back(row, places, at=at)
        else:
            plain.append(movement)
    _book_plain(file, plain, places, at=at)


def _lock_ahead(file: BankFile, found: Sequence[Movement], pay_outs: Named, *, at: datetime) -> None:
    """Where one thing is booked after another, all locks are taken before the first: items, then accounts by key."""
    rows = list(_rows_of(file, found))
    originals = [each for row in rows if row.is_reversal and (each := selectors.taken_back_by(row))]
    items = selectors.lock_suspense_of(originals)
    owners = selectors.owners_of({number for row in rows for number in _numbers(row)})
    companies = [*(each.company for each in originals), *(each.company for each in items)]
    companies += [owner.company for owner in owners.values()]
    companies += [each.company for each in pay_outs.by_reference.values()]
    prepaid = _prepaid_accounts({each.pk: each for each in companies if each is not None}, at=at)
    lock_accounts(*prepaid.values())


def _numbers(row: BankEntry) -> set[tuple[str, str]]:
    return numbers_in(" \n ".join((row.payers_reference, row.reference, row.text)))


def _rows_of(file: BankFile, found: Iterable[Movement]) -> Iterator[BankEntry]:
    for movement in found:
        sign = 1 if movement.amount > 0 else -1
        for number, part in enumerate(movement.parts):
            yield BankEntry(
                key=movement.key,
                part=number,
                file=file,
                place=movement.place[:60],
                account=movement.account[:40],
                amount=sign * part.amount,
                currency=movement.currency,
                is_reversal=movement.is_reversal,
                value_date=movement.value_date,
                bank_reference=movement.bank_reference,
                payers_reference=part.payers_reference,
                reference=_shown_reference(part),
                text=part.text,
                payer=part.payer,
                payer_account=part.payer_account,
            )


def _shown_reference(part: Part) -> str:
    return next((each for each in part.references if each), "")[:140]


# Plain movements ----------------------------------------------------------------------------------------------


def _book_plain(file: BankFile, found: Sequence[Movement], places: _Places, *, at: datetime) -> None:
    if not found:
        return
    rows = [row for row in _rows_of(file, found) if not _of_pay_out(row, places, original=None, at=at)]
    numbers = {id(row): _numbers(row) for row in rows}
    owners = selectors.owners_of({number for each in numbers.values() for number in each})
    orphans = selectors.orphan_reversals(lock=True)
    told = selectors.booked_from_bank_page(rows)
    rest = []
    for row in rows:
        if (entry := told.get(row.bank_reference) or told.get(row.payers_reference)) and _came_by_page(row, entry):
            continue
        mate = next((each for each in orphans if _cancel(each.bank_entry, row)), None)
        if mate is not None:
            orphans.remove(mate)
            _book_with_its_orphan(row, mate, places, at=at)
        else:
            rest.append((row, _only_owner(owners, numbers[id(row)])))
    _book_rows(rest, places, at=at)


def _of_pay_out(row: BankEntry, places: _Places, *, original: BankEntry | None, at: datetime) -> bool:
    """Book what is told of our pay-outs; whether it was that."""
    if gone := places.pay_outs.left_by(row):
        book_left(row, gone, at=at)
    elif back := places.pay_outs.back_by(row, original):
        row.mate = original if original is not None and back[0].debit_id == original.pk else None
        book_back(row, back, at=at)
    else:
        return False
    return True


def _only_owner(
    owners: Mapping[tuple[str, str], selectors.Owner], numbers: Iterable[tuple[str, str]]
) -> selectors.Owner | None:
    """Who is meant where the text names one; None where it names nobody, or several."""
    named = [owners[number] for number in numbers if number in owners]
    return named[0] if len(named) == 1 else None


def _came_by_page(row: BankEntry, entry: Entry) -> bool:
    """What the bank's page has told of already is booked; the statement only confirms it."""
    prepaid = selectors.posting_of_customer(entry)  # none where a traveller paid, or money by a link goes back
    brought = {selectors.brought_by(entry), *([prepaid.credit] if prepaid else [])}
    if row.amount not in brought or BankEntry.objects.filter(entry=entry).exists():
        return False
    row.entry, row.company = entry, prepaid.account.company if prepaid else None
    row.save(force_insert=True)
    return True


def _book_rows(rows: Sequence[tuple[BankEntry, selectors.Owner | None]], places: _Places, *, at: datetime) -> None:
    """Each to the prepaid account of its owner if money came in for somebody known, else to the suspense account."""
    for row, owner in rows:
        if owner is not None and row.amount > 0:
            row.company, row.declaration, row.deferred = owner.company, owner.declaration, owner.deferred
    companies = {row.company.pk: row.company for row, _owner in rows if row.company}
    prepaid = _prepaid_accounts(companies, at=at)
    lock_accounts(*prepaid.values())
    _write([_booking(row, prepaid, places) for row, _owner in rows], at=at)


def _booking(row: BankEntry, prepaid: Mapping[int, Account], places: _Places) -> _Row:
    if row.company_id is not None:
        lines = ledger.received(bank=places.bank, prepaid=prepaid[row.company_id], amount=row.amount)
        return _Row(row, Entry.Kind.TOP_UP, lines)
    lines = ledger.received(bank=places.bank, prepaid=places.suspense, amount=row.amount)
    return _Row(row, Entry.Kind.SUSPENSE, lines, in_suspense=True)


def _prepaid_accounts(companies: Mapping[int, Company], *, at: datetime) -> dict[int, Account]:
    kind = Account.Kind.PREPAID
    known = {each.company_id: each for each in Account.objects.filter(company__in=companies, kind=kind)}
    missing = {pk: open_account(company, kind, at=at) for pk, company in companies.items() if pk not in known}
    return {**known, **missing}


def _write(rows: Sequence[_Row], *, at: datetime) -> None:
    occasions = [
        ledger.Occasion(key=f"statement:{each.row.key}:{each.row.part}", kind=each.kind, text=_text(each.row), at=at)
        for each in rows
    ]
    entries = ledger.book_many([(occasion, each.lines) for occasion, each in zip(occasions, rows, strict=True)])
    for each, entry in zip(rows, entries, strict=True):
        each.row.entry = entry
    BankEntry.objects.bulk_create(each.row for each in rows)
    SuspenseItem.objects.bulk_create(
        SuspenseItem(bank_entry=each.row, amount=each.row.amount, company=each.suspect, opened_at=at)
        for each in rows
        if each.in_suspense
    )


def _text(row: BankEntry) -> str:
    return " · ".join(each for each in (row.payer, row.reference or row.text) if each)[:250]


# What the bank takes back -------------------------------------------------------------------------------------


def _cancel(one: BankEntry, other: BankEntry) -> bool:
    """Whether the bank names both alike, and their amounts cancel each other."""
    if one.account != other.account or one.amount != -other.amount:
        return False
    return any(
        getattr(one, name) and getattr(one, name) == getattr(other, name)
        for name in ("bank_reference", "payers_reference")
    )


def _book_with_its_orphan(row: BankEntry, orphan: SuspenseItem, places: _Places, *, at: datetime) -> None:
    """What was taken back before it was told of: both meet on the suspense account."""
    row.mate = orphan.bank_entry
    lines = ledger.received(bank=places.bank, prepaid=places.suspense, amount=row.amount)
    _write([_Row(row, Entry.Kind.SUSPENSE, lines, in_suspense=True)], at=at)
    _end(orphan, row, at=at)


def _end(item: SuspenseItem, row: BankEntry, *, at: datetime) -> None:
    """The item of `row` and the other one cancel each other."""
    states.reverse_item(item, at=at)
    states.reverse_item(SuspenseItem.objects.get(bank_entry=row), at=at)


def _take_back(row: BankEntry, places: _Places, *, at: datetime) -> None:
    """Book the opposite of what the bank takes back, where that money lies now.

    Where the customer's account does not hold it any more, or nobody knows what is taken back, it is a debt on the
    suspense account until a cashier takes it from its owner, or until the movement it takes back is told of.
    """
    original = selectors.taken_back_by(row)
    if _of_pay_out(row, places, original=original, at=at):
        return
    item = selectors.suspense_of(original, lock=True) if original else None
    row.mate = original
    in_suspense = item is not None and item.status in (SuspenseItem.Status.OPEN, SuspenseItem.Status.PROPOSED)
    owner = None if original is None or in_suspense else original.company or (item.company if item else None)
    if owner is not None and _holds(owner, -row.amount, at=at):
        account = open_account(owner, Account.Kind.PREPAID, at=at)
        row.company = owner
        lines = ledger.received(bank=places.bank, prepaid=account, amount=row.amount)
        _write([_Row(row, Entry.Kind.REVERSED, lines)], at=at)
        return
    lines = ledger.received(bank=places.bank, prepaid=places.suspense, amount=row.amount)
    _write([_Row(row, Entry.Kind.REVERSED, lines, in_suspense=True, suspect=owner)], at=at)
    if item is not None and in_suspense:
        _end(item, row, at=at)


def _holds(company: Company, amount: Decimal, *, at: datetime) -> bool:
    account = open_account(company, Account.Kind.PREPAID, at=at)
    locked = lock_accounts(account)[account.pk]
    return amount > ZERO and locked.available >= amount
