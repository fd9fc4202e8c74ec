"""What becomes of goods that were kept at the post, and the end of a replay: once, written here alone."""

from typing import Any

from border.models import GoodsAside, TravelReplay
from lib.moves import Moves

_S = GoodsAside.Status
_ENDS = (_S.GIVEN_BACK, _S.SENT_BACK, _S.RETAINED, _S.TO_CARGO)
ASIDE = Moves(GoodsAside, "status", {_S.HELD: frozenset(_ENDS), **{end: frozenset() for end in _ENDS}})

_R = TravelReplay.Status
REPLAYS = Moves(TravelReplay, "status", {_R.WAITING: frozenset({_R.DONE}), _R.DONE: frozenset()})


def end_replay(replay: TravelReplay, **filling: Any) -> bool:
    """The result of a replay; whether it was written now."""
    if not REPLAYS.write(replay.pk, _R.DONE, **filling):
        return False
    replay.refresh_from_db()
    return True


def end_aside(aside: GoodsAside, new: GoodsAside.Status, **filling: Any) -> bool:
    """What becomes of goods that were kept; whether it was decided now."""
    if not ASIDE.write(aside.pk, new, **filling):
        return False
    aside.refresh_from_db()
    return True
