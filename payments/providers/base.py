"""What a provider of a hosted payment page has to be able to do, and the values that pass between it and the verbs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from lib.figures import ZERO

TIMEOUT_SECONDS = 8
LONGEST_ANSWER = 100_000


class BankUnreachable(Exception):
    """The bank did not answer, or its answer could not be understood."""


class Unreadable(ValueError):
    """A message of the bank that lacks what it must say."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be paid: `reference` is ours, `text` is shown to the payer, `amount` has the currency's decimals."""

    reference: str
    amount: Decimal
    currency: str
    text: str
    language: str
    return_url: str
    callback_url: str


@dataclass(frozen=True, slots=True)
class Started:
    """The bank's name for the payment, and the page the payer goes to."""

    bank_reference: str
    url: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What the bank says about one of our references. `transaction` names money that moved; empty: none did."""

    reference: str
    status: str
    transaction: str = ""
    amount: Decimal = ZERO
    currency: str = ""


class Provider(Protocol):
    """A hosted payment page. Nothing here writes to our tables; what cannot be reached is BankUnreachable."""

    def start(self, order: Order, *, at: datetime) -> Started:
        """Begin a payment; the payer goes on to the page that is named."""

    def ask(self, *, reference: str, at: datetime) -> list[Notice]:
        """What the bank knows about our reference: one notice for each movement of money, or one with the status."""

    def refund(self, *, reference: str, refund: str, amount: Decimal, currency: str, at: datetime) -> None:
        """Send money back to the card, once for each `refund`; returns only if it was done."""

    def is_genuine(self, body: bytes, headers: Mapping[str, str], *, at: datetime) -> bool:
        """Whether a call-back was signed by the bank just now. Nothing else of it is judged."""

    def read(self, body: bytes) -> Notice:
        """The notice in the body of a genuine call-back. Raises Unreadable."""
