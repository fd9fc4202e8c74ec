"""How an officer's file, an examination and a correction move, and the one place that writes it. All end once."""

from datetime import datetime
from typing import Any

from clearance.models import Case, Correction, Examination
from lib.moves import Moves

OPEN = ""
CASE = Moves(Case, "closed_as", {OPEN: frozenset(Case.End), **{end: frozenset() for end in Case.End}})
EXAMINATION = Moves(
    Examination, "outcome", {OPEN: frozenset(Examination.Result), **{end: frozenset() for end in Examination.Result}}
)
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


def move_correction(correction: Correction, new: Correction.Status, *, old: Correction.Status, **filling: Any) -> bool:
    """Move the correction on from `old`, and fill in what is known with it; whether it was moved now."""
    if not CORRECTION.write(correction.pk, new, only_from=[old], **filling):
        return False
    for name, value in {**filling, "status": new}.items():
        setattr(correction, name, value)
    return True


def close(case: Case, end: Case.End, *, at: datetime) -> None:
    """The file of a locked declaration is closed; nobody waits for the trader any more."""
    CASE.write(case.pk, end, closed_at=at, waits_for_trader=False)
    case.refresh_from_db(fields=["closed_as", "closed_at", "waits_for_trader"])


def finish(examination: Examination, outcome: Examination.Result, *, at: datetime, note: str) -> None:
    """The examination is over."""
    EXAMINATION.write(examination.pk, outcome, finished_at=at, note=note)
    examination.refresh_from_db(fields=["outcome", "finished_at", "note"])
