"""The browser's door to money: accounts, paying a declaration, the way to the bank and back."""

from payments.views.accounts import move, overview, receipt, statement, top_up
from payments.views.auto import auto_payment
from payments.views.bank import ask, bank_callback, returned
from payments.views.cashier import bank_file, bank_file_content, bank_files, cashier
from payments.views.deferred import deferred_statement, deferred_statement_paper
from payments.views.desk_tables import bank_file_table, desk_table
from payments.views.due import due
from payments.views.entries import entry
from payments.views.links import link_paid, link_pay, link_receipt, pay_link_make, pay_link_withdraw
from payments.views.pay import find, pay
from payments.views.split import split
from payments.views.statements import statement_file
from payments.views.suspense import suspense_item, suspense_verb
from payments.views.travel import travel_money, travel_paid, travel_pay

__all__ = [
    "ask",
    "auto_payment",
    "bank_callback",
    "bank_file",
    "bank_file_content",
    "bank_file_table",
    "bank_files",
    "cashier",
    "deferred_statement",
    "deferred_statement_paper",
    "desk_table",
    "due",
    "entry",
    "find",
    "link_paid",
    "link_pay",
    "link_receipt",
    "move",
    "overview",
    "pay",
    "pay_link_make",
    "pay_link_withdraw",
    "receipt",
    "returned",
    "split",
    "statement",
    "statement_file",
    "suspense_item",
    "suspense_verb",
    "top_up",
    "travel_money",
    "travel_paid",
    "travel_pay",
]
