"""The browser's door to money: accounts, paying a declaration, the way to the bank and back."""

from payments.views.accounts import move, overview, receipt, statement, top_up
from payments.views.bank import ask, bank_callback, returned
from payments.views.cashier import bank_file, bank_file_content, bank_files, cashier
from payments.views.desk_tables import bank_file_table, desk_table
from payments.views.pay import find, pay
from payments.views.statements import statement_file
from payments.views.suspense import suspense_item, suspense_verb
from payments.views.travel import travel_link, travel_money, travel_paid, travel_pay

__all__ = [
    "ask",
    "bank_callback",
    "bank_file",
    "bank_file_content",
    "bank_file_table",
    "bank_files",
    "cashier",
    "desk_table",
    "find",
    "move",
    "overview",
    "pay",
    "receipt",
    "returned",
    "statement",
    "statement_file",
    "suspense_item",
    "suspense_verb",
    "top_up",
    "travel_link",
    "travel_money",
    "travel_paid",
    "travel_pay",
]
