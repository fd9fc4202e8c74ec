"""The verbs of travellers' declarations. Each is one transaction, locks the declaration first, writes its history."""

from passengers.content import read
from passengers.judgement import Answer, Finding
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
from passengers.services.history import is_open, lock, record
from passengers.services.money import levy, note_paid
from passengers.services.receipts import receipt_of
from passengers.services.submit import faults_of, looked_at, submit
from passengers.services.viewing import note_view

__all__ = [
    "Answer",
    "Finding",
    "begin",
    "cancel",
    "correct",
    "examine",
    "faults_of",
    "is_open",
    "keep_goods",
    "keep_photo",
    "levy",
    "lock",
    "looked_at",
    "note_paid",
    "note_view",
    "present",
    "read",
    "receipt_of",
    "record",
    "release",
    "retain",
    "return_goods",
    "save_part",
    "submit",
]
