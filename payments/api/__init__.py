"""The machine door to money: accounts and payments, and what goes back."""

from payments.api.money import AccountList, PayDeclaration, PaymentList

__all__ = ["AccountList", "PayDeclaration", "PaymentList"]
