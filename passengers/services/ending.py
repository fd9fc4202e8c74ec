"""The traveller withdraws a declaration before it is presented; what was paid goes back to the card."""

from datetime import datetime

from django.db import transaction

from accounts.services.followups import announce
from passengers.models import Status, TravelDeclaration
from passengers.services.history import lock_open
from passengers.services.receipts import withdraw_receipts
from passengers.states import transition
from travel_receipts.models import Why


@transaction.atomic
def cancel(declaration: TravelDeclaration, *, at: datetime) -> TravelDeclaration:
    """Withdraw it. Raises Rejected where it was presented or has ended."""
    locked = lock_open(declaration.pk)
    transition(locked, Status.CANCELLED, verb="cancel", by=None, at=at, filling={"closed_at": at})
    withdraw_receipts(locked, why=Why.REVOKED, at=at)
    if locked.paid:
        announce("travel.overpaid", locked.pk)
    return locked
