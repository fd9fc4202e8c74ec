"""The end of a replay, and what becomes of a profile that was asked for: once, written here alone."""

from datetime import datetime
from typing import Any

from accounts.models import User
from lib.moves import Moves
from risk.models import CompanyProfile, Replay

_R, _S = Replay.Status, CompanyProfile.Outcome
REPLAYS = Moves(
    Replay, "status", {_R.WAITING: frozenset({_R.DONE, _R.STOPPED}), _R.DONE: frozenset(), _R.STOPPED: frozenset()}
)
PROFILES = Moves(
    CompanyProfile,
    "outcome",
    {_S.ASKED: frozenset({_S.AGREED, _S.REFUSED}), _S.AGREED: frozenset(), _S.REFUSED: frozenset()},
)


def end_replay(replay: Replay, **filling: Any) -> bool:
    """The whole result of a replay; whether it was written now."""
    return REPLAYS.write(replay.pk, Replay.Status.DONE, **filling)


def stop_replay(replay: Replay, **filling: Any) -> bool:
    """Leave a replay that runs as far as it came; whether it was stopped now."""
    return REPLAYS.write(replay.pk, Replay.Status.STOPPED, **filling)


def decide_profile(profile: CompanyProfile, outcome: CompanyProfile.Outcome, *, by: User, at: datetime) -> bool:
    """Agree or refuse; whether it was decided now."""
    decided = PROFILES.write(profile.pk, outcome, decided_by=by, decided_at=at)
    profile.refresh_from_db()
    return decided
