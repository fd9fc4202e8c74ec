"""How the claim to a company may end and begin again, and the one place that writes it."""

from datetime import datetime

from lib.moves import Moves
from traders.models import Company, Standing

STANDING = Moves(
    Company,
    "standing",
    {
        Standing.CLAIMED: frozenset({Standing.CONFIRMED, Standing.REFUSED}),
        Standing.CONFIRMED: frozenset(),
        Standing.REFUSED: frozenset({Standing.CLAIMED}),  # registered again, with better papers
    },
)


def claim_again(company: Company) -> bool:
    """The person who was refused has registered the company once more."""
    return STANDING.write(company.pk, Standing.CLAIMED, decision="", decided_at=None)


def end_claim(company: Company, end: Standing, *, decision: str, at: datetime) -> bool:
    """The claim has ended so, unless it had ended before."""
    return STANDING.write(company.pk, end, decision=decision, decided_at=at)
