"""The clock of a file: it runs while the office is waited for, and stands while the trader or money is.

The target is computed from the stamped steps each time, never added to: what was stamped twice cannot count twice.
"""

from datetime import datetime, timedelta

from django.db.models import F, Sum
from django.utils import timezone

from clearance.models import Case, Correction, Target, Wait, WaitsFor
from clearance.selectors import open_correction, open_query
from clearance.states import wait_for
from declarations.models import Declaration
from payments.selectors import is_settled
from risk.models import Lane

WITHOUT_TARGET = timedelta(days=1)
AUTOMATIC = (Lane.GREEN, Lane.BLUE)


def due_at(lane: str, *, opened_at: datetime) -> datetime:
    """When a file of the lane should be done: its target in force, a day where none is loaded."""
    targets = Target.objects.on(timezone.localdate(opened_at)).filter(lane=lane).order_by()
    hours = targets.values_list("hours", flat=True).first()
    return opened_at + (WITHOUT_TARGET if hours is None else timedelta(hours=hours))


def keep_time(declaration: Declaration, *, at: datetime) -> None:
    """Stamp what the open file of the locked declaration waits for from now on, if that has changed."""
    case = Case.objects.filter(declaration=declaration, closed_at=None).first()
    if case is None or case.lane in AUTOMATIC:
        return
    what = _awaited(case, declaration)
    if what != case.waits_for:
        wait_for(case, what, at=at)
        _follow(case)


def begin_anew(case: Case, *, at: datetime) -> None:
    """The clock of a file begins at zero, as on another lane."""
    wait_for(case, WaitsFor.OFFICE, at=at)
    case.clock_from = at
    case.save(update_fields=["clock_from"])
    _follow(case)


def _awaited(case: Case, declaration: Declaration) -> WaitsFor:
    if open_query(case) is not None:
        return WaitsFor.ANSWER
    correction = open_correction(case.mrn)
    if correction is not None:
        asked = correction.is_proposal and correction.status == Correction.Status.SENT
        return WaitsFor.CONSENT if asked else WaitsFor.OFFICE
    if case.decided_at is not None and not is_settled(declaration):
        return WaitsFor.MONEY
    return WaitsFor.OFFICE


def _follow(case: Case) -> None:
    """The target of the file, later by all the time since its clock began that it did not wait for the office."""
    others = Wait.objects.filter(case=case, since__gte=case.clock_from).exclude(what=WaitsFor.OFFICE).order_by()
    stood: timedelta | None = others.aggregate(stood=Sum(F("until") - F("since")))["stood"]
    case.due_at = due_at(case.lane, opened_at=case.clock_from) + (stood or timedelta())
    case.save(update_fields=["due_at"])
