"""The verbs: a receipt is issued and withdrawn, a key is made, follows another, and is withdrawn."""

import os
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts.services import Act, record_act
from lib import signed_cbor, travel_receipt
from lib.travel_receipt import Outcome, Receipt
from travel_receipts.models import SigningKey, Why, WithdrawnReceipt
from travel_receipts.selectors import key_file, known_keys, signing


class NotOurs(ValueError):
    """The text is no receipt that this portal signed."""


def issue(receipt: Receipt, *, at: datetime) -> str:
    """Sign a receipt with the key of this moment: the text of its QR code, which whoever asks keeps."""
    return travel_receipt.signed_text(receipt, by=signing(at=at))


@transaction.atomic
def withdraw(text: str, *, why: Why, at: datetime) -> None:
    """The receipt does not count any more; a second time changes nothing. It is not taken back: issue another one."""
    verdict = travel_receipt.check(text, keys=known_keys(), at=at)
    if verdict.receipt is None:
        if verdict.outcome == Outcome.KEY_WITHDRAWN:
            return
        raise NotOurs(verdict.outcome)
    row = WithdrawnReceipt(
        receipt_id=travel_receipt.receipt_id(text).hex(), why=why, valid_until=verdict.receipt.valid_until, at=at
    )
    WithdrawnReceipt.objects.bulk_create([row], ignore_conflicts=True)


@transaction.atomic
def make_key(*, signs_from: datetime, at: datetime) -> SigningKey:
    """A new key, public from now on, that signs from an instant not yet past; the one before it ends there.

    The file comes first: a file without its row is harmless.
    """
    begin = max(signs_from, at).replace(microsecond=0)
    private = Ed25519PrivateKey.generate()
    public = signed_cbor.public_half(private)
    key = SigningKey(key_id=signed_cbor.key_id(public).hex(), public=public.hex(), signs_from=begin, made_at=at)
    open_keys = SigningKey.objects.select_for_update().filter(Q(signs_until=None) | Q(signs_until__gt=key.signs_from))
    for former in open_keys:
        former.signs_until = max(former.signs_from, key.signs_from)
        former.save(update_fields=["signs_until"])
    _write(key_file(key.key_id), private)
    key.save(force_insert=True)
    record_act(Act.KEY_MADE, about=key.key_id, by=None, at=at)
    return key


@transaction.atomic
def withdraw_key(key_id: str, *, at: datetime) -> SigningKey:
    """Somebody else may have the key: nothing that it signed counts any more. Its file goes away after the commit."""
    key = SigningKey.objects.select_for_update().get(key_id=key_id)
    if key.withdrawn_at is None:
        key.withdrawn_at = at
        if key.signs_until is None or key.signs_until > at:
            key.signs_until = max(at, key.signs_from)
        key.save(update_fields=["signs_until", "withdrawn_at"])
        record_act(Act.KEY_WITHDRAWN, about=key.key_id, by=None, at=at)
    transaction.on_commit(lambda: key_file(key_id).unlink(missing_ok=True))
    return key


def _write(path: Path, private: Ed25519PrivateKey) -> None:
    """The private half, readable by the portal's own user alone, whole or not at all."""
    Path(settings.TRAVEL_KEYS_DIR).mkdir(mode=0o700, parents=True, exist_ok=True)
    content = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    unfinished = path.with_suffix(".new")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
