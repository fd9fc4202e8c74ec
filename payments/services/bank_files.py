"""Files of the bank's statements: kept as they come, judged whole, then booked, each entry once.

Money with a reference goes to the company's prepaid account, other money to the suspense account. Whatever has a
declaration's reference then pays it, in a transaction of its own (payments.services.transfers).
"""

import hashlib
import uuid
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import IO

import structlog
from django.conf import settings
from django.core.files.base import File
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from lib.uploads import shown_name
from lib.violations import Rejected, refuse
from payments import states
from payments.bank_files import FaultyFile, Movement, Ours, awaits_statement, compact, judge, movements
from payments.bank_files.faults import Fault
from payments.models import BankEntry, BankFile, BankStatement
from payments.services.deferred import pay_statement_by_transfer
from payments.services.incoming import book_movements
from payments.services.transfers import pay_by_transfer
from tariffs.selectors import national_currency

AT_ONCE = 500
_CHUNK = 1 << 20
_ONE_AT_A_TIME = 0x0BA2C  # of PostgreSQL's advisory locks: files are booked one portion after another
log = structlog.get_logger("bank_files")


def receive_file(*, name: str, content: IO[bytes], source: str, by: User | None, at: datetime) -> tuple[BankFile, bool]:
    """Keep a file and have it booked by the worker; whether it is new. The same bytes are the same file.

    Raises Rejected: F001 empty, B010 too large.
    """
    digest, size = _measured(content)
    known = BankFile.objects.filter(sha256=digest).first()
    if known is not None:
        return known, False
    kept = BankFile(name=shown_name(name), size=size, sha256=digest, source=source, by=by, at=at)
    try:
        with transaction.atomic():
            kept.file.save(uuid.uuid4().hex, File(content), save=False)
            kept.save(force_insert=True)
            announce("bank_file.received", kept.pk)
    except IntegrityError:  # somebody else has sent it at this moment
        kept.file.storage.delete(str(kept.file.name))
        return BankFile.objects.get(sha256=digest), False
    return kept, True


def _measured(content: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    content.seek(0)
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if size > settings.STATEMENT_LIMIT_BYTES:
            most = str(settings.STATEMENT_LIMIT_BYTES // (1024 * 1024))
            raise Rejected([Fault("B010", "file", {"most": most}).as_violation()])
    if not size:
        raise refuse("F001", "file", _("This file is empty. Choose another one."))
    content.seek(0)
    return digest.hexdigest(), size


def book_file(file_pk: int, *, at: datetime) -> None:
    """Judge a file, and book all of it or nothing; safe to repeat, at any point and by several at once."""
    kept = BankFile.objects.filter(pk=file_pk, status__in=BankFile.UNFINISHED).first()
    if kept is None:
        return
    ours = Ours([compact(each) for each in settings.BANK_ACCOUNTS if each], national_currency())
    if kept.status == BankFile.Status.RECEIVED and not _judge(kept, ours, at=at):
        return
    done = 0
    for portion in _portions(kept, ours):
        done += len(portion)
        _book_portion(kept, portion, done=done, at=at)
    for entry_pk in _meant_for_declarations(kept):
        pay_by_transfer(entry_pk, at=at)
    for entry_pk in _meant_for_statements(kept):
        pay_statement_by_transfer(entry_pk, at=at)
    states.end_file(kept, at=at)


def _judge(kept: BankFile, ours: Ours, *, at: datetime) -> bool:
    """Whether the file may be booked. What is wrong with it is written down, and the file stays."""
    try:
        with kept.file.open("rb") as content:
            judged = judge(content, ours)
    except FaultyFile as faulty:
        log.warning("bank file refused", file=kept.pk, why=str(faulty))
        states.refuse_file(kept, fault=faulty.fault.as_json(), at=at)
        return False
    with transaction.atomic():
        if states.begin_to_book(kept, form=judged.form, total=judged.total):
            BankStatement.objects.bulk_create(
                BankStatement(
                    file=kept,
                    number=told.begun.number,
                    account=compact(told.begun.account),
                    currency=told.begun.currency or ours.currency.code,
                    first=told.begun.first,
                    last=told.begun.last,
                    opening=told.begun.opening,
                    closing=told.begun.closing,
                    entries=told.count,
                )
                for told in judged.statements
            )
    kept.refresh_from_db()
    return kept.status == BankFile.Status.BOOKING


def _portions(kept: BankFile, ours: Ours) -> Iterator[list[Movement]]:
    with kept.file.open("rb") as content:
        found = movements(content, ours)
        while portion := list(islice(found, AT_ONCE)):
            yield portion


@transaction.atomic
def _book_portion(kept: BankFile, portion: list[Movement], *, done: int, at: datetime) -> None:
    """Book what is not booked yet, and say how far the file is, in one transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    sure = [movement for movement in portion if not awaits_statement(movement, kept.form)]
    known = set(BankEntry.objects.filter(key__in=[each.key for each in sure]).values_list("key", flat=True))
    new = [movement for movement in sure if movement.key not in known]
    book_movements(kept, new, at=at)
    BankFile.objects.filter(pk=kept.pk, status=BankFile.Status.BOOKING, done__lt=done).update(
        done=done, new=F("new") + len(new)
    )


def _meant_for_declarations(kept: BankFile) -> Iterator[int]:
    found = BankEntry.objects.filter(file=kept, declaration__isnull=False, mate=None)
    yield from found.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=AT_ONCE)


def _meant_for_statements(kept: BankFile) -> Iterator[int]:
    found = BankEntry.objects.filter(file=kept, deferred__isnull=False, mate=None)
    yield from found.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=AT_ONCE)
