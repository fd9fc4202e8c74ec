"""The bank's machine door: start a payment at its hosted page, ask how one ended, read what its call-back says.

Every message is signed JSON over HTTP. Nothing here writes; what cannot be read or reached is an exception.
"""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from lib.figures import ZERO
from lib.signature import headers

TIMEOUT_SECONDS = 8
_LONGEST_ANSWER = 100_000
# Digits with at most one point: no exponent, no sign, no digits of other scripts. The currency's decimals are judged
# where the amount is booked.
_AMOUNT = re.compile(r"[0-9]{1,13}(\.[0-9]{1,12})?")
_TRANSACTION = re.compile(r"[!-~]{1,60}")
_CURRENCY = re.compile(r"[A-Z]{3}")


class BankUnreachable(Exception):
    """The bank did not answer, or its answer could not be understood."""


class Unreadable(ValueError):
    """A message of the bank that lacks what it must say."""


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


def start(
    *,
    reference: str,
    amount: Decimal,
    currency: str,
    text: str,
    language: str,
    return_url: str,
    callback_url: str,
    at: datetime,
) -> Started:
    """Tell the bank what is to be paid. Raises BankUnreachable."""
    answer = _send(
        "/api/payments/",
        {
            "message": "start",
            "reference": reference,
            "amount": f"{amount:f}",
            "currency": currency,
            "text": text,
            "language": language,
            "return_url": return_url,
            "callback_url": callback_url,
        },
        at=at,
    )
    url, bank_reference = str(answer.get("url", "")), str(answer.get("payment", ""))
    if not bank_reference or urlsplit(url)[:2] != urlsplit(settings.BANK_URL)[:2]:
        raise BankUnreachable("The answer names no page of the bank.")
    return Started(bank_reference=bank_reference[:60], url=url)


def ask(*, reference: str, at: datetime) -> list[Notice]:
    """What the bank knows about our reference: one notice for each movement of money, or one with the status."""
    answer = _send("/api/payments/status/", {"message": "status", "reference": reference}, at=at)
    try:
        return [notice_of(each) for each in answer["notices"]]
    except (KeyError, TypeError, Unreadable) as error:
        raise BankUnreachable("The answer could not be understood.") from error


def refund(*, reference: str, refund: str, amount: Decimal, currency: str, at: datetime) -> None:
    """Send money of a payment back to its card, once for each `refund`. Raises BankUnreachable unless it was done."""
    answer = _send(
        "/api/payments/refund/",
        {"message": "refund", "reference": reference, "refund": refund, "amount": f"{amount:f}", "currency": currency},
        at=at,
    )
    if answer.get("refund") != refund or answer.get("status") != "done":
        raise BankUnreachable("The bank has not sent the money back.")


def read_callback(body: bytes) -> Notice:
    """The notice in a call-back's body. Raises Unreadable."""
    try:
        return notice_of(json.loads(body))
    except (ValueError, RecursionError) as error:
        raise Unreadable("The body is not a notice in JSON.") from error


def notice_of(content: Any) -> Notice:
    """A notice from parsed JSON. Raises Unreadable."""
    if not isinstance(content, dict) or content.get("message") != "payment":
        raise Unreadable("Not a notice about a payment.")
    reference, status = str(content.get("reference", "")), str(content.get("status", ""))
    if not reference or status not in ("pending", "succeeded", "failed", "unknown"):
        raise Unreadable("A notice needs a reference and a status.")
    if status != "succeeded":
        return Notice(reference=reference, status=status)
    text, transaction, currency = (str(content.get(name, "")) for name in ("amount", "transaction", "currency"))
    if not _AMOUNT.fullmatch(text) or Decimal(text) == 0:
        raise Unreadable("The amount cannot be read.")
    if not _TRANSACTION.fullmatch(transaction) or not _CURRENCY.fullmatch(currency):
        raise Unreadable("Money that arrived needs a transaction, an amount and a currency.")
    return Notice(reference=reference, status=status, transaction=transaction, amount=Decimal(text), currency=currency)


def _send(path: str, content: Mapping[str, str], *, at: datetime) -> Mapping[str, Any]:
    body = json.dumps(content).encode()
    request = urllib.request.Request(  # noqa: S310 - the address is the operator's setting
        settings.BANK_URL.rstrip("/") + path,
        data=body,
        headers=headers(body, timestamp=int(at.timestamp()), secret=settings.BANK_SECRET),
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            content = json.loads(answer.read(_LONGEST_ANSWER))
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise BankUnreachable(str(error)) from error
    if not isinstance(content, dict):
        raise BankUnreachable("The answer is not an object.")
    return content
