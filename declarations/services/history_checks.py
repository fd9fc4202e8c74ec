"""Checks of history: asked for or done each night, a stretch a transaction, so that a kill costs one stretch."""

from collections.abc import Callable
from datetime import date, datetime
from time import monotonic

import structlog
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from accounts.services.followups import announce
from declarations.models import Anchor, AnchoredHead, HistoryCheck, HistoryFault
from declarations.selectors import chain

KEPT_FAULTS = 1000
_TURN_SECONDS = 60.0
log = structlog.get_logger("history")


def ask_check(*, by: User | None, at: datetime) -> HistoryCheck:
    """A check of all history, done by the worker; the one that is under way, if there is one."""
    try:
        with transaction.atomic():
            check = HistoryCheck.objects.create(asked_by=by, started_at=at, last=chain.last_declaration())
            announce("history.check_asked", check.pk)
            return check
    except IntegrityError:
        return HistoryCheck.objects.get(finished_at=None)


def work_on_check(check_pk: int, *, clock: Callable[[], datetime] = timezone.now) -> None:
    """Go on with a check for a minute, then let others have the worker; safe to run twice and at the same time."""
    until = monotonic() + _TURN_SECONDS
    while monotonic() < until:
        if not take_step(check_pk, clock=clock):
            return
    announce("history.check_asked", check_pk)


def check_now(
    *,
    since: date | None,
    clock: Callable[[], datetime],
    told: Callable[[chain.Fault], object],
    progress: Callable[[int, int], object],
) -> HistoryCheck:
    """A check done here, from beginning to end, and kept; `told` hears of each fault, `progress` how far it is."""
    check = HistoryCheck(since=since, started_at=clock(), last=chain.last_declaration())
    found: list[chain.Fault] = []
    while (faults := _read_on(check)) is not None:
        for fault in faults:
            told(fault)
        found += faults[: max(0, KEPT_FAULTS - len(found))]
        check.faults += len(faults)
        progress(check.reached, check.last)
    check.finished_at = clock()
    with transaction.atomic():
        check.save(force_insert=True)
        _keep(check, found)
    _tell(check)
    return check


@transaction.atomic
def take_step(check_pk: int, *, clock: Callable[[], datetime]) -> bool:
    """Read the next stretch or night; False when there is no more to do, or another worker does it."""
    check = HistoryCheck.objects.select_for_update(skip_locked=True).filter(pk=check_pk, finished_at=None).first()
    if check is None:
        return False
    faults = _read_on(check)
    if faults is None:
        check.finished_at = clock()
        _tell(check)
    else:
        _keep(check, faults[: max(0, KEPT_FAULTS - check.faults)])
        check.faults += len(faults)
    check.save()
    return faults is not None


def _read_on(check: HistoryCheck) -> list[chain.Fault] | None:
    """Read the next stretch, then night after night, and say what is wrong there; None when nothing is left."""
    if check.reached < check.last:
        until = chain.end_of_stretch(check.reached, last=check.last)
        read = chain.read_stretch(check.reached, until, since=check.since)
        check.reached = until
        check.declarations += read.declarations
        check.rows += read.rows
        return read.faults
    if anchor := _next_anchor(check):
        check.anchors_reached = anchor.pk
        check.anchors += 1
        return chain.read_anchor(anchor)
    return None


def _next_anchor(check: HistoryCheck) -> Anchor | None:
    later = Anchor.objects.filter(pk__gt=check.anchors_reached)
    if check.since:
        later = later.filter(day__gte=check.since)
    return later.order_by("pk").first()


def _keep(check: HistoryCheck, faults: list[chain.Fault]) -> None:
    HistoryFault.objects.bulk_create(
        HistoryFault(
            check_run=check, name=fault.name[:30], table=fault.table, row=fault.row, place=fault.place,
            kind=fault.kind, groups=" ".join(fault.groups),
        )
        for fault in faults
    )  # fmt: skip


def _tell(check: HistoryCheck) -> None:
    say = log.error if check.faults else log.info
    say("history checked", declarations=check.declarations, rows=check.rows, faults=check.faults)


@transaction.atomic
def anchor_history(*, on: date, at: datetime) -> Anchor:
    """One hash over all chains that grew since the last night, chained to that night's. Once a day.

    It goes to the log as well: whoever could write the whole database anew cannot write that.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('history anchor', 0))")
        if done := Anchor.objects.filter(day=on).first():
            return done
        cursor.execute("SELECT nextval(pg_get_serial_sequence('declarations_anchor', 'id'))")
        (key,) = cursor.fetchone()
        cursor.execute(_GROWN, [key])
        heads = cursor.rowcount
    before = Anchor.objects.order_by("-pk").first()
    rows = AnchoredHead.objects.filter(anchor_id=key).order_by("declaration_key", "place")
    digest = chain.anchor_digest(
        rows.values_list("declaration_key", "name", "place", "chain").iterator(chunk_size=5000),
        day=on,
        before=bytes(before.chain) if before else b"",
    )
    made: Anchor = Anchor.objects.create(pk=key, day=on, at=at, heads=heads, chain=digest)
    log.info("history anchored", day=on.isoformat(), chains=heads, digest=made.digest)
    return made


_GROWN = """
INSERT INTO declarations_anchoredhead (anchor_id, declaration_key, name, place, chain)
SELECT %s, c.declaration_id, d.mrn || '/' || d.version, c.length, c.head
FROM declarations_chain c JOIN declarations_declaration d ON d.id = c.declaration_id
WHERE NOT EXISTS (
    SELECT FROM declarations_anchoredhead a WHERE a.declaration_key = c.declaration_id AND a.place = c.length)
"""
