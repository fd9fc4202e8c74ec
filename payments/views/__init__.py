"""The browser's door to money: accounts, paying a declaration, the way to the bank and back."""

from payments.views.accounts import move, overview, receipt, statement, top_up
from payments.views.bank import ask, bank_callback, returned
from payments.views.cashier import bank_file, bank_file_content, bank_files, cashier
from payments.views.desk_tables import bank_file_table, desk_table
from payments.views.guarantees import (
    add_paper,
    call_guarantee,
    decide_terms,
    enter_guarantee,
    guarantee,
    guarantee_paper,
    guarantees,
    guarantees_table,
    hold_elsewhere,
    propose_terms,
)
from payments.views.pay import find, pay
from payments.views.statements import statement_file
from payments.views.suspense import suspense_item, suspense_verb
from payments.views.travel import travel_money, travel_paid, travel_pay

__all__ = [
    "add_paper",
    "ask",
    "bank_callback",
    "bank_file",
    "bank_file_content",
    "bank_file_table",
    "bank_files",
    "call_guarantee",
    "cashier",
    "decide_terms",
    "desk_table",
    "enter_guarantee",
    "find",
    "guarantee",
    "guarantee_paper",
    "guarantees",
    "guarantees_table",
    "hold_elsewhere",
    "move",
    "overview",
    "pay",
    "propose_terms",
    "receipt",
    "returned",
    "statement",
    "statement_file",
    "suspense_item",
    "suspense_verb",
    "top_up",
    "travel_money",
    "travel_paid",
    "travel_pay",
]
