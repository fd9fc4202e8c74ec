"""Money of a declaration: what payments tells is booked (its status follows), and what is charged afterwards."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from accounts.models import User
from passengers.models import Status, TravelDeclaration, TravelLevy
from passengers.services.history import record
from passengers.states import transition


def levy(locked: TravelDeclaration, *, by: User, at: datetime, **charged: Any) -> TravelLevy:
    """Charge a sum with what explains it (the fields of the model). The caller holds the lock and the transaction."""
    made: TravelLevy = TravelLevy.objects.create(declaration=locked, by=by, at=at, **charged)
    data = {"tax": made.tax_code, "amount": str(made.amount), "formula": made.formula}
    record(locked, verb="levy", by=by, at=at, data=data)
    return made


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
