"""The browser's door to money: accounts, paying a declaration, the way to the bank and back."""

from payments.views.accounts import move, overview, receipt, statement, top_up
from payments.views.auto import auto_payment
from payments.views.back import (
    bank_account,
    bank_account_verb,
    bank_accounts,
    money_back,
    money_paper,
    pay_out,
    pay_out_new,
    pay_out_verb,
    refund_claim,
    refund_claim_new,
    refund_claim_verb,
)
from payments.views.back_desk import (
    back_desk,
    back_table,
    payment_file,
    payment_file_content,
    payment_file_make,
    payment_file_report,
    payment_file_sent,
    payment_file_table,
    suspense_back,
    suspense_explain,
)
from payments.views.bank import ask, bank_callback, returned
from payments.views.books import books, check_books, entries, entry
from payments.views.cashier import bank_file, bank_file_content, bank_files, cashier
from payments.views.closing import ask_closing, close_day, closing, closing_paper, closings, difference_verb
from payments.views.deferred import deferred_statement, deferred_statement_paper
from payments.views.desk_tables import bank_file_table, desk_table
from payments.views.due import due
from payments.views.guarantees import (
    add_paper,
    call_guarantee,
    decide_terms,
    enter_guarantee,
    guarantee,
    guarantee_holds,
    guarantee_paper,
    guarantees,
    guarantees_table,
    hold_elsewhere,
    propose_terms,
)
from payments.views.links import link_paid, link_pay, link_receipt, pay_link_make, pay_link_withdraw
from payments.views.own_entries import own_entry
from payments.views.pay import find, pay
from payments.views.revenue import revenue, revenue_table
from payments.views.split import split
from payments.views.statements import statement_file
from payments.views.suspense import suspense_item, suspense_verb
from payments.views.travel import travel_link, travel_money, travel_paid, travel_pay
from payments.views.treasury import (
    treasury,
    treasury_account,
    treasury_accounts,
    treasury_limit,
    treasury_limit_verb,
    treasury_limits,
    treasury_suspense,
)
from payments.views.treasury_tables import account_table, closing_table, treasury_table

__all__ = [
    "account_table",
    "add_paper",
    "ask",
    "ask_closing",
    "auto_payment",
    "back_desk",
    "back_table",
    "bank_account",
    "bank_account_verb",
    "bank_accounts",
    "bank_callback",
    "bank_file",
    "bank_file_content",
    "bank_file_table",
    "bank_files",
    "books",
    "call_guarantee",
    "cashier",
    "check_books",
    "close_day",
    "closing",
    "closing_paper",
    "closing_table",
    "closings",
    "decide_terms",
    "deferred_statement",
    "deferred_statement_paper",
    "desk_table",
    "difference_verb",
    "due",
    "enter_guarantee",
    "entries",
    "entry",
    "find",
    "guarantee",
    "guarantee_holds",
    "guarantee_paper",
    "guarantees",
    "guarantees_table",
    "hold_elsewhere",
    "link_paid",
    "link_pay",
    "link_receipt",
    "money_back",
    "money_paper",
    "move",
    "overview",
    "own_entry",
    "pay",
    "pay_link_make",
    "pay_link_withdraw",
    "pay_out",
    "pay_out_new",
    "pay_out_verb",
    "payment_file",
    "payment_file_content",
    "payment_file_make",
    "payment_file_report",
    "payment_file_sent",
    "payment_file_table",
    "propose_terms",
    "receipt",
    "refund_claim",
    "refund_claim_new",
    "refund_claim_verb",
    "returned",
    "revenue",
    "revenue_table",
    "split",
    "statement",
    "statement_file",
    "suspense_back",
    "suspense_explain",
    "suspense_item",
    "suspense_verb",
    "top_up",
    "travel_link",
    "travel_money",
    "travel_paid",
    "travel_pay",
    "treasury",
    "treasury_account",
    "treasury_accounts",
    "treasury_limit",
    "treasury_limit_verb",
    "treasury_limits",
    "treasury_suspense",
    "treasury_table",
]
