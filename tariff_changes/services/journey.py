"""How a change set travels: judged, submitted, approved by another person, or sent back, or withdrawn.

Submission, approval and publication each judge the set again, one transaction at a time: what was right yesterday may
have been overtaken by another publication or by the calendar.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from lib.violations import Rejected, Violation, refuse
from tariff_changes.models import ChangeSet
from tariff_changes.rules import Case, violations
from tariff_changes.services.drafts import locked
from tariff_changes.services.judging import Reading, read
from tariff_changes.services.law_lock import one_at_a_time
from tariff_changes.services.people import (
    record,
    refuse_own_work,
    refuse_unless_approving,
    refuse_unless_either,
    refuse_unless_making,
)
from tariff_changes.states import move

Status = ChangeSet.Status
MOST_FAULTS = 1000


def judge(change_set: ChangeSet, *, on: date) -> list[Violation]:
    """Everything that speaks against publishing the set; pointers as `rows[12].rate`. Nothing is written."""
    return judged(change_set, on=on)[1]


def judged(change_set: ChangeSet, *, on: date) -> tuple[Reading, list[Violation]]:
    """The same, and what was read, for publication to write."""
    reading = read(change_set)
    return reading, at_most([*reading.faults, *violations(Case(change_set, reading.rows, on))])


def at_most(found: list[Violation], limit: int = MOST_FAULTS) -> list[Violation]:
    """The first faults, and how many more there are."""
    if len(found) <= limit:
        return found
    more = _("And %(number)d further faults.") % {"number": len(found) - limit}
    return [*found[:limit], Violation("T400", "", more)]


def refuse_faults(change_set: ChangeSet, *, on: date) -> Reading:
    """What was read, if nothing speaks against it; else Rejected with every fault."""
    reading, found = judged(change_set, on=on)
    if found:
        raise Rejected(found)
    return reading


@transaction.atomic
def submit(change_set: ChangeSet, *, version: int, by: User, at: datetime, on: date) -> ChangeSet:
    """Hand the set to whoever approves. Raises Rejected with every fault the rules find, T420, T422 or T423."""
    refuse_unless_making(by, at=at)
    one_at_a_time()
    held = standing(change_set, Status.DRAFT, version=version)
    refuse_faults(held, on=on)
    move(held, Status.SUBMITTED, submitted_by=by)
    record(held, verb="submitted", by=by, at=at, rows=held.rows.count())
    return held


@transaction.atomic
def approve(change_set: ChangeSet, *, version: int, by: User, at: datetime, on: date) -> ChangeSet:
    """Say yes to what another person made. T421 for whoever took part in it; judged again."""
    refuse_unless_approving(by, at=at)
    one_at_a_time()
    held = standing(change_set, Status.SUBMITTED, version=version)
    refuse_own_work(held, by)
    refuse_faults(held, on=on)
    move(held, Status.APPROVED, approved_by=by)
    record(held, verb="approved", by=by, at=at, rows=held.rows.count())
    return held


@transaction.atomic
def send_back(change_set: ChangeSet, *, reason: str, by: User, at: datetime) -> ChangeSet:
    """A submitted or approved set becomes a draft again, with a reason: by who approves, or by who makes."""
    refuse_unless_either(by, at=at)
    held = standing(change_set, Status.SUBMITTED, Status.APPROVED)
    if not reason.strip():
        raise refuse("T425", "reason", _("Say why the change set goes back."))
    move(held, Status.DRAFT, submitted_by=None, approved_by=None, version=held.version + 1)
    record(held, verb="sent_back", by=by, at=at, note=reason.strip())
    return held


@transaction.atomic
def withdraw(change_set: ChangeSet, *, by: User, at: datetime, reason: str = "") -> ChangeSet:
    """Give the set up before it is published; it stays to be read."""
    refuse_unless_making(by, at=at)
    held = standing(change_set, Status.DRAFT, Status.SUBMITTED, Status.APPROVED)
    move(held, Status.WITHDRAWN)
    record(held, verb="withdrawn", by=by, at=at, note=reason.strip())
    return held


def standing(change_set: ChangeSet, *states: str, version: int | None = None) -> ChangeSet:
    """The locked set in one of `states` (T422) and, where it is asked, as the person saw it (T423)."""
    held = locked(change_set)
    if held.status not in states:
        sentence = _("The change set is %(status)s: this is not possible any more.")
        raise refuse("T422", "", sentence % {"status": held.get_status_display()})
    if version is not None and held.version != version:
        raise refuse("T423", "", _("Somebody else has changed this set in the meantime. Look at it again."))
    return held
