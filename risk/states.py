"""The end of a replay, what becomes of a profile that was asked for, and of a model: written here alone."""

from datetime import datetime
from typing import Any

from accounts.models import User
from lib.moves import Moves
from risk.models import CompanyProfile, Model, Replay

_R, _S, _M = Replay.Status, CompanyProfile.Outcome, Model.Status
REPLAYS = Moves(
    Replay, "status", {_R.WAITING: frozenset({_R.DONE, _R.STOPPED}), _R.DONE: frozenset(), _R.STOPPED: frozenset()}
)
PROFILES = Moves(
    CompanyProfile,
    "outcome",
    {_S.ASKED: frozenset({_S.AGREED, _S.REFUSED}), _S.AGREED: frozenset(), _S.REFUSED: frozenset()},
)
MODELS = Moves(
    Model,
    "status",
    {
        _M.WAITING: frozenset({_M.READY, _M.FAILED}),
        _M.READY: frozenset({_M.CHALLENGER, _M.RETIRED}),
        _M.CHALLENGER: frozenset({_M.CHAMPION, _M.RETIRED}),
        _M.CHAMPION: frozenset({_M.RETIRED}),
        _M.FAILED: frozenset(),
        _M.RETIRED: frozenset(),
    },
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


def move_model(model: Model, new: str, **filling: Any) -> bool:
    """Move a model; whether it was moved now."""
    if not MODELS.write(model.pk, new, **filling):
        return False
    model.refresh_from_db()
    return True
