"""What becomes of a profile that was asked for: agreed to or refused, once, written here alone."""

from datetime import datetime

from accounts.models import User
from lib.moves import Moves
from risk.models import CompanyProfile

_S = CompanyProfile.Outcome
PROFILES = Moves(
    CompanyProfile,
    "outcome",
    {_S.ASKED: frozenset({_S.AGREED, _S.REFUSED}), _S.AGREED: frozenset(), _S.REFUSED: frozenset()},
)


def decide_profile(profile: CompanyProfile, outcome: CompanyProfile.Outcome, *, by: User, at: datetime) -> bool:
    """Agree or refuse; whether it was decided now."""
    decided = PROFILES.write(profile.pk, outcome, decided_by=by, decided_at=at)
    profile.refresh_from_db()
    return decided
