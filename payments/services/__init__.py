"""The verbs of money. Each is one transaction; locks are taken in the order attempt, declaration, accounts by key."""

from payments.services.accounts import move, open_account, open_accounts, set_limit, top_up
from payments.services.attempts import ask, ask_about_open_attempts, confirm, receive_callback, start_bank_payment
from payments.services.auto import pay_automatically, set_auto_payment
from payments.services.bank_files import book_file, receive_file
from payments.services.by_link import send_link_refund
from payments.services.deferred import (
    issue_statement,
    issue_statements,
    pay_statement,
    pay_statement_by_transfer,
    remind_of_statements,
)
from payments.services.guarantees import free_guarantee
from payments.services.links import link_address, make_link, start_link_payment, withdraw_link
from payments.services.load_rules import load_paying_rules
from payments.services.many import (
    MOST_AT_ONCE,
    Done,
    pay_many,
    settle_parts,
    start_bank_payment_of_many,
    start_bank_payment_of_statement,
)
from payments.services.pay import pay_from_account, settle_if_nothing_due, usable
from payments.services.receipts import issue_receipt, issue_receipts
from payments.services.returns import give_back
from payments.services.split import pay_split
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
    "MOST_AT_ONCE",
    "Done",
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
    "issue_statement",
    "issue_statements",
    "link_address",
    "load_paying_rules",
    "make_link",
    "move",
    "needs_second",
    "open_account",
    "open_accounts",
    "pay_automatically",
    "pay_from_account",
    "pay_many",
    "pay_split",
    "pay_statement",
    "pay_statement_by_transfer",
    "receive_callback",
    "receive_file",
    "record_travel_attempt",
    "remind_of_statements",
    "send_link_refund",
    "send_refund",
    "set_auto_payment",
    "set_limit",
    "settle_if_nothing_due",
    "settle_parts",
    "start_bank_payment",
    "start_bank_payment_of_many",
    "start_bank_payment_of_statement",
    "start_link_payment",
    "start_travel_payment",
    "top_up",
    "usable",
    "withdraw_link",
]
