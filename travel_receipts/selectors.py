"""Reads: the key that signs, the keys that verify, and the signed lists that a phone takes along."""

from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.db.models import Count, Max, Q

from lib import signed_cbor, travel_receipt
from lib.signed_cbor import Keys, seconds
from lib.travel_receipt import Verdict, Withdrawn
from travel_receipts.models import SigningKey, Why, WithdrawnReceipt

KEYS_PURPOSE = b"customs-portal travel keys 1"
LIST_PURPOSE = b"customs-portal travel list 1"
LIST_VERSION = 1
# A transaction that began before a list was made may write its row after it; none takes longer.
OVERLAP = timedelta(minutes=15)


class NoSigningKey(Exception):
    """There is no key that signs at this moment, or its file is not on this machine."""


def key_file(key_id: str) -> Path:
    """Where the private half lies."""
    return Path(settings.TRAVEL_KEYS_DIR) / f"{key_id}.pem"


def private_half(key: SigningKey) -> Ed25519PrivateKey | None:
    """The private half, if this machine has its file."""
    try:
        content = key_file(key.key_id).read_bytes()
    except FileNotFoundError:
        return None
    private = load_pem_private_key(content, password=None)
    if not isinstance(private, Ed25519PrivateKey) or signed_cbor.public_half(private).hex() != key.public:
        raise NoSigningKey(f"{key_file(key.key_id)} is another key")
    return private


def signing(*, at: datetime) -> Ed25519PrivateKey:
    """The private half of the newest key that signs at this instant."""
    keys = SigningKey.objects.filter(Q(signs_until=None) | Q(signs_until__gt=at), signs_from__lte=at, withdrawn_at=None)
    key = keys.order_by("-signs_from", "-pk").first()
    if key is None:
        raise NoSigningKey("no key signs now: manage.py travel_keys make")
    private = private_half(key)
    if private is None:
        raise NoSigningKey(f"{key_file(key.key_id)} is not here")
    return private


def known_keys() -> Keys:
    """Every key that ever signed or will, by its id."""
    return {bytes.fromhex(row.key_id): row.half for row in SigningKey.objects.all()}


def checked(text: str, *, at: datetime) -> Verdict:
    """Judge the text of a QR code by what the portal itself knows at this moment."""
    verdict = travel_receipt.check(text, keys=known_keys(), at=at)
    if verdict.receipt is None:
        return verdict
    this = travel_receipt.receipt_id(text)
    whys = set(WithdrawnReceipt.objects.filter(receipt_id=this.hex()).values_list("why", flat=True))
    ids = {why: frozenset({this} if why in whys else ()) for why in Why.values}
    withdrawn = Withdrawn(used=ids[Why.USED], revoked=ids[Why.REVOKED])
    return travel_receipt.check(text, keys=known_keys(), at=at, withdrawn=withdrawn)


# The lists ------------------------------------------------------------------------------------------------------
def minute(at: datetime) -> datetime:
    """The time that a list says: the whole minute before, so that everybody gets the same bytes within it."""
    return at.replace(second=0, microsecond=0)


def keys_list(*, at: datetime) -> bytes:
    """All public keys, signed by each key that may sign and whose private half is here: the old one and the next.

    So a phone that knows any of them can trust the list.
    """
    rows = list(SigningKey.objects.all())
    content = signed_cbor.written([LIST_VERSION, seconds(minute(at)), [_row(key) for key in rows]])
    halves = [half for key in rows if key.withdrawn_at is None and (half := private_half(key))]
    messages = [signed_cbor.sealed(content, purpose=KEYS_PURPOSE, by=half) for half in halves]
    if not messages:
        raise NoSigningKey("no key is here: manage.py travel_keys make")
    cut, head = signed_cbor.KEY_ID_BYTES, signed_cbor.HEAD_BYTES
    return signed_cbor.written([content, [[message[:cut], message[cut:head]] for message in messages]])


def _row(key: SigningKey) -> list[object]:
    ends = [seconds(instant) if instant else 0 for instant in (key.signs_until, key.withdrawn_at)]
    return [bytes.fromhex(key.key_id), bytes.fromhex(key.public), seconds(key.signs_from), *ends]


def withdrawn_list(*, since: datetime | None, at: datetime) -> bytes:
    """The receipts that were used or revoked and would count otherwise: all, or those that came after `since`."""
    rows = WithdrawnReceipt.objects.still_valid(at=minute(at))
    if since is not None:
        rows = rows.filter(at__gte=since - OVERLAP)
    ids: dict[str, list[str]] = {why: [] for why in Why.values}
    for receipt_id, why in rows.values_list("receipt_id", "why"):
        ids[why].append(receipt_id)
    packed = [bytes.fromhex("".join(sorted(ids[why]))) for why in (Why.USED, Why.REVOKED)]
    begin = seconds(since) if since else 0
    content = signed_cbor.written([LIST_VERSION, seconds(minute(at)), begin, *packed])
    return signed_cbor.sealed(content, purpose=LIST_PURPOSE, by=signing(at=at))


def lists_tag(*, at: datetime) -> str:
    """Changes when a list would: with the minute, a row or a key."""
    rows = WithdrawnReceipt.objects.aggregate(last=Max("pk"))
    keys = SigningKey.objects.aggregate(keys=Count("pk"), ends=Count("signs_until"), gone=Count("withdrawn_at"))
    return "-".join(str(part or 0) for part in (seconds(minute(at)), rows["last"], *keys.values()))
