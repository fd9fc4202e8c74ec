"""Travellers' declarations: the working copy, the versions that were submitted, and what each of them says."""

from passengers.models.declaration import Event, Photo, Status, TravelDeclaration
from passengers.models.receipt import TravelReceipt
from passengers.models.version import AllowanceUse, CashRow, Channel, Charge, Traveller, Vehicle, Version
from passengers.models.viewing import PassengerView

__all__ = [
    "AllowanceUse",
    "CashRow",
    "Channel",
    "Charge",
    "Event",
    "PassengerView",
    "Photo",
    "Status",
    "TravelDeclaration",
    "TravelReceipt",
    "Traveller",
    "Vehicle",
    "Version",
]
