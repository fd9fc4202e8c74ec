"""The row lock that every verb takes first, what may still be changed, and history that changes no status."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from lib.violations import refuse
from passengers.models import Event, Status, TravelDeclaration

# Until it is presented, the traveller changes what was sent as often as wanted.
OPEN = (Status.DRAFT, Status.SUBMITTED, Status.TO_PAY, Status.PAID)


def lock(pk: int) -> TravelDeclaration:
    """The declaration, locked until the transaction ends."""
    found: TravelDeclaration = TravelDeclaration.objects.select_for_update().get(pk=pk)
    return found


def is_open(declaration: TravelDeclaration) -> bool:
    """Whether the traveller may still change it."""
    return declaration.status in OPEN and declaration.presented_at is None


def lock_open(pk: int) -> TravelDeclaration:
    """The declaration, locked. Raises Rejected where it was presented or has ended."""
    locked = lock(pk)
    if not is_open(locked):
        raise refuse("G010", "", _("This declaration was presented or has ended: it can no longer be changed."))
    return locked


def record(
    declaration: TravelDeclaration,
    *,
    verb: str,
    by: User | None,
    at: datetime,
    note: str = "",
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Write a row of history that leaves the status as it is."""
    event: Event = Event.objects.create(
        declaration=declaration,
        at=at,
        by=by,
        verb=verb,
        old_status=declaration.status,
        new_status=declaration.status,
        note=note,
        data=dict(data or {}),
    )
    return event
