"""The verbs of money. Each is one transaction; locks are taken in the order attempt, declaration, accounts by key."""

from payments.services.accounts import move, open_account, open_accounts, top_up
from payments.services.attempts import ask, ask_about_open_attempts, confirm, receive_callback, start_bank_payment
from payments.services.bank_files import book_file, receive_file
from payments.services.books import ask_books_check, check_books, check_books_now
from payments.services.closing import (
    ask_closing,
    assign_difference,
    close_day,
    close_days,
    compare_day,
    explain_difference,
)
from payments.services.guarantees import free_guarantee
from payments.services.limits import ask_limit, confirm_limit, refuse_limit
from payments.services.pay import pay_from_account, settle_if_nothing_due
from payments.services.receipts import issue_receipt, issue_receipts
from payments.services.returns import give_back
from payments.services.revenue import count_revenue
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
    "ask_books_check",
    "ask_closing",
    "ask_limit",
    "ask_travel",
    "assign_difference",
    "book_file",
    "check_books",
    "check_books_now",
    "close_day",
    "close_days",
    "compare_day",
    "confirm",
    "confirm_allotment",
    "confirm_limit",
    "confirm_travel",
    "count_revenue",
    "drop_proposal",
    "explain_difference",
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
    "refuse_limit",
    "send_refund",
    "settle_if_nothing_due",
    "start_bank_payment",
    "start_travel_payment",
    "top_up",
]
