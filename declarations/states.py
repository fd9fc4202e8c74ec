"""The legal position of a declaration: which changes of status there are, and the one place that writes it.

`transition` does not know why a status changes; it refuses a change that is not in the table or that another
transaction made first.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import User
from declarations.models import Declaration, Event, Status
from lib.moves import Moves

TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.LODGED}),
    Status.LODGED: frozenset({Status.ASSESSED}),
    Status.ASSESSED: frozenset({Status.PAID, Status.REJECTED, Status.CANCELLED, Status.SUPERSEDED}),
    Status.PAID: frozenset({Status.RELEASED, Status.REJECTED, Status.CANCELLED, Status.SUPERSEDED}),
    Status.RELEASED: frozenset({Status.EXITED}),
    Status.EXITED: frozenset(),
    Status.REJECTED: frozenset(),
    Status.CANCELLED: frozenset(),
    Status.SUPERSEDED: frozenset(),
}

MOVES = Moves(Declaration, "status", TRANSITIONS)


class WrongStatus(Exception):
    """The declaration is not in a status from which this change is possible."""


def may_become(declaration: Declaration, new: Status) -> bool:
    """Whether the table knows the way from the declaration's status to `new`."""
    return MOVES.may(declaration.status, new)


def transition(
    declaration: Declaration,
    new: Status,
    *,
    verb: str,
    by: User | None,
    at: datetime,
    note: str = "",
    data: Mapping[str, Any] | None = None,
    filling: Mapping[str, Any] | None = None,
) -> Event:
    """Change the status and write the row of history; `filling` are columns that become known with this step.

    Raises WrongStatus if the table does not allow the change or the row's status is no longer the one in hand.
    """
    old = Status(declaration.status)
    if not may_become(declaration, new):
        raise WrongStatus(f"{declaration.pk}: {old} cannot become {new}")
    filled = dict(filling or {})
    if not MOVES.write(declaration.pk, new, only_from=[old], updated_at=at, **filled):
        raise WrongStatus(f"{declaration.pk} is no longer {old}")
    for name, value in filled.items():
        setattr(declaration, name, value)
    declaration.status = new
    return Event.objects.create(
        declaration=declaration,
        at=at,
        by=by,
        verb=verb,
        old_status=old,
        new_status=new,
        note=note,
        data=dict(data or {}),
    )
