"""What is wrong with the books, as far as reading alone can tell: balances, what the bank told, and closed days."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from declarations.models import IssuedPaper
from lib.figures import plain
from payments.models import BooksCheck, Closing
from payments.selectors.closing import closings, digest_of, wrong_balances

CHECKS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Fault:
    """`kind`: "entry" does not balance, "balance" or "reserve" of an account, "bank" told another sum, "paid" another
    sum than was booked, "day" that was closed has changed. `row` is the key of what it is about.
    """

    kind: str
    row: int
    about: str


_UNBALANCED = """
SELECT entry.id, coalesce(sum(debit), 0)::text || ' / ' || coalesce(sum(credit), 0)::text
FROM payments_entry entry LEFT JOIN payments_posting line ON line.entry_id = entry.id
GROUP BY entry.id HAVING coalesce(sum(debit), 0) <> coalesce(sum(credit), 0) OR count(line.id) = 0 ORDER BY entry.id
"""
_TOLD = """
SELECT told.id, told.amount::text || ' / ' || coalesce(sum(line.debit - line.credit), 0)::text
FROM payments_bankentry told
LEFT JOIN payments_posting line ON line.entry_id = told.entry_id
    AND line.account_id IN (SELECT id FROM payments_account WHERE kind = 'bank')
GROUP BY told.id HAVING coalesce(sum(line.debit - line.credit), 0) <> told.amount ORDER BY told.id
"""
_PAID = """
SELECT entry.id, sum(DISTINCT taken.total)::text || ' / ' || sum(line.debit)::text
FROM payments_entry entry
JOIN (SELECT entry_id, sum(amount) AS total FROM payments_payment GROUP BY entry_id) taken ON taken.entry_id = entry.id
JOIN payments_posting line ON line.entry_id = entry.id
JOIN payments_account account ON account.id = line.account_id AND account.company_id IS NOT NULL
GROUP BY entry.id HAVING sum(DISTINCT taken.total) <> sum(line.debit) ORDER BY entry.id
"""


def paper_of_books(kind: IssuedPaper.Kind, number: str) -> IssuedPaper | None:
    """The issued paper of a closed day or of a statement of deferred payment, as soon as the worker has made it."""
    found: IssuedPaper | None = IssuedPaper.objects.filter(kind=kind, number=number).first()
    return found


def faults() -> Iterator[Fault]:
    """Everything that is wrong. The caller holds a transaction that sees one moment."""
    for kind, statement in (("entry", _UNBALANCED), ("bank", _TOLD), ("paid", _PAID)):
        with connection.cursor() as cursor:
            cursor.execute(statement)
            for row, about in cursor.fetchall():
                yield Fault(kind, row, about)
    for account, balance, reserved in wrong_balances():
        for kind, amount in (("balance", balance), ("reserve", reserved)):
            if amount:
                yield Fault(kind, account.pk, f"{account} {plain(amount, least=2)}")
    before = ""
    for closing in closed_days():
        if digest_of(closing, before=before) != closing.digest:
            yield Fault("day", closing.pk, str(closing.day))
        before = closing.digest


def closed_days() -> list[Closing]:
    """Every closed day, the oldest first."""
    return list(closings().filter(status=Closing.Status.CLOSED).order_by("day"))


def last_books_checks() -> list[BooksCheck]:
    """The latest checks of the books, the last first."""
    return list(BooksCheck.objects.select_related("asked_by").order_by("-pk")[:CHECKS_SHOWN])
