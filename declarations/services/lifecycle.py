"""What happens to a lodged declaration on its way: paid, released. Called by the later desks."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.services.followups import announce
from declarations.models import Declaration, Status
from declarations.services import stock
from declarations.services.history import lock
from declarations.states import may_become, transition


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


def may_be_cancelled(declaration: Declaration) -> bool:
    """Whether it is not too late."""
    return may_become(declaration, Status.CANCELLED)
