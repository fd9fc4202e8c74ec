"""A file goes to another lane: upwards at a supervisor's word, downwards when a second officer agrees."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import announce
from clearance.models import OFFICER_LANES, Case, Reroute
from clearance.selectors import open_reroute, powers_of
from clearance.services.clock import begin_anew, keep_time
from clearance.services.gate import case_to_supervise, locked_case, not_linked, of_substance
from clearance.states import decide_reroute
from declarations.services import record
from lib.violations import Conflict, Violation, refuse
from risk.models import Lane

Outcome = Reroute.Outcome


@transaction.atomic
def reroute(case: Case, *, lane: str, reason: str, by: User, at: datetime) -> Case:
    """A supervisor moves the file to the other lane of officers; to less control it first waits for a second officer.

    The file goes back to the queue; a decision to release falls with the lane it was made on. Raises Rejected: C001,
    C004, C007 no other lane, C008, C060 no reason of substance, C084 it waits for a second officer already.
    """
    found = case_to_supervise(case, by=by, at=at)
    reason = of_substance(reason, pointer="reason", sentence=_("Say in a sentence why the file goes to another lane."))
    if lane not in OFFICER_LANES or lane == found.lane:
        raise refuse("C007", "lane", _("Choose the other lane, yellow or red."))
    if open_reroute(found) is not None:
        raise refuse("C084", "", _("A change of lane waits for a second officer already."))
    asked: Reroute = Reroute.objects.create(
        case=found, mrn=found.mrn, office_code=found.office_code, lane_from=found.lane, lane_to=lane, reason=reason,
        asked_by=by, asked_at=at,
    )  # fmt: skip
    if asked.lane_from != Lane.RED:
        return _move(found, asked, by=by, at=at)
    data = {"from": asked.lane_from, "to": asked.lane_to}
    record(found.declaration, verb="ask_reroute", by=by, at=at, note=reason, data=data)
    announce("reroute.asked", asked.pk)
    return found


@transaction.atomic
def agree_to_reroute(asked: Reroute, *, by: User, at: datetime) -> Case:
    """A second officer agrees: the file changes its lane. Raises Rejected: C001, C002, C008, C043, C085."""
    return _move(_to_decide(asked, by=by, at=at), asked, by=by, at=at)


@transaction.atomic
def refuse_reroute(asked: Reroute, *, reason: str, by: User, at: datetime) -> Case:
    """A second officer does not agree, or who asked takes it back: the file stays on its lane."""
    found = locked_case(asked.case)
    if asked.asked_by_id != by.pk:
        found = _to_decide(asked, by=by, at=at)
    reason = of_substance(reason, pointer="reason", sentence=_("Say in a sentence why the file stays on its lane."))
    if not decide_reroute(asked, Outcome.REFUSED, by=by, at=at, answer=reason):
        raise _decided_already()
    record(found.declaration, verb="refuse_reroute", by=by, at=at, note=reason)
    return found


def _to_decide(asked: Reroute, *, by: User, at: datetime) -> Case:
    found = locked_case(asked.case)
    if asked.lane_from not in powers_of(by, on=timezone.localdate(at)).lanes(found.office_code):
        raise refuse("C002", "", _("You may not decide files of this lane in this office."))
    not_linked(found, by, pointer="")
    if asked.asked_by_id == by.pk:
        raise refuse("C085", "", _("You asked for this change of lane. Another officer decides about it."))
    return found


def _move(found: Case, asked: Reroute, *, by: User, at: datetime) -> Case:
    if not decide_reroute(asked, Outcome.DONE, by=by, at=at):
        raise _decided_already()
    found.lane, found.claimed_by, found.claimed_at = asked.lane_to, None, None
    found.decided_by, found.decided_at = None, None
    found.save(update_fields=["lane", "claimed_by", "claimed_at", "decided_by", "decided_at"])
    begin_anew(found, at=at)
    keep_time(found.declaration, at=at)
    data = {"from": asked.lane_from, "to": asked.lane_to}
    record(found.declaration, verb="reroute", by=by, at=at, note=asked.reason, data=data)
    return Case.objects.get(pk=found.pk)


def _decided_already() -> Conflict:
    return Conflict([Violation("C043", "", _("This change of lane was decided meanwhile. Reload the page."))])
