"""A provider of the shape that many banks have: the payer is redirected with a signed address, nothing is asked before.

Amounts are whole numbers of the currency's smallest unit. A message is a form whose `sign` is HMAC-SHA256 over its
other fields, sorted, one `name=value` on a line; `time` (seconds since 1970) is one of them. An answer is JSON whose
signature stands in its head.
"""

import hashlib
import hmac
import json
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings

from lib.signature import FRESH_SECONDS
from payments.providers.base import LONGEST_ANSWER, TIMEOUT_SECONDS, BankUnreachable, Notice, Order, Started, Unreadable
from tariffs.selectors import currencies

SIGN_HEADER = "X-Sign"
STATES = {"new": "pending", "held": "pending", "paid": "succeeded", "declined": "failed", "absent": "unknown"}
_UNITS, _TIME = re.compile(r"[0-9]{1,15}"), re.compile(r"[0-9]{1,12}")
_PAYMENT = re.compile(r"[!-~]{1,60}")
_MOST_FIELDS = 40


def signed(fields: Mapping[str, str]) -> str:
    """The signature of a form, in hexadecimal."""
    return signature_of("\n".join(f"{name}={fields[name]}" for name in sorted(fields) if name != "sign").encode())


def signature_of(content: bytes) -> str:
    return hmac.new(settings.BANK_SECRET.encode(), content, hashlib.sha256).hexdigest()


class Redirect:
    """A `Provider` reached at `BANK_URL` under the name `BANK_MERCHANT`."""

    def start(self, order: Order, *, at: datetime) -> Started:
        fields = self._fields(
            at,
            order=order.reference,
            amount=_units(order.amount, order.currency),
            currency=order.currency,
            description=order.text,
            language=order.language,
            return_url=order.return_url,
            notify_url=order.callback_url,
        )
        return Started(bank_reference=order.reference, url=f"{_address('/checkout')}?{urlencode(fields)}")

    def ask(self, *, reference: str, at: datetime) -> list[Notice]:
        answer = _open(_address("/api/orders") + "?" + urlencode(self._fields(at, order=reference)))
        try:
            notices = [_notice_of({str(key): str(value) for key, value in each.items()}) for each in answer["payments"]]
        except (KeyError, TypeError, AttributeError, Unreadable) as error:
            raise BankUnreachable("The answer could not be understood.") from error
        return notices or [Notice(reference=reference, status="unknown")]

    def refund(self, *, reference: str, refund: str, amount: Decimal, currency: str, at: datetime) -> None:
        fields = self._fields(
            at, order=reference, refund=refund, amount=_units(amount, currency), currency=currency
        )  # fmt: skip
        answer = _open(_address("/api/refunds"), urlencode(fields).encode())
        if answer.get("refund") != refund or answer.get("state") != "done":
            raise BankUnreachable("The bank has not sent the money back.")

    def is_genuine(self, body: bytes, headers: Mapping[str, str], *, at: datetime) -> bool:
        try:
            fields = _form(body)
        except Unreadable:
            return False
        time, sign = fields.get("time", ""), fields.get("sign", "")
        if not settings.BANK_SECRET or not _TIME.fullmatch(time):
            return False
        genuine = hmac.compare_digest(signed(fields).encode(), sign.encode())
        ours = fields.get("merchant") == settings.BANK_MERCHANT
        return genuine and ours and abs(int(at.timestamp()) - int(time)) <= FRESH_SECONDS

    def read(self, body: bytes) -> Notice:
        return _notice_of(_form(body))

    def _fields(self, at: datetime, **fields: str) -> dict[str, str]:
        whole = {"merchant": settings.BANK_MERCHANT, "time": str(int(at.timestamp())), **fields}
        return {**whole, "sign": signed(whole)}


def _address(path: str) -> str:
    return str(settings.BANK_URL).rstrip("/") + path


def _units(amount: Decimal, currency: str) -> str:
    """An amount in the currency's smallest unit."""
    units = amount.scaleb(currencies().by_code[currency].decimals)
    assert units == units.to_integral_value(), "An amount for the bank has the decimals of its currency."
    return f"{int(units)}"


def _form(body: bytes) -> dict[str, str]:
    """A form that names each field once. Raises Unreadable."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict",
            max_num_fields=_MOST_FIELDS,
        )  # fmt: skip
    except ValueError as error:
        raise Unreadable("The body is no form.") from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Unreadable("A field is named twice.")
    return fields


def _notice_of(fields: Mapping[str, str]) -> Notice:
    reference, status = fields.get("order", ""), STATES.get(fields.get("state", ""), "")
    if not reference or not status:
        raise Unreadable("A notice needs an order and a state.")
    if status != "succeeded":
        return Notice(reference=reference, status=status)
    units, payment, currency = (fields.get(name, "") for name in ("amount", "payment_id", "currency"))
    if not _UNITS.fullmatch(units) or int(units) == 0 or not _PAYMENT.fullmatch(payment):
        raise Unreadable("Money that arrived needs a payment and an amount.")
    known = currencies().by_code.get(currency)
    if known is None:
        raise Unreadable("The currency is not known.")
    amount = Decimal(int(units)).scaleb(-known.decimals)
    return Notice(reference=reference, status=status, transaction=payment, amount=amount, currency=currency)


def _open(address: str, body: bytes | None = None) -> Mapping[str, Any]:
    request = urllib.request.Request(address, data=body)  # noqa: S310 - the address is the operator's setting
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            content = answer.read(LONGEST_ANSWER)
            sign = answer.headers.get(SIGN_HEADER, "")
    except (urllib.error.URLError, OSError) as error:
        raise BankUnreachable(str(error)) from error
    if not settings.BANK_SECRET or not hmac.compare_digest(signature_of(content).encode(), sign.encode()):
        raise BankUnreachable("The answer is not signed.")
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BankUnreachable("The answer is not JSON.") from error
    if not isinstance(parsed, dict):
        raise BankUnreachable("The answer is not an object.")
    return parsed
