"""What becomes of a model: the table of its moves and the one writer of its status."""

from typing import Any

from lib.moves import Moves
from risk.models import Model

_S = Model.Status
MODELS = Moves(
    Model,
    "status",
    {
        _S.WAITING: frozenset({_S.READY, _S.FAILED}),
        _S.READY: frozenset({_S.CHALLENGER, _S.RETIRED}),
        _S.CHALLENGER: frozenset({_S.CHAMPION, _S.RETIRED}),
        _S.CHAMPION: frozenset({_S.RETIRED}),
        _S.FAILED: frozenset(),
        _S.RETIRED: frozenset(),
    },
)


def move(model: Model, new: str, **filling: Any) -> bool:
    """Move a model; whether it was moved now."""
    if not MODELS.write(model.pk, new, **filling):
        return False
    model.refresh_from_db()
    return True
