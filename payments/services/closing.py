"""The closing of a day: asked for, compared by the worker, its differences explained or given to somebody, closed.

A closed day does not change and is not opened again; what was wrong is put right by a new entry on an open day.
"""

from collections.abc import Iterable
from datetime import date, datetime

import structlog
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from declarations import services as declarations
from lib.violations import Conflict, Violation, refuse
from payments import states
from payments.models import Closing, ClosingOffice, Difference, DifferenceNote
from payments.selectors import closing as reads

CLOSING_LOCK = 770770  # of PostgreSQL's advisory locks: booking takes it beside others, closing alone (0002_triggers)
_STEP = 50
Status = Difference.Status
log = structlog.get_logger("closing")


@transaction.atomic
def ask_closing(day: date, *, by: User | None, at: datetime) -> Closing:
    """Have a day compared by the worker, for the first time or again. Raises Rejected: K001 not over, K002 closed."""
    begins, ends = reads.bounds(day)
    if at < ends:
        raise refuse("K001", "day", _("This day is not over. A day is closed when it has ended."))
    closing, new = Closing.objects.get_or_create(
        day=day, defaults={"begins": begins, "ends": ends, "asked_by": by, "asked_at": at}
    )
    if not new:
        last = reads.last_closed()
        if last is not None and day <= last.day:
            raise refuse(
                "K002", "day", _("This day is closed. What was wrong is put right by an entry on an open day.")
            )
        states.ask_to_compare(closing, asked_by=by, asked_at=at)
        closing.refresh_from_db()
    announce("closing.asked", closing.pk)
    asked: Closing = closing
    return asked


def compare_day(closing_pk: int, *, at: datetime) -> Closing | None:
    """Set ledger, charges and bank of a day beside each other, and say how far it is; safe to run twice."""
    closing: Closing | None = Closing.objects.filter(pk=closing_pk, status=Closing.Status.ASKED).first()
    if closing is None:
        return None
    mrns, travel = reads.mrns_of(closing), reads.travel_of(closing)
    _progress(closing, 0, total=len(mrns) + len(travel))
    offices = reads.revenue_by_office(closing)
    found: list[reads.Found] = []
    for number, compared in enumerate(_compared(mrns, travel), start=1):
        sums = offices.setdefault(compared.office_code, reads.OfficeSums())
        sums.declarations += 1
        sums.charged += compared.charged
        sums.booked += compared.booked
        sums.due += compared.due
        found += [compared.found] if compared.found else []
        if number % _STEP == 0:
            _progress(closing, number, total=len(mrns) + len(travel))
    with transaction.atomic():
        locked = Closing.objects.select_for_update().get(pk=closing.pk)
        if locked.status != Closing.Status.ASKED:
            return None
        found += [*reads.differences_of_bank(closing), *reads.differences_of_balances(closing)]
        _keep(closing, found)
        ClosingOffice.objects.filter(closing=closing).delete()
        ClosingOffice.objects.bulk_create(
            ClosingOffice(
                closing=closing, office_code=code, entries=sums.entries, revenue=sums.revenue,
                declarations=sums.declarations, charged=sums.charged, booked=sums.booked, due=sums.due,
            )
            for code, sums in sorted(offices.items())
        )  # fmt: skip
        day = reads.sums_of(closing)
        states.compared(
            closing, compared_at=at, done=len(mrns) + len(travel), entries=day.entries, came=day.came,
            went=day.went, told_came=day.told_came, told_went=day.told_went,
        )  # fmt: skip
    closing.refresh_from_db()
    log.info("day compared", day=str(closing.day), differences=len(found))
    return closing


def _compared(mrns: Iterable[str], travel: Iterable[int]) -> Iterable[reads.Compared]:
    for mrn in mrns:
        declaration = reads.version_that_counts(mrn)
        if declaration is None:
            continue
        compared = reads.compare(declaration)
        if compared.found is not None:  # it may have been read while it was being paid: look again, alone with it
            with transaction.atomic():
                compared = reads.compare(declarations.lock(declaration.pk))
        yield compared
    for pk in travel:
        yield reads.compare_travel(pk)


def _progress(closing: Closing, done: int, *, total: int) -> None:
    Closing.objects.filter(pk=closing.pk, status=Closing.Status.ASKED).update(done=done, total=total)


