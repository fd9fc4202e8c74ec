"""What payments tells: how much is booked for a declaration. Its status follows."""

from datetime import datetime
from decimal import Decimal

from passengers.models import Status, TravelDeclaration
from passengers.services.history import record
from passengers.states import transition


def note_paid(locked: TravelDeclaration, *, paid: Decimal, at: datetime) -> TravelDeclaration:
    """`paid` is all that is booked for it now. The caller holds the lock and the transaction.

    What is presented or has ended keeps its status; else a sum that is paid moves it on.
    """
    before, locked.paid = locked.paid, paid
    locked.save(update_fields=["paid"])
    data = {"before": str(before), "paid": str(paid)}
    if locked.status == Status.TO_PAY and locked.paid >= locked.payable:
        transition(locked, Status.PAID, verb="pay", by=None, at=at, data=data)
    else:
        record(locked, verb="pay" if paid > before else "money_back", by=None, at=at, data=data)
    return locked
