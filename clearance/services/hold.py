"""Who holds a file: claimed by an officer, given back, allotted by a supervisor."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import announce
from clearance.models import Absence, Case
from clearance.selectors import Wanted, next_unclaimed, powers_of, was_rerouted_by
from clearance.services.gate import case_to_supervise, held_by_other, held_case, needed, not_linked
from declarations.services import lock, record
from lib.violations import Rejected, refuse

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
        case = next_unclaimed(powers, wanted, by=by, at=at)
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
    return hand_over(found, None, verb="give_back", by=by, at=at, note="")


@transaction.atomic
def allot(case: Case, *, officer: User, reason: str, by: User, at: datetime) -> Case:
    """A supervisor hands the file to `officer`, who must be able to act on it.

    Raises Rejected: C001, C004, C006 not this officer's lane or office, C008 one of the two is linked to the file, C089
    the officer had a hand in its lane and could not release it, C093 the officer is away.
    """
    found = case_to_supervise(case, by=by, at=at)
    if not powers_of(officer, on=timezone.localdate(at)).may_act(found):
        raise refuse("C006", "officer", _("This officer does not act on files of this lane in this office."))
    not_linked(found, officer, pointer="officer")
    if away := Absence.objects.on(timezone.localdate(at)).filter(officer=officer).first():
        sentence = _("This officer is away: %(days)s. End the absence first, or choose another officer.")
        raise refuse("C093", "officer", sentence % {"days": away.days})
    if was_rerouted_by(officer, found):
        sentence = _("This officer had a hand in the lane of this file and could not release it. Choose another one.")
        raise refuse("C089", "officer", sentence)
    hand_over(found, officer, verb="allot", by=by, at=at, note=reason.strip())
    announce("case.allotted", found.pk)
    return found


@transaction.atomic
def take_back(case: Case, *, reason: str, by: User, at: datetime) -> Case:
    """A supervisor takes the file from whoever holds it, back to the queue. Raises Rejected: C001, C004, C005, C008."""
    found = case_to_supervise(case, by=by, at=at)
    reason = needed(reason, pointer="reason", sentence=_("Say why the files change hands."))
    return hand_over(found, None, verb="take_back", by=by, at=at, note=reason, was=found.claimed_by)


def hand_over(
    case: Case, officer: User | None, *, verb: str, by: User | None, at: datetime, note: str, was: User | None = None
) -> Case:
    """The one writer of who holds a file that is not claimed; the caller has locked its declaration and judged it."""
    case.claimed_by, case.claimed_at = officer, at if officer else None
    case.save(update_fields=["claimed_by", "claimed_at"])
    named = officer or was
    record(case.declaration, verb=verb, by=by, at=at, note=note, data={"officer": str(named)} if named else None)
    return case
