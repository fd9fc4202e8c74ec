"""The verbs of travellers' declarations. Each is one transaction, locks the declaration first, writes its history."""

from passengers.services.border import (
    correct,
    examine,
    keep_goods,
    present,
    release,
    retain,
    return_goods,
)
from passengers.services.drafts import begin, keep_photo, save_part
from passengers.services.ending import cancel
from passengers.services.history import lock, record
from passengers.services.money import note_paid
from passengers.services.submit import looked_at, submit

__all__ = [
    "begin",
    "cancel",
    "correct",
    "examine",
    "keep_goods",
    "keep_photo",
    "lock",
    "looked_at",
    "note_paid",
    "present",
    "record",
    "release",
    "retain",
    "return_goods",
    "save_part",
    "submit",
]
