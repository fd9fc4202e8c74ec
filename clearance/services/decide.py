"""An officer's decision on a file: release it, or reject the declaration."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clearance.models import Case, Examination
from clearance.selectors import open_query, unsettled, was_rerouted_by
from clearance.services.clock import keep_time
from clearance.services.corrections.gate import nothing_open
from clearance.services.ending import wind_up
from clearance.services.gate import all_checked, case_to_work_on, needed
from clearance.services.release import has_open_examination, release_if_clear
from declarations import services as declarations
from declarations.models import Declaration
from declarations.services import ending
from lib.violations import Rejected, refuse
from payments.selectors import expired_hold
from payments.services import has_expired
from risk.models import Lane


@transaction.atomic
def decide_release(case: Case, *, note: str = "", by: User, at: datetime) -> Case:
    """Decide to release: at once if it is paid or secured, else as soon as it is.

    Raises Rejected: C001 to C003, C030 a question is open, C031 an examination is open, C032 red goods that nobody
    examined, C034 a discrepancy that nothing came of, C083 an instruction that nobody checked, C089 the officer had a
    hand in its lane, P020 its guarantee has expired.
    """
    found = case_to_work_on(case, by=by, at=at)
    if found.decided_at is not None:
        return found
    _nothing_open(found)
    _examined(found)
    all_checked(found)
    _not_rerouted_by(by, found)
    _secured(found.declaration, at=at)
    found.decided_by, found.decided_at = by, at
    found.save(update_fields=["decided_by", "decided_at"])
    declarations.record(found.declaration, verb="decide_release", by=by, at=at, note=note.strip())
    if not release_if_clear(found.declaration_id, at=at):
        keep_time(found.declaration, at=at)
    return Case.objects.get(pk=found.pk)


@transaction.atomic
def reject(case: Case, *, reason: str, by: User, at: datetime) -> Declaration:
    """Refuse the declaration, with a reason that the declarant reads: its file is closed, its money given back."""
    found = case_to_work_on(case, by=by, at=at)
    nothing_open(found.declaration)
    reason = needed(reason, pointer="reason", sentence=_("Give the reason: the declarant reads it."))
    rejected = ending.reject(found.declaration, reason=reason, by=by, at=at)
    return wind_up(rejected, Case.End.REJECTED, at=at)


def _nothing_open(case: Case) -> None:
    if open_query(case) is not None:
        raise refuse("C030", "", _("A question is open. Wait for its answer or withdraw it."))
    if has_open_examination(case):
        raise refuse("C031", "", _("An examination is open. Finish it first."))


def _not_rerouted_by(by: User, case: Case) -> None:
    if was_rerouted_by(by, case):
        raise refuse("C089", "", _("You had a hand in the lane of this file. Another officer releases it."))


def _secured(declaration: Declaration, *, at: datetime) -> None:
    """Raises Rejected P020 if what secures the declaration has expired."""
    expired = expired_hold(declaration, on=timezone.localdate(at))
    if expired is not None:
        raise Rejected([has_expired(expired)])


def _examined(case: Case) -> None:
    done = Examination.objects.filter(case__declaration__mrn=case.mrn, finished_at__isnull=False)
    if case.lane == Lane.RED and not done.filter(kind=Examination.Kind.GOODS).exists():
        sentence = _("Red goods are examined before they are released. Begin an examination of the goods.")
        raise refuse("C032", "", sentence)
    if unsettled(case.mrn).exists():
        sentence = _("A discrepancy was found. Propose a correction, decide a fine, or close it with a reason first.")
        raise refuse("C034", "", sentence)
