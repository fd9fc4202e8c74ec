"""The machine door to money: accounts, payments, and the ways to pay."""

from payments.api.paying import AccountList, PayDeclaration, PaymentList
from payments.api.ways import AutoPaymentSetting, DeferredStatementList, PayLinks, PayMany, PaySplit

__all__ = [
    "AccountList",
    "AutoPaymentSetting",
    "DeferredStatementList",
    "PayDeclaration",
    "PayLinks",
    "PayMany",
    "PaySplit",
    "PaymentList",
]
