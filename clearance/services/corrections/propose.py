"""An officer's proposal of a correction: with the findings it rests on, accepted or contested by the trader.

What is contested is judged by another officer than the one who proposed.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from clearance.models import Case, Correction, Finding
from clearance.selectors import powers_of
from clearance.selectors.corrections import unsettled
from clearance.services.clock import keep_time
from clearance.services.corrections.apply import apply
from clearance.services.corrections.gate import (
    locked_correction,
    moved_on,
    nothing_open,
    of_office,
    of_trader,
    still,
)
from clearance.services.corrections.send import judged, tell, to_sent_by_office
from clearance.services.gate import case_to_settle, needed
from clearance.services.release import release_if_clear
from clearance.states import move_correction
from declarations import services as declarations
from declarations.models import Declaration
from lib.violations import refuse

Status = Correction.Status


@transaction.atomic
def propose(case: Case, *, findings: Sequence[Finding], by: User, at: datetime) -> Correction:
    """A draft of what should be declared, for the discrepancies it is to settle; edited in the ordinary form.

    What another officer began and no longer can go on with is gone on with: the file was handed over, or a role ended.
    Raises Rejected: C001 to C003, C008, C040 no discrepancy that is open, C042, C052 a colleague is writing one.
    """
    found = case_to_settle(case, by=by, at=at)
    rests_on = open_findings(found.mrn, findings)
    nothing_open(found.declaration)
    draft = declarations.begin_amendment(found.declaration, source=Declaration.Source.PROPOSAL, by=by, at=at)
    if draft.created_by_id != by.pk:
        if _goes_on(draft.created_by, found, at=at):
            sentence = _("%(officer)s is writing a proposal on this declaration.")
            raise refuse("C052", "", sentence % {"officer": draft.created_by})
        draft = declarations.pass_on(draft, by=by, at=at)
        Correction.objects.filter(draft=draft).delete()  # Its writer never changes: the one below is the new writer's.
    made = Correction.objects.filter(draft=draft).first() or Correction.objects.create(
        declaration=found.declaration,
        draft=draft,
        mrn=found.mrn,
        office_code=found.office_code,
        kind=Correction.Kind.PROPOSAL,
        made_by=by,
        made_at=at,
    )
    made.findings.set(rests_on)
    return made


def _goes_on(officer: User, case: Case, *, at: datetime) -> bool:
    """Whether a colleague may still send what the colleague writes. Of an open file whoever holds it writes."""
    powers = powers_of(officer, on=timezone.localdate(at))
    return case.closed_at is not None and officer.is_active and bool(powers.lanes(case.office_code))


def open_findings(mrn: str, findings: Sequence[Finding]) -> list[Finding]:
    """Of the declaration's open discrepancies those that were chosen. Raises Rejected C040 if there are none."""
    chosen = {finding.pk for finding in findings}
    rests_on = [finding for finding in unsettled(mrn) if finding.pk in chosen]
    if not rests_on or len(rests_on) != len(chosen):
        raise refuse("C040", "findings", _("Choose the discrepancies it is about; those settled already are none."))
    return rests_on


@transaction.atomic
def send_proposal(correction: Correction, *, reason: str, by: User, at: datetime, on: date) -> Correction:
    """The trader is asked to accept it. Raises Rejected as `send`, and C054 if another officer writes it."""
    found = locked_correction(correction)
    of_office(found.declaration, by=by, at=at)
    if found.made_by != by:
        raise refuse("C054", "", _("Only the officer who wrote the proposal may send it."))
    still(found, Status.DRAFT)
    _ruled, effect = judged(found, on=on)
    reason = needed(reason, pointer="reason", sentence=_("Say what was found: the trader reads it."))
    to_sent_by_office(found, effect, reason=reason, by=by, at=at)
    keep_time(found.declaration, at=at)
    tell(found, verb="propose", by=by, at=at, note=reason)
    announce("proposal.made", found.pk)
    return found


@transaction.atomic
def accept(correction: Correction, *, by: User, at: datetime, on: date) -> Correction:
    """The trader accepts: the proposal becomes the next version. Raises Rejected: C041, C043 answered meanwhile."""
    return _accepted(correction, Status.SENT, by=by, at=at, on=on)


@transaction.atomic
def accept_contested(correction: Correction, *, by: User, at: datetime, on: date) -> Correction:
    """The trader accepts after all what was contested, before another officer has judged it."""
    return _accepted(correction, Status.CONTESTED, by=by, at=at, on=on)


def _accepted(correction: Correction, wanted: Correction.Status, *, by: User, at: datetime, on: date) -> Correction:
    found = _proposed(correction)
    of_trader(found.declaration, by=by, at=at)
    still(found, wanted)
    tell(found, verb="accept_proposal", by=by, at=at)
    apply(found, Status.ACCEPTED, by=by, at=at, on=on)
    announce("proposal.answered", found.pk)
    return found


@transaction.atomic
def contest(correction: Correction, *, reason: str, by: User, at: datetime) -> Correction:
    """The trader does not accept, with reasons; another officer judges. Raises Rejected: C005, C041, C043."""
    found = _proposed(correction)
    of_trader(found.declaration, by=by, at=at)
    still(found, Status.SENT)
    reason = needed(reason, pointer="reason", sentence=_("Say why you do not accept the proposal."))
    answered = {"answer": reason, "answered_by": by, "answered_at": at}
    if not move_correction(found, Status.CONTESTED, old=Status.SENT, **answered):
        raise moved_on(found)
    keep_time(found.declaration, at=at)
    tell(found, verb="contest_proposal", by=by, at=at, note=reason)
    announce("proposal.answered", found.pk)
    return found


@transaction.atomic
def uphold(correction: Correction, *, text: str, by: User, at: datetime, on: date) -> Correction:
    """Another officer upholds what is contested: it becomes the next version all the same."""
    found, text = _contested(correction, text, by=by, at=at)
    tell(found, verb="uphold_proposal", by=by, at=at, note=text)
    apply(found, Status.UPHELD, text=text, by=by, at=at, on=on)
    announce("correction.decided", found.pk)
    return found


@transaction.atomic
def drop(correction: Correction, *, text: str, by: User, at: datetime) -> Correction:
    """Another officer finds that the trader is right. The discrepancies stay open until something comes of them."""
    found, text = _contested(correction, text, by=by, at=at)
    if not move_correction(found, Status.DROPPED, old=Status.CONTESTED, ended_by=by, ended_at=at, end_text=text):
        raise moved_on(found)
    tell(found, verb="drop_proposal", by=by, at=at, note=text)
    keep_time(found.declaration, at=at)
    release_if_clear(found.declaration_id, at=at)
    announce("correction.decided", found.pk)
    return found


def _proposed(correction: Correction) -> Correction:
    found = locked_correction(correction)
    if not found.is_proposal:
        raise refuse("C053", "", _("This is no proposal of customs."))
    return found


def _contested(correction: Correction, text: str, *, by: User, at: datetime) -> tuple[Correction, str]:
    found = _proposed(correction)
    of_office(found.declaration, by=by, at=at)
    still(found, Status.CONTESTED)
    if found.made_by == by:
        raise refuse("C058", "", _("You made this proposal. Another officer judges it."))
    return found, needed(text, pointer="text", sentence=_("Give the grounds: the trader reads them."))
