"""Booking: the only place that writes entries and postings. Called by `payments.services`, which holds the locks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.models import User
from declarations.models import Declaration
from lib.bulk import insert_with, is_written
from lib.figures import ZERO
from passengers.models import TravelDeclaration
from payments.models import Account, Attempt, Entry, Posting


@dataclass(frozen=True, slots=True)
class Line:
    """`amount` moved on `account`: positive credits it, negative debits it."""

    account: Account
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why and when something is booked, and under which key it is booked once."""

    key: str
    kind: Entry.Kind
    text: str
    at: datetime
    by: User | None = None
    declaration: Declaration | None = None
    travel: TravelDeclaration | None = None
    attempt: Attempt | None = None


def booked(key: str) -> Entry | None:
    """The entry already booked under `key`."""
    found: Entry | None = Entry.objects.filter(idempotency_key=key).first()
    return found


def _entry(occasion: Occasion) -> Entry:
    return Entry(
        idempotency_key=occasion.key,
        kind=occasion.kind,
        text=occasion.text,
        at=occasion.at,
        by=occasion.by,
        declaration=occasion.declaration,
        travel=occasion.travel,
        attempt=occasion.attempt,
    )


def book(occasion: Occasion, lines: Sequence[Line]) -> Entry:
    """Write one entry, in one statement; lines of nothing are left out.

    The database refuses it at commit unless it balances, and at once if an account would go below its limit.
    """
    assert sum((line.amount for line in lines), ZERO) == 0, "An entry must balance."
    entry = _entry(occasion)
    insert_with(
        entry,
        [
            Posting(account=line.account, debit=max(-line.amount, ZERO), credit=max(line.amount, ZERO))
            for line in lines
            if line.amount
        ],
        by="entry",
    )
    return entry


# The rows are locked lowest first and read as they are then; the entry is written if the source holds the amount and
# nobody has used its key, and the postings if the entry is.
_TRANSFER = """
WITH held AS MATERIALIZED (
    SELECT id, balance - reserved AS has FROM payments_account
    WHERE id IN (%(source)s, %(target)s) ORDER BY id FOR UPDATE
), made AS (
    INSERT INTO payments_entry (idempotency_key, kind, text, at, by_id)
    SELECT %(key)s, %(kind)s, %(text)s, %(at)s, %(by)s FROM held WHERE id = %(source)s AND has >= %(amount)s
    ON CONFLICT (idempotency_key) DO NOTHING RETURNING id
), lines AS (
    INSERT INTO payments_posting (entry_id, account_id, debit, credit)
    SELECT made.id, line.* FROM made, (VALUES (%(source)s, %(amount)s, 0), (%(target)s, 0, %(amount)s)) AS line
)
SELECT id FROM made
"""


def transfer(occasion: Occasion, *, source: Account, target: Account, amount: Decimal) -> Entry | None:
    """Move money between two customers' accounts. None: the source does not hold it unreserved, or the key is booked.

    Locked, judged and booked by one statement, which is a transaction of its own where none is open.
    """
    entry = _entry(occasion)
    told: dict[str, Any] = {
        "source": source.pk, "target": target.pk, "amount": amount, "key": occasion.key, "kind": occasion.kind,
        "text": occasion.text, "at": occasion.at, "by": occasion.by and occasion.by.pk,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_TRANSFER, told)
        row = cursor.fetchone()
    if row is None:
        return None
    is_written(entry, row[0])
    return entry


def book_many(bookings: Sequence[tuple[Occasion, Sequence[Line]]]) -> list[Entry]:
    """Write many entries at once; the caller knows that none of their keys is booked."""
    assert all(sum((line.amount for line in lines), ZERO) == 0 for _occasion, lines in bookings), "Entries balance."
    entries: list[Entry] = Entry.objects.bulk_create(_entry(occasion) for occasion, _lines in bookings)
    Posting.objects.bulk_create(
        Posting(entry=entry, account=line.account, debit=max(-line.amount, ZERO), credit=max(line.amount, ZERO))
        for entry, (_occasion, lines) in zip(entries, bookings, strict=True)
        for line in lines
        if line.amount
    )
    return entries


def received(*, bank: Account, prepaid: Account, amount: Decimal) -> list[Line]:
    """Money that arrived at the bank becomes the customer's."""
    return [Line(bank, -amount), Line(prepaid, amount)]


def moved(*, source: Account, target: Account, amount: Decimal) -> list[Line]:
    """Money moved between two accounts of one customer."""
    return [Line(source, -amount), Line(target, amount)]


def taken(
    shares: Mapping[Account, Decimal], *, revenue: Mapping[str, Account], taxes: Mapping[str, Decimal]
) -> list[Line]:
    """What is due leaves the accounts, each its share, and becomes revenue, tax by tax as charged.

    A negative tax, less than was paid on an earlier version, goes back; a negative share credits its account.
    """
    return [
        *(Line(account, -share) for account, share in shares.items()),
        *(Line(revenue[tax], amount) for tax, amount in sorted(taxes.items())),
    ]


def given_back(
    *, payers: Mapping[Account, Decimal], revenue: Mapping[str, Account], taxes: Mapping[str, Decimal]
) -> list[Line]:
    """What was paid too much, tax by tax (negative amounts), goes back to the accounts that paid, each its share."""
    return [
        *(Line(account, amount) for account, amount in payers.items()),
        *(Line(revenue[tax], amount) for tax, amount in sorted(taxes.items())),
    ]
