"""The trader's verbs: a correction is begun, edited in the ordinary form, sent, withdrawn.

Where the law needs no officer's consent it counts at once.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from clearance.models import Correction
from clearance.selectors.corrections import Effect, Moment, Ruling, is_under_way, moment_of, ruling_on
from clearance.services.clock import keep_time
from clearance.services.corrections.apply import apply
from clearance.services.corrections.effect import EffectOf, effect_of
from clearance.services.corrections.gate import (
    counts,
    locked_correction,
    moved_on,
    nothing_open,
    of_office,
    of_trader,
    still,
)
from clearance.services.gate import needed
from clearance.services.release import release_if_clear
from clearance.states import move_correction
from declarations import services as declarations
from declarations.models import Declaration
from lib.languages import day_text
from lib.violations import Rejected, refuse

Status, Kind = Correction.Status, Correction.Kind


@transaction.atomic
def begin(declaration: Declaration, *, by: User, at: datetime, like: Correction | None = None) -> Correction:
    """A draft of a correction on the version, or the one that was begun on it; `like` an earlier one, if given.

    Raises Rejected: C041 not this person's, C042 another one is open, S011 the declaration has ended.
    """
    locked = declarations.lock(declaration.pk)
    of_trader(locked, by=by, at=at)
    nothing_open(locked)
    draft = declarations.begin_amendment(
        locked, source=Declaration.Source.AMENDMENT, by=by, at=at, like=like.draft if like else None
    )
    if found := Correction.objects.filter(draft=draft).first():
        return found
    kind = Kind.CLAIM if locked.is_past_release else Kind.AMENDMENT
    return Correction.objects.create(
        declaration=locked,
        draft=draft,
        mrn=locked.mrn,
        office_code=locked.office_code,
        kind=kind,
        made_by=by,
        made_at=at,
    )


@transaction.atomic
def begin_again(correction: Correction, *, on_version: Declaration, by: User, at: datetime) -> Correction:
    """What was written in a correction, on the version that counts now. An unsent draft is thrown away for it."""
    made = begin(on_version, by=by, at=at, like=correction)
    if correction.status == Status.DRAFT and made.pk != correction.pk:
        declarations.discard_draft(correction.draft, by=by, at=at)
    return made


@transaction.atomic
def send(correction: Correction, *, reason: str, by: User, at: datetime, on: date) -> Correction:
    """Send it. It counts at once where no consent is needed, else it waits for officers.

    Raises Rejected with every fault of the draft, and C005 no reason, C041, C042, C043 sent already, C044 amended
    meanwhile, C045 nothing changed, C046 after its term, C047 a disclosure or claim while customs examine.
    """
    found = locked_correction(correction)
    still(found, Status.DRAFT)
    of_trader(found.declaration, by=by, at=at)
    ruled, effect = judged(found, on=on)
    reason = needed(reason, pointer="reason", sentence=_("Say why the declaration is corrected."))
    if ruled.last_day is not None and on > ruled.last_day:
        sentence = _("This could be asked for until %(day)s.") % {"day": day_text(ruled.last_day)}
        raise refuse("C046", "", sentence)
    if ruled.moment == Moment.AFTER_RELEASE and is_under_way(found.mrn):
        sentence = _("Customs examine this declaration. Wait for what comes of it: a disclosure is too late now.")
        raise refuse("C047", "", sentence)
    _to_sent(found, ruled, effect, kind=_kind(ruled), reason=reason, by=by, at=at)
    if found.kind != Kind.AMENDMENT or ruled.needs_consent:
        tell(found, verb="send_correction", by=by, at=at, note=reason)
        announce("correction.sent", found.pk)
    if not ruled.needs_consent:
        apply(found, Status.ACCEPTED, by=by, at=at, on=on)
    else:
        keep_time(found.declaration, at=at)
    return found


@transaction.atomic
def withdraw(correction: Correction, *, by: User, at: datetime) -> Correction:
    """Whoever sent it takes it back before anybody has decided: the trader's side, or the officer who proposed."""
    found = locked_correction(correction)
    if found.is_proposal:
        of_office(found.declaration, by=by, at=at)
        if found.made_by != by:
            raise refuse("C054", "", _("Only the officer who proposed it may take it back."))
    else:
        of_trader(found.declaration, by=by, at=at)
    still(found, Status.SENT)
    if not move_correction(found, Status.WITHDRAWN, old=Status.SENT, ended_by=by, ended_at=at):
        raise moved_on(found)
    tell(found, verb="withdraw_proposal" if found.is_proposal else "withdraw_correction", by=by, at=at)
    keep_time(found.declaration, at=at)
    release_if_clear(found.declaration_id, at=at)
    return found


# Judging ------------------------------------------------------------------------------------------------------
def judged(correction: Correction, *, on: date) -> tuple[Ruling, EffectOf]:
    """What the law says of the correction and what it does. Raises Rejected: C042, C044, C045, the draft's faults."""
    counts(correction.declaration)
    nothing_open(correction.declaration, but=correction)
    if declarations.changes_nothing(correction.draft):
        raise refuse("C045", "", _("Nothing was changed. Correct what is wrong, or discard the draft."))
    if faults := declarations.check(correction.draft, on=on):
        raise Rejected(faults)
    effect = effect_of(correction.draft, on=on)
    return ruling_on(correction.declaration, effect=effect.effect, on=on), effect


def _kind(ruled: Ruling) -> Correction.Kind:
    if ruled.moment != Moment.AFTER_RELEASE:
        return Kind.AMENDMENT
    return Kind.DISCLOSURE if ruled.effect == Effect.MORE else Kind.CLAIM


def _to_sent(
    correction: Correction, ruled: Ruling, effect: EffectOf, *, kind: Correction.Kind, reason: str, by: User,
    at: datetime,
) -> None:  # fmt: skip
    declarations.set_aside(correction.draft, at=at)
    told = {
        "kind": kind, "reason": reason, "moment": ruled.moment, "effect": ruled.effect,
        "difference": effect.difference, "needs_consent": ruled.needs_consent, "act": ruled.act,
        "sent_by": by, "sent_at": at,
    }  # fmt: skip
    if not move_correction(correction, Status.SENT, old=Status.DRAFT, **told):
        raise moved_on(correction)


def to_sent_by_office(correction: Correction, effect: EffectOf, *, reason: str, by: User, at: datetime) -> None:
    """A proposal is sent: it needs nobody's consent but the trader's."""
    ruled = Ruling(moment_of(correction.declaration), effect.effect, needs_consent=False, last_day=None, act="")
    _to_sent(correction, ruled, effect, kind=Kind.PROPOSAL, reason=reason, by=by, at=at)


def tell(
    correction: Correction, *, verb: str, by: User, at: datetime, note: str = "", among_officers: str = ""
) -> None:
    """A row of history on the version that is corrected; what is said `among_officers` no trader reads."""
    declarations.record(
        correction.declaration, verb=verb, by=by, at=at, note=note,
        data={"correction": correction.pk, "kind": correction.kind, "text": among_officers},
    )  # fmt: skip
