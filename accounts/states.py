"""How the proposal of a role may end, and the one place that writes it."""

from datetime import datetime

from accounts.models import RoleProposal, User
from lib.moves import Moves

Outcome = RoleProposal.Outcome
PROPOSAL = Moves(
    RoleProposal,
    "outcome",
    {
        Outcome.OPEN: frozenset({Outcome.GIVEN, Outcome.REFUSED}),
        Outcome.GIVEN: frozenset(),
        Outcome.REFUSED: frozenset(),
    },
)


def decide(proposal: RoleProposal, end: Outcome, *, by: User, at: datetime) -> bool:
    """The proposal has ended so, unless it had ended before."""
    return PROPOSAL.write(proposal.pk, end, decided_by=by, decided_at=at)
