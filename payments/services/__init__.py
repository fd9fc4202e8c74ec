"""The verbs of money. Each is one transaction; locks are taken in the order attempt, declaration, accounts by key."""

from payments.services.accounts import move, open_account, open_accounts, set_limit, top_up
from payments.services.attempts import ask, ask_about_open_attempts, confirm, receive_callback, start_bank_payment
from payments.services.bank_files import book_file, receive_file
from payments.services.guarantees import free_guarantee
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

__all__ = [
    "allot",
    "ask",
    "ask_about_open_attempts",
    "ask_about_travel",
    "ask_travel",
    "book_file",
    "confirm",
    "confirm_allotment",
    "confirm_travel",
    "drop_proposal",
    "free_guarantee",
    "give_back",
    "give_back_travel",
    "issue_receipt",
    "issue_receipts",
    "move",
    "needs_second",
    "open_account",
    "open_accounts",
    "pay_from_account",
    "receive_callback",
    "receive_file",
    "record_travel_attempt",
    "send_refund",
    "set_limit",
    "settle_if_nothing_due",
    "start_bank_payment",
    "start_travel_payment",
    "top_up",
]
