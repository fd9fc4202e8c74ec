"""The end of a replay: once, written here alone."""

from typing import Any

from lib.moves import Moves
from risk.models import Replay

_S = Replay.Status
REPLAYS = Moves(
    Replay, "status", {_S.WAITING: frozenset({_S.DONE, _S.STOPPED}), _S.DONE: frozenset(), _S.STOPPED: frozenset()}
)


def end_replay(replay: Replay, **filling: Any) -> bool:
    """The whole result of a replay; whether it was written now."""
    return REPLAYS.write(replay.pk, Replay.Status.DONE, **filling)


def stop_replay(replay: Replay, **filling: Any) -> bool:
    """Leave a replay that runs as far as it came; whether it was stopped now."""
    return REPLAYS.write(replay.pk, Replay.Status.STOPPED, **filling)
