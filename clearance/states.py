"""How files, examinations, corrections and audits move, and the one place that writes it. All end once."""

from datetime import datetime
from typing import Any

from accounts.models import User
from clearance.models import Audit, Case, CompanyAudit, Correction, Examination, Reroute, Wait, WaitsFor
from lib.moves import Moves

OPEN = ""
CASE = Moves(Case, "closed_as", {OPEN: frozenset(Case.End), **{end: frozenset() for end in Case.End}})
WAITS_FOR = Moves(Case, "waits_for", {old: frozenset(WaitsFor) for old in WaitsFor})
EXAMINATION = Moves(
    Examination, "outcome", {OPEN: frozenset(Examination.Result), **{end: frozenset() for end in Examination.Result}}
)
REROUTE = Moves(
    Reroute, "outcome", {OPEN: frozenset({Reroute.Outcome.DONE, Reroute.Outcome.REFUSED}),
                         Reroute.Outcome.DONE: frozenset(), Reroute.Outcome.REFUSED: frozenset()},
)  # fmt: skip
_S = Correction.Status
CORRECTION = Moves(
    Correction,
    "status",
    {
        _S.DRAFT: frozenset({_S.SENT}),
        _S.SENT: frozenset({_S.ACCEPTED, _S.REFUSED, _S.WITHDRAWN, _S.DECIDED, _S.CONTESTED}),
        _S.DECIDED: frozenset({_S.ACCEPTED, _S.REFUSED, _S.SENT}),
        _S.CONTESTED: frozenset({_S.ACCEPTED, _S.UPHELD, _S.DROPPED}),
        **{end: frozenset() for end in (_S.ACCEPTED, _S.UPHELD, _S.REFUSED, _S.WITHDRAWN, _S.DROPPED)},
    },
)
_A = Audit.Status
AUDIT = Moves(
    Audit,
    "status",
    {
        _A.WAITING: frozenset({_A.OPEN}),
        _A.OPEN: frozenset({_A.PLANNED, _A.LEFT}),
        _A.PLANNED: frozenset({_A.PLANNED, _A.UNDERWAY, _A.OPEN, _A.LEFT}),
        _A.UNDERWAY: frozenset({_A.UNDERWAY, _A.OPEN, _A.CONCLUDED, _A.CLOSED}),
        _A.CONCLUDED: frozenset({_A.UNDERWAY, _A.CLOSED}),
        **{end: frozenset() for end in Audit.ENDS},
    },
)
_C = CompanyAudit.Status
COMPANY_AUDIT = Moves(
    CompanyAudit,
    "status",
    {
        _C.PLANNED: frozenset({_C.DRAWN, _C.DROPPED}),
        _C.DRAWN: frozenset({_C.NOTIFIED, _C.DROPPED}),
        _C.NOTIFIED: frozenset({_C.CONCLUDED}),
        _C.CONCLUDED: frozenset({_C.NOTIFIED, _C.CLOSED}),
        **{end: frozenset() for end in CompanyAudit.ENDS},
    },
)


def move_correction(correction: Correction, new: Correction.Status, *, old: Correction.Status, **filling: Any) -> bool:
    """Move the correction on from `old`, and fill in what is known with it; whether it was moved now."""
    if not CORRECTION.write(correction.pk, new, only_from=[old], **filling):
        return False
    for name, value in {**filling, "status": new}.items():
        setattr(correction, name, value)
    return True


def close(case: Case, end: Case.End, *, at: datetime) -> None:
    """The file of a locked declaration is closed: its last step ends with it."""
    if CASE.write(case.pk, end, closed_at=at, waits_for=WaitsFor.OFFICE):
        _stamp(case, at=at)
    case.refresh_from_db(fields=["closed_as", "closed_at", "waits_for"])


def wait_for(case: Case, what: WaitsFor, *, at: datetime) -> None:
    """From now on the file of a locked declaration waits for this; the step before is stamped. It may begin anew."""
    _stamp(case, at=at)
    WAITS_FOR.write(case.pk, what, waits_since=at)
    case.waits_for, case.waits_since = what, at


def _stamp(case: Case, *, at: datetime) -> None:
    Wait.objects.create(case=case, what=case.waits_for, since=case.waits_since, until=max(at, case.waits_since))


def finish(examination: Examination, outcome: Examination.Result, *, at: datetime, note: str) -> None:
    """The examination is over."""
    EXAMINATION.write(examination.pk, outcome, finished_at=at, note=note)
    examination.refresh_from_db(fields=["outcome", "finished_at", "note"])


def decide_reroute(asked: Reroute, outcome: Reroute.Outcome, *, by: User, at: datetime, answer: str = "") -> bool:
    """A change of lane is agreed to or refused; whether it was decided now."""
    decided = REROUTE.write(asked.pk, outcome, decided_by=by, decided_at=at, answer=answer)
    asked.refresh_from_db()
    return decided


def move_audit(audit: Audit, new: Audit.Status, **filling: Any) -> bool:
    """Move the locked audit on and fill in what is known with it; whether its status allowed it."""
    moved = AUDIT.write(audit.pk, new, **filling)
    if moved:
        audit.refresh_from_db(fields=["status", *filling])
    return moved


def move_company_audit(audit: CompanyAudit, new: CompanyAudit.Status, **filling: Any) -> bool:
    """As `move_audit`, of the audit of a company."""
    moved = COMPANY_AUDIT.write(audit.pk, new, **filling)
    if moved:
        audit.refresh_from_db(fields=["status", *filling])
    return moved
