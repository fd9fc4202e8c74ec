"""Small signed messages: canonical CBOR under Ed25519, and the public keys that they are read with.

A message is KEY ID (4 bytes) + SIGNATURE (64 bytes) + CONTENT. What is signed is the purpose, a zero byte, the key id
and the content, so that a message made for one purpose is nothing for another. Nothing of the content is parsed before
its signature was found right.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KEY_ID_BYTES, SIGNATURE_BYTES = 4, 64
HEAD_BYTES = KEY_ID_BYTES + SIGNATURE_BYTES
LARGEST = 2**53 - 1  # beyond it a script in a browser counts wrong


class NotCanonical(ValueError):
    """The bytes are not the one canonical CBOR of whole numbers, bytes, texts and arrays."""


@dataclass(frozen=True)
class PublicKey:
    """Who may have signed. A key signs from one instant until another (none: further notice); it verifies for ever,
    unless it was withdrawn: then somebody else may have it, and nothing that it signed counts."""

    public: bytes
    signs_from: datetime
    signs_until: datetime | None = None
    withdrawn_at: datetime | None = None

    @property
    def key_id(self) -> bytes:
        return key_id(self.public)


Keys = Mapping[bytes, PublicKey]


def key_id(public: bytes) -> bytes:
    """By what a message names its key."""
    return hashlib.sha256(public).digest()[:KEY_ID_BYTES]


def public_half(private: Ed25519PrivateKey) -> bytes:
    return private.public_key().public_bytes_raw()


def sealed(content: bytes, *, purpose: bytes, by: Ed25519PrivateKey) -> bytes:
    """The message: key id, signature, content."""
    key = key_id(public_half(by))
    return key + by.sign(_signed(content, purpose=purpose, key=key)) + content


def is_genuine(message: bytes, *, purpose: bytes, public: bytes) -> bool:
    """Whether the key with this public half signed the message for this purpose."""
    key, signature, content = message[:KEY_ID_BYTES], message[KEY_ID_BYTES:HEAD_BYTES], message[HEAD_BYTES:]
    return signature_fits(_signed(content, purpose=purpose, key=key), signature=signature, public=public)


def signature_fits(signed: bytes, *, signature: bytes, public: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def _signed(content: bytes, *, purpose: bytes, key: bytes) -> bytes:
    return purpose + b"\0" + key + content


def written(value: object) -> bytes:
    """Canonical CBOR: the shortest form of each length and number (RFC 8949, 4.2)."""
    return cbor2.dumps(value, canonical=True)


def read(content: bytes) -> object:
    """What canonical CBOR says. Whole numbers up to 2^53 - 1, bytes, texts and arrays alone: no tag, map, float."""
    try:
        value = cbor2.loads(content)
        same = _is_plain(value) and written(value) == content
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError) as unreadable:
        raise NotCanonical from unreadable
    if not same:
        raise NotCanonical
    return value


def _is_plain(value: object) -> bool:
    if type(value) is int:
        return 0 <= value <= LARGEST
    if type(value) is list:
        return all(map(_is_plain, value))
    return type(value) in (bytes, str)


def seconds(at: datetime) -> int:
    """An instant as whole seconds since 1970."""
    return int(at.timestamp())


def instant(number: int) -> datetime:
    return datetime.fromtimestamp(number, UTC)
