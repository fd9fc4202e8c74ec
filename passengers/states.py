"""The way of a traveller's declaration: a table of moves and the one place that writes the status.

What is changed before it is presented goes between SUBMITTED, TO_PAY and PAID as the sum it owes does. Once presented
and corrected, the goods may be looked at again: a correction may be mistaken too.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import User
from lib.moves import Moves
from passengers.models import (
    CROSSED,
    CashExport,
    Event,
    ExitClaim,
    Status,
    StayExtension,
    TravelDeclaration,
    VehicleStay,
)

_ENDS = frozenset(CROSSED)
MOVES = Moves(
    TravelDeclaration,
    "status",
    {
        Status.DRAFT: frozenset({Status.SUBMITTED, Status.CANCELLED}),
        Status.SUBMITTED: frozenset({Status.TO_PAY, Status.PRESENTED, Status.CANCELLED}),
        Status.TO_PAY: frozenset(
            {
                *(Status.PAID, Status.SUBMITTED, Status.PRESENTED, Status.EXAMINED, Status.CANCELLED),
                *(_ENDS - {Status.RELEASED}),
            }
        ),
        Status.PAID: frozenset(
            {Status.SUBMITTED, Status.TO_PAY, Status.PRESENTED, Status.CANCELLED, Status.RELEASED, Status.EXAMINED}
        ),
        Status.PRESENTED: frozenset({Status.EXAMINED, Status.RELEASED}),
        Status.EXAMINED: frozenset({Status.CORRECTED, *_ENDS}),
        Status.CORRECTED: frozenset({Status.TO_PAY, Status.EXAMINED, *_ENDS}),
        **{end: frozenset() for end in (*_ENDS, Status.CANCELLED)},
    },
)


class WrongStatus(Exception):
    """The declaration is not in a status from which this change is possible."""


def may_become(declaration: TravelDeclaration, new: Status) -> bool:
    return MOVES.may(declaration.status, new)


def transition(
    declaration: TravelDeclaration,
    new: Status,
    *,
    verb: str,
    by: User | None,
    at: datetime,
    note: str = "",
    data: Mapping[str, Any] | None = None,
    filling: Mapping[str, Any] | None = None,
) -> Event:
    """Change the status, fill columns that become known with this step, and write the row of history.

    Raises WrongStatus if the table does not allow the change or the row is no longer in the status in hand.
    """
    old, columns = declaration.status, dict(filling or {})
    if not MOVES.may(old, new) or not MOVES.write(declaration.pk, new, only_from=[old], updated_at=at, **columns):
        raise WrongStatus(f"{declaration.pk}: {old} cannot become {new}")
    for name, value in columns.items():
        setattr(declaration, name, value)
    declaration.status, declaration.updated_at = new, at
    event: Event = Event.objects.create(
        declaration=declaration,
        at=at,
        by=by,
        verb=verb,
        old_status=old,
        new_status=new,
        note=note,
        data=dict(data or {}),
    )
    return event


# What stands beside a declaration ---------------------------------------------------------------------------------
_HERE, _LEFT, _CONVERTED = VehicleStay.Status.HERE, VehicleStay.Status.LEFT, VehicleStay.Status.CONVERTED
STAYS = Moves(
    VehicleStay,
    "status",
    {_HERE: frozenset({_LEFT, _CONVERTED}), _LEFT: frozenset(), _CONVERTED: frozenset()},
)
_Outcome = StayExtension.Outcome
EXTENSIONS = Moves(
    StayExtension,
    "outcome",
    {
        _Outcome.OPEN: frozenset({_Outcome.GRANTED, _Outcome.REFUSED}),
        _Outcome.GRANTED: frozenset(),
        _Outcome.REFUSED: frozenset(),
    },
)
_Claim = ExitClaim.Status
CLAIMS = Moves(
    ExitClaim,
    "status",
    {
        _Claim.CLAIMED: frozenset({_Claim.CONFIRMED, _Claim.REFUSED}),
        _Claim.CONFIRMED: frozenset(),
        _Claim.REFUSED: frozenset(),
    },
)
_Export = CashExport.Status
EXPORTS = Moves(
    CashExport,
    "status",
    {
        _Export.WAITING: frozenset({_Export.DONE, _Export.FAILED}),
        _Export.DONE: frozenset(),
        _Export.FAILED: frozenset(),
    },
)


def move(moves: Moves, row: Any, new: str, **filling: Any) -> None:
    """Move a stay, an extension, a claim or a file on, once. Raises WrongStatus where somebody was first."""
    if not moves.write(row.pk, new, **filling):
        raise WrongStatus(f"{row._meta.label} {row.pk}: {getattr(row, moves.field)} cannot become {new}")
    row.refresh_from_db()
