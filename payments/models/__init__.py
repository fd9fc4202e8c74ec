"""Tables of money: accounts and the ledger, what the bank's page brings, and what the bank's statements say."""

from payments.models.guarantees import (
    Guarantee,
    GuaranteeCall,
    GuaranteeFreed,
    GuaranteePaper,
    GuaranteeReminder,
    GuaranteeTerms,
)
from payments.models.incoming import BankEntry, BankFile, BankStatement, RefusedCallbacks, SuspenseItem
from payments.models.money import (
    Account,
    Attempt,
    Callback,
    Entry,
    LimitChange,
    Payment,
    Posting,
    Receipt,
    Reservation,
)
from payments.models.travel import TravelAttempt, TravelPayment, TravelRefund

__all__ = [
    "Account",
    "Attempt",
    "BankEntry",
    "BankFile",
    "BankStatement",
    "Callback",
    "Entry",
    "Guarantee",
    "GuaranteeCall",
    "GuaranteeFreed",
    "GuaranteePaper",
    "GuaranteeReminder",
    "GuaranteeTerms",
    "LimitChange",
    "Payment",
    "Posting",
    "Receipt",
    "RefusedCallbacks",
    "Reservation",
    "SuspenseItem",
    "TravelAttempt",
    "TravelPayment",
    "TravelRefund",
]
