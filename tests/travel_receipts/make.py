"""Receipts and keys for tests."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lib import base45, signed_cbor
from lib.signed_cbor import Keys, PublicKey
from lib.travel_receipt import PREFIX, Answer, Direction, Receipt

AT = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = PublicKey(signed_cbor.public_half(PRIVATE), signs_from=AT - timedelta(days=10))
KEYS: Keys = {PUBLIC.key_id: PUBLIC}
PAID = Receipt(
    reference="P26-7K3M-9TQX",
    answer=Answer.PAID,
    minor_units=1_234_567,
    decimals=2,
    currency="TJS",
    direction=Direction.ENTRY,
    post="TJ0101",
    issued_at=AT,
    valid_until=AT + timedelta(days=30),
    travellers=3,
    initials="Н. Р.",
    declaration=bytes(range(16)),
)


def receipt(**changes: Any) -> Receipt:
    return replace(PAID, **changes)


def changed_bytes(text: str) -> Iterator[tuple[int, str]]:
    """The text with a byte of its message changed, and the place of the byte: each bit, and some other changes."""
    message = bytearray(base45.decode(text.removeprefix(PREFIX)))
    for place, right in enumerate(message):
        for change in {*(1 << bit for bit in range(8)), *range(3 + place % 41, 256, 41)}:
            message[place] = right ^ change
            yield place, PREFIX + base45.encode(message)
        message[place] = right
