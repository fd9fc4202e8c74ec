"""The browser's door to money: accounts, paying a declaration, the way to the bank and back."""

from payments.views.accounts import move, overview, receipt, statement, top_up
from payments.views.bank import ask, bank_callback, returned
from payments.views.pay import find, pay
from payments.views.statements import statement_file
from payments.views.travel import travel_money, travel_paid, travel_pay

__all__ = [
    "ask",
    "bank_callback",
    "find",
    "move",
    "overview",
    "pay",
    "receipt",
    "returned",
    "statement",
    "statement_file",
    "top_up",
    "travel_money",
    "travel_paid",
    "travel_pay",
]
