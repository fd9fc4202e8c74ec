"""What becomes of goods that were kept at the post: once, written here alone."""

from typing import Any

from border.models import GoodsAside
from lib.moves import Moves

_S = GoodsAside.Status
_ENDS = (_S.GIVEN_BACK, _S.SENT_BACK, _S.RETAINED, _S.TO_CARGO)
ASIDE = Moves(GoodsAside, "status", {_S.HELD: frozenset(_ENDS), **{end: frozenset() for end in _ENDS}})


def end_aside(aside: GoodsAside, new: GoodsAside.Status, **filling: Any) -> bool:
    """What becomes of goods that were kept; whether it was decided now."""
    if not ASIDE.write(aside.pk, new, **filling):
        return False
    aside.refresh_from_db()
    return True
