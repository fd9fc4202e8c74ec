"""Officers decide about a correction that needs their consent: one before release, two after it."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from clearance.models import Correction
from clearance.selectors.corrections import Moment
from clearance.services.clock import keep_time
from clearance.services.corrections.apply import apply
from clearance.services.corrections.gate import locked_correction, moved_on, of_office, still
from clearance.services.corrections.send import tell
from clearance.services.gate import needed
from clearance.services.release import release_if_clear
from clearance.states import move_correction
from lib.violations import refuse

Status = Correction.Status
ENDS = (Status.ACCEPTED, Status.REFUSED)


@transaction.atomic
def decide(correction: Correction, *, end: str, text: str, by: User, at: datetime, on: date) -> Correction:
    """An officer accepts or refuses, with grounds. After release this is the first decision of two.

    Raises Rejected: C002, C005 no grounds, C008, C043 decided meanwhile, C055 no such end, C056 nothing to decide.
    """
    found = locked_correction(correction)
    of_office(found.declaration, by=by, at=at)
    if found.is_proposal or not found.needs_consent:
        raise refuse("C056", "", _("This correction needs no officer's consent."))
    still(found, Status.SENT)
    if end not in ENDS:
        raise refuse("C055", "end", _("Choose to accept or to refuse."))
    text = needed(text, pointer="text", sentence=_("Give the grounds: the trader reads them."))
    if found.moment != Moment.AFTER_RELEASE:
        return _end(found, Status(end), text=text, by=by, at=at, on=on)
    first = {"advice": end, "advice_text": text, "advised_by": by, "advised_at": at}
    if not move_correction(found, Status.DECIDED, old=Status.SENT, **first):
        raise moved_on(found)
    tell(found, verb="advise_correction", by=by, at=at, among_officers=text)
    return found


@transaction.atomic
def confirm(correction: Correction, *, by: User, at: datetime, on: date) -> Correction:
    """Another officer confirms what the first has decided: now it counts, and the money follows.

    Raises Rejected: C002, C008, C043 decided meanwhile, C057 it is the first officer.
    """
    found = _decided(correction, by=by, at=at)
    return _end(found, Status(found.advice), text=found.advice_text, by=by, at=at, on=on)


@transaction.atomic
def send_back(correction: Correction, *, text: str, by: User, at: datetime) -> Correction:
    """Another officer does not confirm: the first decision falls, with the reason in the history."""
    found = _decided(correction, by=by, at=at)
    text = needed(text, pointer="text", sentence=_("Say why you do not confirm the decision."))
    nothing = {"advice": "", "advice_text": "", "advised_by": None, "advised_at": None}
    if not move_correction(found, Status.SENT, old=Status.DECIDED, **nothing):
        raise moved_on(found)
    tell(found, verb="send_back_correction", by=by, at=at, among_officers=text)
    return found


def _decided(correction: Correction, *, by: User, at: datetime) -> Correction:
    found = locked_correction(correction)
    of_office(found.declaration, by=by, at=at)
    still(found, Status.DECIDED)
    if found.advised_by == by:
        raise refuse("C057", "", _("You made the first decision. Another officer confirms it."))
    return found


def _end(found: Correction, end: Correction.Status, *, text: str, by: User, at: datetime, on: date) -> Correction:
    tell(found, verb=f"{'accept' if end == Status.ACCEPTED else 'refuse'}_correction", by=by, at=at, note=text)
    if end == Status.ACCEPTED:
        apply(found, end, text=text, by=by, at=at, on=on)
    elif not move_correction(found, end, old=Status(found.status), ended_by=by, ended_at=at, end_text=text):
        raise moved_on(found)
    else:
        keep_time(found.declaration, at=at)
        release_if_clear(found.declaration_id, at=at)
    announce("correction.decided", found.pk)
    return found
