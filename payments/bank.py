"""The bank's hosted page, whoever provides it: start a payment, ask how one ended, read what a call-back says.

Which provider it is the setting `BANK_PROVIDER` says by name. Nothing here writes.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from payments.providers import chosen
from payments.providers.base import BankUnreachable, Notice, Order, Started, Unreadable

__all__ = [
    "BankUnreachable",
    "Notice",
    "Started",
    "Unreadable",
    "ask",
    "is_genuine",
    "read_callback",
    "refund",
    "start",
]


def start(*, at: datetime, **order: Any) -> Started:
    """Tell the bank what is to be paid, the fields of `providers.base.Order`. Raises BankUnreachable."""
    return chosen().start(Order(**order), at=at)


def ask(*, reference: str, at: datetime) -> list[Notice]:
    """What the bank knows about our reference: one notice for each movement of money, or one with the status."""
    return chosen().ask(reference=reference, at=at)


def refund(*, reference: str, refund: str, amount: Decimal, currency: str, at: datetime) -> None:
    """Send money of a payment back to its card, once for each `refund`. Raises BankUnreachable unless it was done."""
    chosen().refund(reference=reference, refund=refund, amount=amount, currency=currency, at=at)


def is_genuine(body: bytes, headers: Mapping[str, str], *, at: datetime) -> bool:
    """Whether a call-back was signed by the bank just now."""
    return chosen().is_genuine(body, headers, at=at)


def read_callback(body: bytes) -> Notice:
    """The notice in a call-back's body. Raises Unreadable."""
    return chosen().read(body)
