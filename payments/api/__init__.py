"""The machine door to money: accounts and payments, and what goes back."""

from payments.api.back import (
    BankAccountList,
    PayOutCancel,
    PayOutList,
    RefundDetail,
    RefundList,
    RefundOfDeclaration,
    RefundWithdraw,
)
from payments.api.money import AccountList, PayDeclaration, PaymentList

__all__ = [
    "AccountList",
    "BankAccountList",
    "PayDeclaration",
    "PayOutCancel",
    "PayOutList",
    "PaymentList",
    "RefundDetail",
    "RefundList",
    "RefundOfDeclaration",
    "RefundWithdraw",
]
