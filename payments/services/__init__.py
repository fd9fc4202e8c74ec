"""The verbs of money. Each is one transaction; locks are taken in the order attempt, declaration, accounts by key."""

from payments.services.accounts import move, open_account, open_accounts, set_limit, top_up
from payments.services.attempts import ask, ask_about_open_attempts, confirm, receive_callback, start_bank_payment
from payments.services.bank_files import book_file, receive_file
from payments.services.calls import call_lost, call_overdue
from payments.services.guarantees import free_guarantee
from payments.services.holding import has_expired, hold_elsewhere
from payments.services.pay import pay_from_account, settle_if_nothing_due
from payments.services.receipts import issue_receipt, issue_receipts
from payments.services.returns import give_back
from payments.services.suspense import allot, confirm_allotment, drop_proposal, needs_second
from payments.services.travel import (
    ask_about_travel,
    ask_travel,
    confirm_travel,
    give_back_travel,
    record_travel_attempt,
    send_refund,
    start_travel_payment,
)
from payments.services.treasury import (
    Undertaking,
    add_guarantee_paper,
    agree_terms,
    enter_guarantee,
    propose_terms,
    refuse_terms,
    remind_of_guarantees,
)

__all__ = [
    "Undertaking",
    "add_guarantee_paper",
    "agree_terms",
    "allot",
    "ask",
    "ask_about_open_attempts",
    "ask_about_travel",
    "ask_travel",
    "book_file",
    "call_lost",
    "call_overdue",
    "confirm",
    "confirm_allotment",
    "confirm_travel",
    "drop_proposal",
    "enter_guarantee",
    "free_guarantee",
    "give_back",
    "give_back_travel",
    "has_expired",
    "hold_elsewhere",
    "issue_receipt",
    "issue_receipts",
    "move",
    "needs_second",
    "open_account",
    "open_accounts",
    "pay_from_account",
    "propose_terms",
    "receive_callback",
    "receive_file",
    "record_travel_attempt",
    "refuse_terms",
    "remind_of_guarantees",
    "send_refund",
    "set_limit",
    "settle_if_nothing_due",
    "start_bank_payment",
    "start_travel_payment",
    "top_up",
]
