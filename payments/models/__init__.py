"""Tables of money: accounts and the ledger, what the bank's page brings, and what the bank's statements say."""

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
from payments.models.travel import TravelAttempt, TravelPayment, TravelRefund
from payments.models.ways import (
    AttemptPart,
    AutoPaid,
    AutoPayment,
    DeferredNotice,
    DeferredStatement,
    LinkRefund,
    PayingRule,
    PayLink,
)

__all__ = [
    "Account",
    "Attempt",
    "AttemptPart",
    "AutoPaid",
    "AutoPayment",
    "BankEntry",
    "BankFile",
    "BankStatement",
    "Callback",
    "DeferredNotice",
    "DeferredStatement",
    "Entry",
    "GuaranteeFreed",
    "LimitChange",
    "LinkRefund",
    "PayLink",
    "PayingRule",
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
