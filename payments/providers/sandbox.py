"""The sandbox bank's machine door: every message is JSON whose signature stands in the head of the request."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from lib.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, headers, is_genuine
from payments.providers.base import LONGEST_ANSWER, TIMEOUT_SECONDS, BankUnreachable, Notice, Order, Started, Unreadable

# Digits with at most one point: no exponent, no sign, no digits of other scripts. The currency's decimals are judged
# where the amount is booked.
_AMOUNT = re.compile(r"[0-9]{1,13}(\.[0-9]{1,12})?")
_TRANSACTION = re.compile(r"[!-~]{1,60}")
_CURRENCY = re.compile(r"[A-Z]{3}")


class Sandbox:
    """A `Provider` that starts payments by a call of its own and tells their end by a signed call-back."""

    def start(self, order: Order, *, at: datetime) -> Started:
        said = {"message": "start", **asdict(order), "amount": f"{order.amount:f}"}
        answer = _send("/api/payments/", said, at=at)
        url, bank_reference = str(answer.get("url", "")), str(answer.get("payment", ""))
        if not bank_reference or urlsplit(url)[:2] != urlsplit(settings.BANK_URL)[:2]:
            raise BankUnreachable("The answer names no page of the bank.")
        return Started(bank_reference=bank_reference[:60], url=url)

    def ask(self, *, reference: str, at: datetime) -> list[Notice]:
        answer = _send("/api/payments/status/", {"message": "status", "reference": reference}, at=at)
        try:
            return [_notice_of(each) for each in answer["notices"]]
        except (KeyError, TypeError, Unreadable) as error:
            raise BankUnreachable("The answer could not be understood.") from error

    def refund(self, *, reference: str, refund: str, amount: Decimal, currency: str, at: datetime) -> None:
        said = {
            "message": "refund", "reference": reference, "refund": refund, "amount": f"{amount:f}",
            "currency": currency,
        }  # fmt: skip
        answer = _send("/api/payments/refund/", said, at=at)
        if answer.get("refund") != refund or answer.get("status") != "done":
            raise BankUnreachable("The bank has not sent the money back.")

    def is_genuine(self, body: bytes, headers: Mapping[str, str], *, at: datetime) -> bool:
        return is_genuine(
            body,
            timestamp=headers.get(TIMESTAMP_HEADER, ""),
            signature=headers.get(SIGNATURE_HEADER, ""),
            secret=settings.BANK_SECRET,
            now=int(at.timestamp()),
        )

    def read(self, body: bytes) -> Notice:
        try:
            return _notice_of(json.loads(body))
        except (ValueError, RecursionError) as error:
            raise Unreadable("The body is not a notice in JSON.") from error


def _notice_of(content: Any) -> Notice:
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
            content = json.loads(answer.read(LONGEST_ANSWER))
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise BankUnreachable(str(error)) from error
    if not isinstance(content, dict):
        raise BankUnreachable("The answer is not an object.")
    return content
