"""Verbs of notifications: telling of an event, sending what waits, reading, and choosing by which ways one is told."""

from notifications.services.audits import (
    audit_closed,
    audit_planned,
    company_audit_closed,
    company_audit_notified,
    tell_of_late_audits,
)
from notifications.services.back import (
    bank_account_added,
    pay_out_ended,
    refund_claimed,
    refund_decided,
    tell_of_late_refunds,
)
from notifications.services.choices import choose_ways
from notifications.services.companies import company_decided, mandate_given, mandate_revoked, tell_of_ending_mandates
from notifications.services.corrections import correction_decided, correction_sent, proposal_answered, proposal_made
from notifications.services.declarations import amended, assessed, cancelled, exited, rejected, released
from notifications.services.files import (
    allotted,
    file_kept_aside,
    question_answered,
    question_asked,
    reroute_asked,
    tell_of_late_files,
)
from notifications.services.guarantees import guarantee_called, guarantee_ending, guarantee_expired, levy_charged
from notifications.services.money import (
    deferred_notice,
    money_kept,
    paid,
    paid_automatically,
    payment_failed,
    receipt_issued,
)
from notifications.services.phones import ask_for_code, confirm_number, forget_number, send_code
from notifications.services.reading import read_all, read_message
from notifications.services.roles import role_given
from notifications.services.send import send_waiting
from notifications.services.stock import extension_decided, stock_due, stock_overdue

__all__ = [
    "allotted",
    "amended",
    "ask_for_code",
    "assessed",
    "audit_closed",
    "audit_planned",
    "bank_account_added",
    "cancelled",
    "choose_ways",
    "company_audit_closed",
    "company_audit_notified",
    "company_decided",
    "confirm_number",
    "correction_decided",
    "correction_sent",
    "deferred_notice",
    "exited",
    "extension_decided",
    "file_kept_aside",
    "forget_number",
    "guarantee_called",
    "guarantee_ending",
    "guarantee_expired",
    "levy_charged",
    "mandate_given",
    "mandate_revoked",
    "money_kept",
    "paid",
    "paid_automatically",
    "pay_out_ended",
    "payment_failed",
    "proposal_answered",
    "proposal_made",
    "question_answered",
    "question_asked",
    "read_all",
    "read_message",
    "receipt_issued",
    "refund_claimed",
    "refund_decided",
    "rejected",
    "released",
    "reroute_asked",
    "role_given",
    "send_code",
    "send_waiting",
    "stock_due",
    "stock_overdue",
    "tell_of_ending_mandates",
    "tell_of_late_audits",
    "tell_of_late_files",
    "tell_of_late_refunds",
]
