"""What happens to a lodged declaration on its way: paid, released, gone. Called by the later desks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.services.followups import announce
from declarations.models import Declaration, Status
from declarations.services import stock
from declarations.services.history import lock
from declarations.states import Step, may_become, transition, walk


@transaction.atomic
def mark_paid(declaration: Declaration, *, by: User | None, at: datetime) -> Declaration:
    """Everything due is paid or secured. Raises WrongStatus unless it is assessed."""
    locked = lock(declaration.pk)
    transition(locked, Status.PAID, verb="pay", by=by, at=at)
    announce("declaration.paid", locked.pk)
    return locked


@transaction.atomic
def mark_released(declaration: Declaration, *, by: User | None, at: datetime, note: str = "") -> Declaration:
    """The goods may leave: what they drew on stock is discharged, what enters a procedure becomes stock.

    Raises WrongStatus unless it is paid.
    """
    locked = lock(declaration.pk)
    transition(locked, Status.RELEASED, verb="release", by=by, at=at, note=note)
    stock.open_accounts(locked, at=at)
    stock.discharge(locked, by=by, at=at)
    announce("declaration.released", locked.pk)
    return locked


@transaction.atomic
def mark_exited(
    declaration: Declaration, *, by: User, at: datetime, note: str = "", data: Mapping[str, Any] | None = None
) -> Declaration:
    """The goods have left the country. Raises WrongStatus unless it is released.

    What a re-export drew from stock under suspension is discharged here, in the same transaction.
    """
    locked = lock(declaration.pk)
    transition(locked, Status.EXITED, verb="exit", by=by, at=at, note=note, data=data)
    stock.discharge(locked, by=by, at=at)
    announce("declaration.exited", locked.pk)
    return locked


def stand_again(declaration: Declaration, *, at: datetime) -> Declaration:
    """A correction after release is settled: its version stands where the one before it stood."""
    locked = lock(declaration.pk)
    assert locked.stands_as, "only a correction after release stands again"
    steps = [Step(Status.RELEASED, "stand_again")]
    if locked.stands_as == Status.EXITED:
        steps.append(Step(Status.EXITED, "exit_again"))
    walk(locked, steps, by=None, at=at, filling={})
    stock.discharge(locked, by=None, at=at)
    return locked


def may_be_amended(declaration: Declaration) -> bool:
    """Whether a new version can still take its place, before release or after it."""
    return may_become(declaration, Status.SUPERSEDED)


def may_be_cancelled(declaration: Declaration) -> bool:
    """Whether it is not too late."""
    return may_become(declaration, Status.CANCELLED) and not declaration.stands_as
