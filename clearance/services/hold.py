"""Who holds a file: claimed by an officer, given back, allotted or re-routed by a supervisor."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clearance.models import OFFICER_LANES, Case
from clearance.selectors import Wanted, next_unclaimed, powers_of
from clearance.services.gate import case_to_supervise, held_by_other, held_case, needed, not_linked
from clearance.services.route import due_at
from declarations.services import lock, record
from lib.violations import Rejected, refuse
from risk.models import Lane

TRIES = 5


@transaction.atomic
def claim(case: Case, *, by: User, at: datetime) -> Case:
    """Take a file that nobody holds. Of two officers one gets it; the other is told who has it.

    Raises Rejected: C001 closed, C002 not this officer's lane or office, C003 somebody else holds it, C008 the
    officer is linked to the file.
    """
    if not powers_of(by, on=timezone.localdate(at)).may_act(case):
        raise refuse("C002", "", _("You may not decide files of this lane in this office."))
    lock(case.declaration_id)
    not_linked(case, by, pointer="")
    taken = Case.objects.filter(pk=case.pk, closed_at=None, claimed_by=None, lane=case.lane)
    changed = taken.update(claimed_by=by, claimed_at=at)
    case = Case.objects.select_related("claimed_by", "declaration").get(pk=case.pk)
    if changed:
        record(case.declaration, verb="claim", by=by, at=at)
    elif case.closed_at is not None:
        raise refuse("C001", "", _("This file is closed (%s). Nothing was changed.") % case.get_closed_as_display())
    elif case.claimed_by is None:
        raise refuse("C002", "", _("This file has just been re-routed to another lane."))
    elif case.claimed_by != by:
        raise held_by_other(case)
    return case


def claim_next(wanted: Wanted, *, by: User, at: datetime) -> Case | None:
    """Claim the next free file of the officer's lanes; None if there is none.

    Where another officer is quicker, the one after is tried.
    """
    powers = powers_of(by, on=timezone.localdate(at))
    for _attempt in range(TRIES):
        case = next_unclaimed(powers, wanted, by=by)
        if case is None:
            return None
        try:
            return claim(case, by=by, at=at)
        except Rejected:
            continue
    return None


@transaction.atomic
def give_back(case: Case, *, by: User, at: datetime) -> Case:
    """Give a file back to the queue; whoever is linked to it may and should."""
    found = held_case(case, by=by, at=at)
    return _hand_over(found, None, verb="give_back", by=by, at=at, note="")


@transaction.atomic
def allot(case: Case, *, officer: User, reason: str, by: User, at: datetime) -> Case:
    """A supervisor hands the file to `officer`, who must be able to act on it.

    Raises Rejected: C001, C004, C006 not this officer's lane or office, C008 one of the two is linked to the file.
    """
    found = case_to_supervise(case, by=by, at=at)
    if not powers_of(officer, on=timezone.localdate(at)).may_act(found):
        raise refuse("C006", "officer", _("This officer does not act on files of this lane in this office."))
    not_linked(found, officer, pointer="officer")
    return _hand_over(found, officer, verb="allot", by=by, at=at, note=reason.strip())


@transaction.atomic
def reroute(case: Case, *, lane: str, reason: str, by: User, at: datetime) -> Case:
    """A supervisor moves the file to the yellow or red lane, with a reason; it goes back to the queue.

    A decision to release falls with the lane it was made on.
    """
    found = case_to_supervise(case, by=by, at=at)
    reason = needed(reason, pointer="reason", sentence=_("Say why the file goes to another lane."))
    if lane not in OFFICER_LANES or lane == found.lane:
        raise refuse("C007", "lane", _("Choose the other lane, yellow or red."))
    before = Lane(found.lane)
    found.lane, found.claimed_by, found.claimed_at = lane, None, None
    found.decided_by, found.decided_at = None, None
    found.due_at = due_at(lane, opened_at=at)
    found.save(update_fields=["lane", "claimed_by", "claimed_at", "decided_by", "decided_at", "due_at"])
    record(found.declaration, verb="reroute", by=by, at=at, note=reason, data={"from": before.value, "to": lane})
    return found


def _hand_over(case: Case, officer: User | None, *, verb: str, by: User, at: datetime, note: str) -> Case:
    case.claimed_by, case.claimed_at = officer, at if officer else None
    case.save(update_fields=["claimed_by", "claimed_at"])
    record(case.declaration, verb=verb, by=by, at=at, note=note, data={"officer": str(officer)} if officer else None)
    return case
