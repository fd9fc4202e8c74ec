"""What becomes of a webhook that is sent, and the one place that writes it. Only `machines.services` asks."""

from lib.moves import Moves
from machines.models import Sending

Status = Sending.Status
MOVES = Moves(
    Sending,
    "status",
    {
        Status.WAITING: frozenset({Status.SENT, Status.GIVEN_UP}),
        Status.SENT: frozenset({Status.WAITING}),  # by hand: it is sent again
        Status.GIVEN_UP: frozenset({Status.WAITING}),
    },
)
