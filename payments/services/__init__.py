"""The verbs of money. Each is one transaction; locks are taken in the order attempt, declaration, accounts by key."""

from payments.services.accounts import move, open_account, open_accounts, top_up
from payments.services.attempts import ask, ask_about_open_attempts, confirm, receive_callback, start_bank_payment
from payments.services.auto import pay_automatically, set_auto_payment
from payments.services.bank_accounts import (
    Particulars,
    add_bank_account,
    confirm_bank_account,
    confirm_by_paper,
    end_bank_account,
    refuse_bank_account,
)
from payments.services.bank_files import book_file, receive_file
from payments.services.books import ask_books_check, check_books, check_books_now
from payments.services.by_link import send_link_refund
from payments.services.calls import call_lost, call_overdue
from payments.services.closing import (
    ask_closing,
    assign_difference,
    close_day,
    close_days,
    compare_day,
    explain_difference,
)
from payments.services.deferred import (
    issue_statement,
    issue_statements,
    pay_statement,
    pay_statement_by_transfer,
    remind_of_statements,
)
from payments.services.guarantees import free_guarantee
from payments.services.holding import has_expired, hold_elsewhere
from payments.services.limits import ask_limit, confirm_limit, refuse_limit
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
from payments.services.papers_of_books import ask_closing_paper, issue_closing_paper, issue_deferred_paper
from payments.services.pay import pay_from_account, settle_if_nothing_due, usable
from payments.services.pay_outs import (
    approve_pay_out,
    cancel_pay_out,
    needs_two,
    order_pay_out,
    refuse_pay_out,
)
from payments.services.payment_files import make_payment_file, mark_file_sent, record_download, take_report
from payments.services.receipts import issue_receipt, issue_receipts
from payments.services.refunds import (
    Wanted,
    add_refund_paper,
    claim_refund,
    confirm_refund,
    propose_refund,
    send_back_refund,
    withdraw_refund,
)
from payments.services.returns import give_back
from payments.services.revenue import count_revenue
from payments.services.sending_back import explain_as_charges, explain_by_pay_out, send_to_sender
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
from payments.services.treasury import (
    Undertaking,
    add_guarantee_paper,
    agree_terms,
    enter_guarantee,
    propose_terms,
    refuse_terms,
    remind_of_guarantees,
)
from payments.services.versions import lock_newest, lock_with_stock

__all__ = [
    "MOST_AT_ONCE",
    "Done",
    "Particulars",
    "Undertaking",
    "Wanted",
    "add_bank_account",
    "add_guarantee_paper",
    "add_refund_paper",
    "agree_terms",
    "allot",
    "approve_pay_out",
    "ask",
    "ask_about_open_attempts",
    "ask_about_travel",
    "ask_books_check",
    "ask_closing",
    "ask_closing_paper",
    "ask_limit",
    "ask_travel",
    "assign_difference",
    "book_file",
    "call_lost",
    "call_overdue",
    "cancel_pay_out",
    "check_books",
    "check_books_now",
    "claim_refund",
    "close_day",
    "close_days",
    "compare_day",
    "confirm",
    "confirm_allotment",
    "confirm_bank_account",
    "confirm_by_paper",
    "confirm_limit",
    "confirm_refund",
    "confirm_travel",
    "count_revenue",
    "drop_proposal",
    "end_bank_account",
    "enter_guarantee",
    "explain_as_charges",
    "explain_by_pay_out",
    "explain_difference",
    "free_guarantee",
    "give_back",
    "give_back_travel",
    "has_expired",
    "hold_elsewhere",
    "issue_closing_paper",
    "issue_deferred_paper",
    "issue_receipt",
    "issue_receipts",
    "issue_statement",
    "issue_statements",
    "link_address",
    "load_paying_rules",
    "lock_newest",
    "lock_with_stock",
    "make_link",
    "make_payment_file",
    "mark_file_sent",
    "move",
    "needs_second",
    "needs_two",
    "open_account",
    "open_accounts",
    "order_pay_out",
    "pay_automatically",
    "pay_from_account",
    "pay_many",
    "pay_split",
    "pay_statement",
    "pay_statement_by_transfer",
    "propose_refund",
    "propose_terms",
    "receive_callback",
    "receive_file",
    "record_download",
    "record_travel_attempt",
    "refuse_bank_account",
    "refuse_limit",
    "refuse_pay_out",
    "refuse_terms",
    "remind_of_guarantees",
    "remind_of_statements",
    "send_back_refund",
    "send_link_refund",
    "send_refund",
    "send_to_sender",
    "set_auto_payment",
    "settle_if_nothing_due",
    "settle_parts",
    "start_bank_payment",
    "start_bank_payment_of_many",
    "start_bank_payment_of_statement",
    "start_link_payment",
    "start_travel_payment",
    "take_report",
    "top_up",
    "usable",
    "withdraw_link",
    "withdraw_refund",
]
