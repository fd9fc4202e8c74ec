"""Checks of the books: asked for on a page and done by the worker, or done at once by a command; each is kept."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime

import structlog
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from accounts.services.followups import announce
from payments.models import Account, BooksCheck, Entry
from payments.selectors import books

KEPT_FAULTS = 1000
log = structlog.get_logger("books")


def ask_books_check(*, by: User | None, at: datetime) -> BooksCheck:
    """A check of the whole ledger, done by the worker; the one that is under way, if there is one."""
    try:
        with transaction.atomic():
            check: BooksCheck = BooksCheck.objects.create(asked_by=by, started_at=at)
            announce("books_check.asked", check.pk)
            return check
    except IntegrityError:
        running: BooksCheck = BooksCheck.objects.get(finished_at=None)
        return running


def check_books(check_pk: int, *, clock: Callable[[], datetime]) -> BooksCheck | None:
    """Read the whole ledger as it stands at one moment, and keep what is wrong; safe to run twice."""
    with _one_moment():
        waiting = BooksCheck.objects.select_for_update(skip_locked=True).filter(pk=check_pk, finished_at=None)
        check: BooksCheck | None = waiting.first()
        if check is None:
            return None
        _read(check)
        check.finished_at = clock()
        check.save()
    return check


def check_books_now(*, clock: Callable[[], datetime]) -> BooksCheck:
    """As `check_books`, here and at once."""
    check = BooksCheck(started_at=clock())
    with _one_moment():
        _read(check)
        check.finished_at = clock()
        check.save(force_insert=True)
    return check


@contextmanager
def _one_moment() -> Iterator[None]:
    """A transaction in which every statement sees the same books; inside another one, it sees what that one sees."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _read(check: BooksCheck) -> None:
    check.entries, check.accounts = Entry.objects.count(), Account.objects.count()
    check.days = len(books.closed_days())
    for fault in books.faults():
        check.faults += 1
        if len(check.found) < KEPT_FAULTS:
            check.found.append(asdict(fault))
    say = log.error if check.faults else log.info
    say("books checked", entries=check.entries, days=check.days, faults=check.faults)
