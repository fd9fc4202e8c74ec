"""How an audit of a file comes to be: after a blue release on its day, by a supervisor's choice, or by the sample."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clearance.models import Audit, Case
from clearance.selectors.audits import audit_in_hand, blue_without_audit, due_to_open, held_audits_without_role
from clearance.selectors.people import powers_of
from clearance.services.audits.gate import due_from, is_free_of, locked_audit, note, supervises, term_of
from clearance.services.gate import AUDITED, of_substance
from clearance.states import move_audit
from declarations.models import Status
from declarations.services import lock
from lib.bulk import insert_rows
from lib.violations import refuse
from risk.models import Lane, Score


def await_audit(case: Case, *, at: datetime) -> Audit | None:
    """A blue file, its declaration locked, was released: its audit opens on a day. None for other lanes, or no term."""
    if case.lane != Lane.BLUE:
        return None
    on = timezone.localdate(case.closed_at or at)
    term = term_of(case.office_code, on=on)
    if term is None:
        return None
    if known := Audit.objects.filter(mrn=case.mrn, source=Audit.Source.BLUE).first():
        return known
    opens = on + timedelta(days=term.delay_days)
    made = new_audit(case, source=Audit.Source.BLUE, at=at)
    made.opens_on, made.due = opens, opens + timedelta(days=term.work_days)
    insert_rows([made])
    return made


def new_audit(case: Case, *, source: str, at: datetime) -> Audit:
    """An audit of the file, not yet written: to come if it was released blue, else open; due by the office's term."""
    on = timezone.localdate(at)
    score = Score.objects.filter(declaration__mrn=case.mrn).order_by("-pk").first()
    return Audit(
        case=case,
        mrn=case.mrn,
        office_code=case.office_code,
        lane=case.lane,
        trader_tin=case.trader_tin,
        trader_name=case.trader_name,
        customs_value=case.customs_value,
        source=source,
        status=Audit.Status.WAITING if source == Audit.Source.BLUE else Audit.Status.OPEN,
        hits=sum(1 for hit in score.reasons if hit["selected"]) if score else 0,
        opens_on=on,
        opened_at=None if source == Audit.Source.BLUE else at,
        due=due_from(case.office_code, on=on),
    )


def open_due(*, at: datetime, limit: int) -> int:
    """The sweep's part: audits whose day has come are opened, and files that were missed get theirs; how many."""
    for case in blue_without_audit(at=at, limit=limit):
        with transaction.atomic():
            lock(case.declaration_id)
            await_audit(case, at=at)
    return sum(_open(audit, at=at) for audit in due_to_open(on=timezone.localdate(at), limit=limit))


@transaction.atomic
def _open(audit: Audit, *, at: datetime) -> bool:
    found, _case = locked_audit(audit)
    if found.status != Audit.Status.WAITING or not move_audit(found, Audit.Status.OPEN, opened_at=at):
        return False
    note(found, "open", by=None, at=at)
    return True


@transaction.atomic
def choose_for_audit(case: Case, *, reason: str, by: User, at: datetime) -> Audit:
    """A supervisor has a released file audited, whatever its lane. What was to come later is opened now.

    Raises Rejected: C001 not released, C004, C008, C060 a reason that says nothing, C105 its audit is open already.
    """
    declaration = lock(case.declaration_id)
    found = Case.objects.get(pk=case.pk)
    if found.closed_as not in AUDITED or declaration.status == Status.SUPERSEDED:
        raise refuse("C001", "", _("This file is closed (%s). Nothing was changed.") % found.get_closed_as_display())
    supervises(by, found.office_code, at=at)
    is_free_of(by, found, pointer="")
    reason = of_substance(reason, pointer="reason", sentence=_("Say in a sentence why this file is audited."))
    if audit_in_hand(found.mrn) is not None:
        raise refuse("C105", "", _("An audit of this file is open already."))
    made = opened_now(found, new_audit(found, source=Audit.Source.CHOSEN, at=at), at=at, reason=reason)
    note(made, "choose", by=by, at=at, text=reason)
    return made


def opened_now(case: Case, made: Audit, *, at: datetime, reason: str = "") -> Audit:
    """The audit, open: the one that was to come if there is one, else this. The declaration is locked."""
    coming = Audit.objects.filter(mrn=case.mrn, status=Audit.Status.WAITING).first()
    if coming is None:
        made.reason = reason
        made.save(force_insert=True)
        return made
    filling = {"opened_at": at, "due": made.due, "reason": reason, "company_audit": made.company_audit,
               "drawn_how": made.drawn_how, "drawn_why": made.drawn_why}  # fmt: skip
    move_audit(coming, Audit.Status.OPEN, **filling)
    return coming


def free_audits(*, at: datetime, limit: int) -> int:
    """The sweep's part: audits of officers who may no longer act on them are to be planned again; how many."""
    return sum(_back(audit, at=at) for audit in held_audits_without_role(on=timezone.localdate(at), limit=limit))


@transaction.atomic
def _back(audit: Audit, *, at: datetime) -> bool:
    found, _case = locked_audit(audit)
    officer = found.officer
    if officer is None or found.status not in (Audit.Status.PLANNED, Audit.Status.UNDERWAY):
        return False
    if officer.is_active and powers_of(officer, on=timezone.localdate(at)).lanes(found.office_code):
        return False
    if not move_audit(found, Audit.Status.OPEN, officer=None):
        return False
    note(found, "role_ended", by=None, at=at, text=str(officer))
    return True
