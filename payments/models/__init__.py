"""Tables of money: accounts and the ledger, what the bank's page brings, and what the bank's statements say."""

from payments.models.closing import BooksCheck, Closing, ClosingOffice, Difference, DifferenceNote
from payments.models.incoming import BankEntry, BankFile, BankStatement, RefusedCallbacks, SuspenseItem
from payments.models.money import (
    Account,
    Attempt,
    Callback,
    Entry,
    GuaranteeFreed,
    LimitChange,
    Payment,
    Posting,
    Receipt,
    Reservation,
)
from payments.models.revenue import Revenue, RevenueChart, RevenueDay
from payments.models.travel import TravelAttempt, TravelPayment, TravelRefund

__all__ = [
    "Account",
    "Attempt",
    "BankEntry",
    "BankFile",
    "BankStatement",
    "BooksCheck",
    "Callback",
    "Closing",
    "ClosingOffice",
    "Difference",
    "DifferenceNote",
    "Entry",
    "GuaranteeFreed",
    "LimitChange",
    "Payment",
    "Posting",
    "Receipt",
    "RefusedCallbacks",
    "Reservation",
    "Revenue",
    "RevenueChart",
    "RevenueDay",
    "SuspenseItem",
    "TravelAttempt",
    "TravelPayment",
    "TravelRefund",
]
