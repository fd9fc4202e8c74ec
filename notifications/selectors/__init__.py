"""Reads of notifications: who is to be told of what, a person's inbox, and by which ways a person is told."""

from notifications.selectors.inbox import (
    Filters,
    choices_of,
    inbox,
    kinds_for,
    message_for,
    phone_of,
    unread_count,
)
from notifications.selectors.people import nobody_chose, supervisors_of
from notifications.selectors.waiting import (
    late_audits,
    late_cases,
    late_company_audits,
    mandates_ending,
    still_concerns,
)

__all__ = [
    "Filters", "choices_of", "inbox", "kinds_for", "late_audits", "late_cases", "late_company_audits",
    "mandates_ending", "message_for", "nobody_chose", "phone_of", "still_concerns", "supervisors_of", "unread_count",
]  # fmt: skip