def _keep(closing: Closing, found: list[reads.Found]) -> None:
    """Write down what is new, keep what was said of the rest, and say of the others that they are gone."""
    known = {each.key: each for each in Difference.objects.filter(closing=closing)}
    fresh = []
    for each in found:
        explained = each.kind in Difference.EXPLAINED_BY_KIND
        old = known.pop(each.key, None)
        if old is None:
            fresh.append(
                Difference(
                    closing=closing, key=each.key, kind=each.kind, office_code=each.office_code, amount=each.amount,
                    text=each.text[:250], entry=each.entry, bank_entry=each.bank_entry, attempt=each.attempt,
                    declaration=each.declaration, status=Status.EXPLAINED if explained else Status.OPEN,
                )
            )  # fmt: skip
        elif old.status == Status.GONE or old.amount != each.amount:
            Difference.objects.filter(pk=old.pk).update(amount=each.amount)
            states.move_difference(old, Status.GONE)
            states.move_difference(old, Status.EXPLAINED if explained else Status.OPEN)
    Difference.objects.bulk_create(fresh, batch_size=1000)
    for old in known.values():
        states.move_difference(old, Status.GONE)


@transaction.atomic
def assign_difference(difference: Difference, *, to: User, note: str, by: User, at: datetime) -> Difference:
    """Give a difference to somebody who looks into it. Raises Rejected K005 without a note; Conflict K006."""
    return _say(difference, Status.ASSIGNED, to=to, note=note, by=by, at=at)


@transaction.atomic
def explain_difference(difference: Difference, *, note: str, by: User, at: datetime) -> Difference:
    """Say why a difference is there; of a closed day too. Raises Rejected K005 without a note; Conflict K006."""
    return _say(difference, Status.EXPLAINED, to=None, note=note, by=by, at=at)


def _say(
    difference: Difference, status: Difference.Status, *, to: User | None, note: str, by: User, at: datetime
) -> Difference:
    if not note.strip():
        raise refuse("K005", "note", _("Say why, in a sentence: it is kept with the difference."))
    if not states.move_difference(difference, status, assigned_to=to or difference.assigned_to):
        raise Conflict([Violation("K006", "", _("Somebody was first: this difference is no longer as you saw it."))])
    DifferenceNote.objects.create(difference=difference, assigned_to=to, text=note.strip()[:500], by=by, at=at)
    difference.refresh_from_db()
    return difference


@transaction.atomic
def close_day(closing: Closing, *, by: User | None, at: datetime) -> Closing:
    """Close a compared day for good; `by` None: the night does.

    Raises Rejected: K003 an earlier day is open, K004 differences are open; Conflict K007 it is not compared, or
    something was booked on the day since.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLOSING_LOCK])
    closing = Closing.objects.select_for_update().get(pk=closing.pk)
    if closing.status != Closing.Status.COMPARED or closing.entries != reads.entries_within(closing).count():
        raise Conflict([Violation("K007", "", _("This day is not compared as it stands now. Compare it again first."))])
    first = reads.first_open_entry()
    if first is not None and first.at < closing.begins:
        sentence = _("Days are closed one after the other: {day} is still open.")
        raise refuse("K003", "day", sentence.format(day=reads.book_day(first.at).isoformat()))
    if Difference.objects.filter(closing=closing, status=Status.OPEN).exists():
        raise refuse("K004", "", _("A difference is neither explained nor given to somebody."))
    before = reads.last_closed()
    digest = reads.digest_of(closing, before=before.digest if before else "")
    states.close(closing, closed_by=by, closed_at=at, before=before, digest=digest)
    closing.refresh_from_db()
    announce("day.closed", closing.pk)
    return closing


def close_days(*, at: datetime, limit: int = 40) -> list[date]:
    """Compare and close every day that is over, the oldest first, until one has to wait for a person; those closed."""
    closed: list[date] = []
    for day in reads.days_to_close(before=reads.book_day(at), limit=limit):
        closing = ask_closing(day, by=None, at=at)
        # The worker who was sent for may have compared it meanwhile.
        compared = compare_day(closing.pk, at=at) or Closing.objects.get(pk=closing.pk)
        is_open = Difference.objects.filter(closing=compared, status=Status.OPEN).exists()
        if is_open or compared.status != Closing.Status.COMPARED:
            log.warning("a day waits for a person", day=str(day))
            break
        close_day(compared, by=None, at=at)
        closed.append(day)
    return closed
