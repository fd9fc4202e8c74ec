"""The machine door to money: accounts and payments, the ways to pay, and what goes back."""

from payments.api.back import (
    BankAccountList,
    PayOutCancel,
    PayOutList,
    RefundDetail,
    RefundList,
    RefundOfDeclaration,
    RefundPaper,
    RefundPapers,
    RefundWithdraw,
)
from payments.api.guarantees import GuaranteeDetail, GuaranteeList
from payments.api.money import AccountList, PayDeclaration, PaymentList
from payments.api.ways import AutoPaymentSetting, DeferredStatementList, PayLinks, PayMany, PaySplit

__all__ = [
    "AccountList",
    "AutoPaymentSetting",
    "BankAccountList",
    "DeferredStatementList",
    "GuaranteeDetail",
    "GuaranteeList",
    "PayDeclaration",
    "PayLinks",
    "PayMany",
    "PayOutCancel",
    "PayOutList",
    "PaySplit",
    "PaymentList",
    "RefundDetail",
    "RefundList",
    "RefundOfDeclaration",
    "RefundPaper",
    "RefundPapers",
    "RefundWithdraw",
]
