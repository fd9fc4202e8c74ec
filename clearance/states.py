"""How an officer's file and an examination end, and the one place that writes it. Both end once."""

from datetime import datetime

from clearance.models import Case, Examination
from lib.moves import Moves

OPEN = ""
CASE = Moves(Case, "closed_as", {OPEN: frozenset(Case.End), **{end: frozenset() for end in Case.End}})
EXAMINATION = Moves(
    Examination, "outcome", {OPEN: frozenset(Examination.Result), **{end: frozenset() for end in Examination.Result}}
)


def close(case: Case, end: Case.End, *, at: datetime) -> None:
    """The file of a locked declaration is closed; nobody waits for the trader any more."""
    CASE.write(case.pk, end, closed_at=at, waits_for_trader=False)
    case.refresh_from_db(fields=["closed_as", "closed_at", "waits_for_trader"])


def finish(examination: Examination, outcome: Examination.Result, *, at: datetime, note: str) -> None:
    """The examination is over."""
    EXAMINATION.write(examination.pk, outcome, finished_at=at, note=note)
    examination.refresh_from_db(fields=["outcome", "finished_at", "note"])
