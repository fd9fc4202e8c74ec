"""The signature on messages between portal and bank: HMAC-SHA256 over a timestamp and the body."""

import hashlib
import hmac

FRESH_SECONDS = 300
TIMESTAMP_HEADER = "X-Bank-Timestamp"
SIGNATURE_HEADER = "X-Bank-Signature"


def sign(body: bytes, *, timestamp: int, secret: str) -> str:
    """The signature, in hexadecimal."""
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def is_genuine(body: bytes, *, timestamp: str, signature: str, secret: str, now: int) -> bool:
    """Whether `signature` is right, compared in constant time, and at most five minutes old or early.

    An empty secret makes nothing genuine.
    """
    if not secret or not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    expected = sign(body, timestamp=int(timestamp), secret=secret)
    genuine = hmac.compare_digest(expected.encode(), signature.encode())
    return genuine and abs(now - int(timestamp)) <= FRESH_SECONDS


def headers(body: bytes, *, timestamp: int, secret: str) -> dict[str, str]:
    """The headers a signed JSON message carries."""
    return {
        "Content-Type": "application/json",
        TIMESTAMP_HEADER: str(timestamp),
        SIGNATURE_HEADER: sign(body, timestamp=timestamp, secret=secret),
    }
