"""A correction becomes the next version: the one place, whoever accepted it. Its money follows in the transaction."""

from datetime import date, datetime

from accounts.models import User
from clearance.models import Correction, Outcome
from clearance.services.corrections.gate import moved_on
from clearance.services.route import open_again
from clearance.states import move_correction
from declarations.models import Declaration, Status
from declarations.services import amend as amending
from declarations.services import set_aside, stand_again
from lib.bulk import insert_rows
from payments import services as payments


def apply(
    correction: Correction, end: Correction.Status, *, text: str = "", by: User, at: datetime, on: date
) -> Declaration:
    """End the locked correction as accepted or upheld, and put its draft in the place of the version it corrects.

    What the draft declares is declared by whoever sent it; against the trader's will, by nobody.
    """
    declared_by = None if end == Correction.Status.UPHELD else by if correction.is_proposal else correction.sent_by
    set_aside(correction.draft, at=at)
    old = Correction.Status(correction.status)
    if not move_correction(correction, end, old=old, ended_by=by, ended_at=at, end_text=text):
        raise moved_on(correction)
    verb = amending.correct if correction.declaration.is_past_release else amending.amend_as_drafted
    new = verb(correction.draft, reason=correction.reason, by=declared_by, at=at, on=on)
    _settle_findings(correction, by=by, at=at)
    return settled(payments.settle_if_nothing_due(new.pk, at=at), at=at)


def settled(new: Declaration, *, at: datetime) -> Declaration:
    """After release the file goes on at once: it stays closed, and stands again when nothing is due."""
    if not new.stands_as:
        return new
    open_again(new, at=at)
    return stand_again(new, at=at) if new.status == Status.PAID else new


def _settle_findings(correction: Correction, *, by: User, at: datetime) -> None:
    """The findings of a proposal have led to something, those at least that nothing else has settled meanwhile."""
    rows = [
        Outcome(finding=finding, mrn=correction.mrn, how=Outcome.How.CORRECTED, correction=correction, by=by, at=at)
        for finding in correction.findings.filter(settled=None)
    ]
    insert_rows(rows)
