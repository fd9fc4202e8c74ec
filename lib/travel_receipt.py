"""A traveller's receipt in a QR code: read and judged without a line, here and in static/js/travel-receipt.js alike.

Text: "TR1:" and base45 of a signed message (`lib.signed_cbor`), at most 300 characters of a QR code's alphanumeric set.
Content: a CBOR array of the fields below, in that order and no other; a further field makes another version.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lib import base45, signed_cbor
from lib.signed_cbor import HEAD_BYTES, KEY_ID_BYTES, LARGEST, Keys, NotCanonical, instant, seconds

PREFIX = "TR1:"
OURS = re.compile(r"TR[0-9]{1,2}:")
MOST_CHARACTERS = 300
PURPOSE = b"customs-portal travel receipt 1"
VERSION = 1
FIELDS = 13
HASH_BYTES = 16
ID_BYTES = 8
MOST_TRAVELLERS = 999
MOST_DECIMALS = 4
MOST_INITIALS = 12
# How much earlier than the receipt the clock of a phone may be.
CLOCK_TOLERANCE = timedelta(hours=1)
LAST_SECOND = 253_402_300_799  # of the year 9999

_REFERENCE = re.compile(r"[A-Z0-9][A-Z0-9-]{3,19}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_POST = re.compile(r"[A-Z0-9]{2,8}")
# Control characters and signs that turn the direction of writing.
_UNSEEN = re.compile("[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


class Answer(IntEnum):
    """What customs answered to the declaration."""

    NOTHING_DUE = 0
    PAID = 1
    TO_BE_SEEN = 2
    RELEASED = 3


class Direction(IntEnum):
    ENTRY = 0
    EXIT = 1


class Outcome(StrEnum):
    """What the check of a text says. Every one but the first is a fault, the gravest first where several hold."""

    GENUINE = "genuine"
    FOREIGN = "foreign"  # no receipt of this portal: another QR code
    NEWER = "newer"  # of a later version than this reader knows
    DAMAGED = "damaged"  # not whole, too long or not written as receipts are
    UNKNOWN_KEY = "unknown_key"  # signed by nobody we know
    FORGED = "forged"  # the signature does not fit what it says: made up or altered
    KEY_WITHDRAWN = "key_withdrawn"  # somebody else may have the key that signed it
    OUT_OF_TERM = "out_of_term"  # issued when its key did not sign
    REVOKED = "revoked"
    USED = "used"
    EXPIRED = "expired"
    NOT_YET = "not_yet"  # issued in the future: the clock of the reader is wrong


@dataclass(frozen=True)
class Receipt:
    """What a receipt says. No name: initials at most. The sum is in the smallest unit of its currency."""

    reference: str
    answer: Answer
    minor_units: int
    decimals: int
    currency: str
    direction: Direction
    post: str
    issued_at: datetime
    valid_until: datetime
    travellers: int
    initials: str
    declaration: bytes  # the first 16 bytes of SHA-256 of its content as kept

    def __post_init__(self) -> None:
        if wrong := [name for name, is_right in self._shape().items() if not is_right]:
            raise ValueError(f"a receipt cannot say this: {', '.join(wrong)}")

    def _shape(self) -> dict[str, bool]:
        return {
            "reference": bool(_REFERENCE.fullmatch(self.reference)),
            "minor_units": 0 <= self.minor_units <= LARGEST,
            "decimals": 0 <= self.decimals <= MOST_DECIMALS,
            "currency": bool(_CURRENCY.fullmatch(self.currency)),
            "post": bool(_POST.fullmatch(self.post)),
            "issued_at": _is_instant(self.issued_at),
            "valid_until": _is_instant(self.valid_until) and self.valid_until >= self.issued_at,
            "travellers": 1 <= self.travellers <= MOST_TRAVELLERS,
            "initials": len(self.initials) <= MOST_INITIALS and not _UNSEEN.search(self.initials),
            "declaration": len(self.declaration) == HASH_BYTES,
        }

    def row(self) -> list[object]:
        """The fields in the order in which they are signed."""
        money = [self.minor_units, self.decimals, self.currency]
        way = [int(self.direction), self.post, seconds(self.issued_at), seconds(self.valid_until)]
        who = [self.travellers, self.initials, self.declaration]
        return [VERSION, self.reference, int(self.answer), *money, *way, *who]


@dataclass(frozen=True)
class Withdrawn:
    """The receipts that no longer count, by id: used at the border, or revoked (changed, paid back, cancelled)."""

    used: Collection[bytes] = frozenset()
    revoked: Collection[bytes] = frozenset()


NOTHING_WITHDRAWN = Withdrawn()


@dataclass(frozen=True)
class Verdict:
    """`receipt` is what a rightly signed text says, whatever else is wrong with it; what may be forged says nothing."""

    outcome: Outcome
    receipt: Receipt | None = None


def signed_text(receipt: Receipt, *, by: Ed25519PrivateKey) -> str:
    """The content of the QR code."""
    message = signed_cbor.sealed(signed_cbor.written(receipt.row()), purpose=PURPOSE, by=by)
    text = PREFIX + base45.encode(message)
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"a receipt of {len(text)} characters")
    return text


def receipt_id(text: str) -> bytes:
    """By what lists name a receipt: the beginning of its signature, of which there is only one for each content."""
    return base45.decode(text.removeprefix(PREFIX))[KEY_ID_BYTES : KEY_ID_BYTES + ID_BYTES]


def check(text: str, *, keys: Keys, at: datetime, withdrawn: Withdrawn = NOTHING_WITHDRAWN) -> Verdict:
    """Judge the text of a QR code as it was read. What somebody typed is trimmed by whoever asks."""
    if not (found := OURS.match(text)):
        return Verdict(Outcome.FOREIGN)
    if found[0] != PREFIX:
        return Verdict(Outcome.NEWER)
    if len(text) > MOST_CHARACTERS:
        return Verdict(Outcome.DAMAGED)
    try:
        message = base45.decode(text[len(PREFIX) :])
    except base45.NotBase45:
        return Verdict(Outcome.DAMAGED)
    if len(message) <= HEAD_BYTES:
        return Verdict(Outcome.DAMAGED)
    return _check_message(message, keys=keys, at=at, withdrawn=withdrawn)


def _check_message(message: bytes, *, keys: Keys, at: datetime, withdrawn: Withdrawn) -> Verdict:
    key = keys.get(message[:KEY_ID_BYTES])
    if key is None:
        return Verdict(Outcome.UNKNOWN_KEY)
    if not signed_cbor.is_genuine(message, purpose=PURPOSE, public=key.public):
        return Verdict(Outcome.FORGED)
    if key.withdrawn_at is not None:
        return Verdict(Outcome.KEY_WITHDRAWN)
    receipt = _read(message[HEAD_BYTES:])
    if receipt is None:
        return Verdict(Outcome.DAMAGED)
    this = message[KEY_ID_BYTES : KEY_ID_BYTES + ID_BYTES]
    faults = {
        Outcome.OUT_OF_TERM: receipt.issued_at < key.signs_from
        or (key.signs_until is not None and receipt.issued_at > key.signs_until),
        Outcome.REVOKED: this in withdrawn.revoked,
        Outcome.USED: this in withdrawn.used,
        Outcome.EXPIRED: at > receipt.valid_until,
        Outcome.NOT_YET: at < receipt.issued_at - CLOCK_TOLERANCE,
    }
    return Verdict(next((outcome for outcome, holds in faults.items() if holds), Outcome.GENUINE), receipt)


def _read(content: bytes) -> Receipt | None:
    """The receipt in signed bytes; None if its fields are not exactly those of this version, in their one spelling."""
    try:
        fields = signed_cbor.read(content)
    except NotCanonical:
        return None
    if type(fields) is not list or [type(field) for field in fields] != _KINDS or fields[0] != VERSION:
        return None
    (_version, reference, answer, minor_units, decimals, currency, direction, post, issued, until, *last) = fields
    if max(issued, until) > LAST_SECOND:
        return None
    try:
        return Receipt(
            reference, Answer(answer), minor_units, decimals, currency, Direction(direction), post, instant(issued),
            instant(until), *last,
        )  # fmt: skip
    except ValueError:
        return None


_KINDS: list[type] = [int, str, int, int, int, str, int, str, int, int, int, str, bytes]
assert len(_KINDS) == FIELDS


def _is_instant(at: datetime) -> bool:
    """Whole seconds with a time zone, from 1970 to 9999."""
    return at.tzinfo is not None and at.microsecond == 0 and datetime(1970, 1, 1, tzinfo=UTC) <= at


def initials(*names: str) -> str:
    """The first letter of each name, with the marks that belong to it: "Н. Р." of Назарова Рухшона. At most three."""
    first = (_first_letter(unicodedata.normalize("NFC", name)) for name in names)
    return " ".join(f"{letter.upper()}." for letter in first if letter)[:MOST_INITIALS].strip()


def _first_letter(name: str) -> str:
    start = next((place for place, sign in enumerate(name) if unicodedata.category(sign)[0] == "L"), None)
    if start is None:
        return ""
    end = start + 1
    while end < len(name) and unicodedata.category(name[end])[0] == "M" and end - start < 2:
        end += 1
    return name[start:end]
