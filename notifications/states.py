"""How a delivery ends: which ways there are, and the one place that writes them. Only `notifications.services` asks."""

from collections.abc import Mapping
from datetime import datetime

from lib.moves import Moves
from notifications.models import Delivery

Status = Delivery.Status
ENDS = frozenset({Status.SENT, Status.FAILED, Status.GIVEN_UP, Status.DROPPED})
TABLE: Mapping[Status, frozenset[Status]] = {Status.WAITING: ENDS, **dict.fromkeys(ENDS, frozenset())}
MOVES = Moves(Delivery, "status", TABLE)


def end_delivery(pk: int, end: Delivery.Status, *, at: datetime, fault: str = "", reference: str = "") -> bool:
    """Whether it ended now: of two workers that were sure of it one writes."""
    return MOVES.write(pk, end, ended_at=at, fault=fault[:500], reference=reference[:100])
