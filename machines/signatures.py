"""Signatures of webhooks after "Standard Webhooks": an HMAC over id, instant and body, under the address's secret."""

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet
from django.conf import settings

BEGIN = "whsec_"


def new_secret() -> str:
    return BEGIN + base64.b64encode(secrets.token_bytes(32)).decode()


def sealed(secret: str) -> str:
    """As it is kept: only a process that knows `SECRET_KEY` can sign with it."""
    return _box().encrypt(secret.encode()).decode()


def opened(kept: str) -> str:
    """Raises cryptography's InvalidToken where `SECRET_KEY` is another by now."""
    return _box().decrypt(kept.encode()).decode()


def signature(secret: str, *, name: str, seconds: int, body: bytes) -> str:
    """The value of `webhook-signature`: the version and the HMAC-SHA256 in base64."""
    key = base64.b64decode(secret.removeprefix(BEGIN))
    made = hmac.new(key, f"{name}.{seconds}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(made).decode()}"


def _box() -> Fernet:
    key = hashlib.sha256(b"machines.signatures:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
