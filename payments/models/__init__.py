"""Tables of money: accounts and ledger, the bank's page, its statements, claims of refunds, and what is paid out."""

from payments.models.closing import BooksCheck, Closing, ClosingOffice, Difference, DifferenceNote
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
from payments.models.payouts import BankAccount, MoneyEvent, PaymentFile, PayOut
from payments.models.refunds import MoneyPaper, RefundClaim, RefundLine
from payments.models.revenue import Revenue, RevenueChart, RevenueDay
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
    "BankAccount",
    "BankEntry",
    "BankFile",
    "BankStatement",
    "BooksCheck",
    "Callback",
    "Closing",
    "ClosingOffice",
    "DeferredNotice",
    "DeferredStatement",
    "Difference",
    "DifferenceNote",
    "Entry",
    "Guarantee",
    "GuaranteeCall",
    "GuaranteeFreed",
    "GuaranteePaper",
    "GuaranteeReminder",
    "GuaranteeTerms",
    "LimitChange",
    "LinkRefund",
    "MoneyEvent",
    "MoneyPaper",
    "PayLink",
    "PayOut",
    "PayingRule",
    "Payment",
    "PaymentFile",
    "Posting",
    "Receipt",
    "RefundClaim",
    "RefundLine",
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
