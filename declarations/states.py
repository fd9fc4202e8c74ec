"""The legal position of a declaration: which changes of status there are, and the one place that writes it.

`transition` does not know why a status changes; it refuses a change that is not in the table or that another
transaction made first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import User
from declarations.models import (
    Declaration,
    Event,
    Levy,
    Penalty,
    Status,
    StockWriteOff,
    StoredFile,
    TermExtension,
    UploadedFile,
)
from lib.bulk import insert_rows
from lib.moves import Moves

TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.LODGED}),
    Status.LODGED: frozenset({Status.ASSESSED}),
    Status.ASSESSED: frozenset({Status.PAID, Status.REJECTED, Status.CANCELLED, Status.SUPERSEDED}),
    Status.PAID: frozenset({Status.RELEASED, Status.REJECTED, Status.CANCELLED, Status.SUPERSEDED}),
    Status.RELEASED: frozenset({Status.EXITED, Status.SUPERSEDED}),
    Status.EXITED: frozenset({Status.SUPERSEDED}),
    Status.REJECTED: frozenset(),
    Status.CANCELLED: frozenset(),
    Status.SUPERSEDED: frozenset(),
}

MOVES = Moves(Declaration, "status", TRANSITIONS)
EXTENSION = Moves(
    TermExtension,
    "status",
    {
        TermExtension.Status.ASKED: frozenset({TermExtension.Status.GRANTED, TermExtension.Status.REFUSED}),
        TermExtension.Status.GRANTED: frozenset(),
        TermExtension.Status.REFUSED: frozenset(),
    },
)
WRITE_OFF = Moves(
    StockWriteOff,
    "status",
    {
        StockWriteOff.Status.RECORDED: frozenset({StockWriteOff.Status.CONFIRMED, StockWriteOff.Status.REJECTED}),
        StockWriteOff.Status.CONFIRMED: frozenset(),
        StockWriteOff.Status.REJECTED: frozenset(),
    },
)
UPLOADED = Moves(
    UploadedFile,
    "status",
    {
        UploadedFile.Status.WAITING: frozenset({UploadedFile.Status.DRAFTED, UploadedFile.Status.REFUSED}),
        UploadedFile.Status.DRAFTED: frozenset(),
        UploadedFile.Status.REFUSED: frozenset(),
    },
)
PENALTY = Moves(
    Penalty,
    "status",
    {
        Penalty.Status.STANDING: frozenset({Penalty.Status.CONTESTED}),
        Penalty.Status.CONTESTED: frozenset({Penalty.Status.UPHELD, Penalty.Status.DROPPED}),
        Penalty.Status.UPHELD: frozenset(),
        Penalty.Status.DROPPED: frozenset(),
    },
)
LEVY = Moves(
    Levy,
    "status",
    {
        Levy.Status.OWED: frozenset({Levy.Status.DROPPED}),
        Levy.Status.DROPPED: frozenset(),
    },
)
SAFETY = Moves(
    StoredFile,
    "safety",
    {
        StoredFile.Safety.WAITING: frozenset({StoredFile.Safety.CLEAN, StoredFile.Safety.FOUND}),
        StoredFile.Safety.UNCHECKED: frozenset(),
        StoredFile.Safety.CLEAN: frozenset(),
        StoredFile.Safety.FOUND: frozenset(),
    },
)


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
    if not may_become(declaration, new):
        raise WrongStatus(f"{declaration.pk}: {declaration.status} cannot become {new}")
    made = Step(new, verb, note=note, data=data or {})
    return walk(declaration, [made], by=by, at=at, filling=filling or {})[0]


@dataclass(frozen=True, slots=True)
class Step:
    """A change of status with what its row of history says."""

    new: Status
    verb: str
    note: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


def walk(
    declaration: Declaration, steps: Sequence[Step], *, by: User | None, at: datetime, filling: Mapping[str, Any]
) -> list[Event]:
    """Take several steps by one statement, each with its row of history. Raises WrongStatus as `transition` does."""
    path = [Status(declaration.status), *(step.new for step in steps)]
    if not MOVES.write_path(declaration.pk, path, updated_at=at, **filling):
        raise WrongStatus(f"{declaration.pk} is no longer {path[0]}")
    for name, value in filling.items():
        setattr(declaration, name, value)
    declaration.status = path[-1]
    events = [
        Event(
            declaration=declaration,
            at=at,
            by=by,
            verb=step.verb,
            old_status=old,
            new_status=step.new,
            note=step.note,
            data=dict(step.data),
        )
        for old, step in zip(path, steps, strict=False)
    ]
    insert_rows(events)
    return events
