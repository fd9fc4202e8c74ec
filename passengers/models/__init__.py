"""Travellers' declarations: the working copy, the versions that were submitted, and what each of them says."""

from passengers.models.declaration import CROSSED, Event, Photo, Status, TravelDeclaration
from passengers.models.figures import TravelChart, TravelFigures
from passengers.models.leaving import CashOut, ClaimShare, ExitClaim
from passengers.models.levy import TravelLevy
from passengers.models.monitoring import CashExport
from passengers.models.receipt import TravelReceipt
from passengers.models.stay import StayConsequence, StayExtension, VehicleStay
from passengers.models.version import AllowanceUse, CashRow, Channel, Charge, Traveller, Vehicle, Version
from passengers.models.viewing import PassengerView

__all__ = [
    "CROSSED",
    "AllowanceUse",
    "CashExport",
    "CashOut",
    "CashRow",
    "Channel",
    "Charge",
    "ClaimShare",
    "Event",
    "ExitClaim",
    "PassengerView",
    "Photo",
    "Status",
    "StayConsequence",
    "StayExtension",
    "TravelChart",
    "TravelDeclaration",
    "TravelFigures",
    "TravelLevy",
    "TravelReceipt",
    "Traveller",
    "Vehicle",
    "VehicleStay",
    "Version",
]
