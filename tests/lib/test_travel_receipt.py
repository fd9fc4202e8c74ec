"""The receipt in a QR code: what is signed is read back, and nothing else is taken for it."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import cbor2
import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from lib import base45, signed_cbor, travel_receipt
from lib.travel_receipt import Answer, Direction, Outcome, Receipt, Withdrawn, check, initials, receipt_id, signed_text
from tests.travel_receipts.make import AT, KEYS, PAID, PRIVATE, PUBLIC, changed_bytes

TEXT = signed_text(PAID, by=PRIVATE)
LETTERS = st.characters(categories=["L", "M", "N"])
moments = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
moments = moments.map(lambda at: at.replace(microsecond=0))
terms = st.tuples(moments, moments).map(sorted)
receipts = st.builds(
    lambda term, **rest: Receipt(issued_at=term[0], valid_until=term[1], **rest),
    term=terms,
    reference=st.from_regex(r"[A-Z0-9][A-Z0-9-]{3,19}", fullmatch=True),
    answer=st.sampled_from(Answer),
    minor_units=st.integers(0, signed_cbor.LARGEST),
    decimals=st.integers(0, 4),
    currency=st.from_regex(r"[A-Z]{3}", fullmatch=True),
    direction=st.sampled_from(Direction),
    post=st.from_regex(r"[A-Z0-9]{2,8}", fullmatch=True),
    travellers=st.integers(1, 999),
    initials=st.text(st.one_of(LETTERS, st.sampled_from(". ")), max_size=12),
    declaration=st.binary(min_size=16, max_size=16),
)


def outcome(text: str, *, at: datetime = AT, **options: Any) -> Outcome:
    return check(text, at=at, **{"keys": KEYS, **options}).outcome


def signed(value: object) -> str:
    """A text with a right signature over what no receipt says."""
    content = value if isinstance(value, bytes) else cbor2.dumps(value, canonical=True)
    message = signed_cbor.sealed(content, purpose=travel_receipt.PURPOSE, by=PRIVATE)
    return travel_receipt.PREFIX + base45.encode(message)


# Base45 ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "text"),
    [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0"), (b"", "")],
)
def test_base45_is_that_of_the_rfc(content: bytes, text: str) -> None:
    assert base45.encode(content) == text
    assert base45.decode(text) == content


@pytest.mark.parametrize("text", ["GGW", ":::", "A", "BB8A", "ZZ", "bb8", "BB8\n", "ЖЖЖ", "0é0"])
def test_base45_refuses_what_nobody_writes(text: str) -> None:
    with pytest.raises(base45.NotBase45):
        base45.decode(text)


@given(st.binary(max_size=300))
def test_base45_brings_back_any_bytes(content: bytes) -> None:
    assert base45.decode(base45.encode(content)) == content


@given(st.text(base45.ALPHABET, max_size=30))
def test_base45_has_one_spelling_for_each_content(text: str) -> None:
    try:
        content = base45.decode(text)
    except base45.NotBase45:
        return
    assert base45.encode(content) == text


# Signatures -----------------------------------------------------------------------------------------------------
def test_signatures_are_judged_as_the_published_vectors_say(shared_data: Path) -> None:
    groups = json.loads((shared_data / "signatures" / "ed25519_test.json").read_text())["testGroups"]
    seen = {"valid": 0, "invalid": 0}
    for group in groups:
        public = bytes.fromhex(group["publicKey"]["pk"])
        for test in group["tests"]:
            message, signature = bytes.fromhex(test["msg"]), bytes.fromhex(test["sig"])
            fits = signed_cbor.signature_fits(message, signature=signature, public=public)
            assert fits == (test["result"] == "valid"), test["tcId"]
            seen[test["result"]] += 1
    assert seen == {"valid": 88, "invalid": 63}


# What is signed is read back ------------------------------------------------------------------------------------
@given(receipts)
@settings(max_examples=60)
def test_a_receipt_is_read_back_as_it_was_signed(receipt: Receipt) -> None:
    text = signed_text(receipt, by=PRIVATE)
    assert len(text) <= 300
    verdict = check(text, keys={PUBLIC.key_id: replace(PUBLIC, signs_from=receipt.issued_at)}, at=receipt.valid_until)
    assert verdict == travel_receipt.Verdict(Outcome.GENUINE, receipt)


def test_the_longest_receipt_fits_into_300_characters_of_the_alphanumeric_set() -> None:
    longest = replace(
        PAID, reference="A" * 20, post="A" * 8, minor_units=signed_cbor.LARGEST, travellers=999, initials="𐌰" * 12
    )
    text = signed_text(longest, by=PRIVATE)
    assert check(text, keys=KEYS, at=AT).receipt == longest
    assert len(text) <= 300
    assert segno.make(text, error="m").mode == "alphanumeric"


def test_a_usual_receipt_is_about_two_hundred_characters() -> None:
    assert len(TEXT) < 220
    assert segno.make(TEXT, error="m").version <= 9


@pytest.mark.parametrize(
    "change",
    [
        {"reference": "p26"}, {"reference": "P26\n"}, {"currency": "TJ"}, {"post": ""}, {"minor_units": -1},
        {"minor_units": 2**53}, {"travellers": 0}, {"initials": "А\u202eБ"}, {"initials": "Назарова Рухшона"},
        {"declaration": b""}, {"valid_until": AT - timedelta(1)}, {"issued_at": AT.replace(tzinfo=None)},
        {"issued_at": AT.replace(microsecond=1)},
    ],
)  # fmt: skip
def test_a_receipt_that_could_not_be_read_is_not_made(change: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        replace(PAID, **change)


# What is no genuine receipt -------------------------------------------------------------------------------------
def test_a_change_of_any_byte_is_refused() -> None:
    """Each bit of each byte, and some of the other changes: all 35,000 take long and say nothing else."""
    for place, text in changed_bytes(TEXT):
        expected = Outcome.UNKNOWN_KEY if place < 4 else Outcome.FORGED
        assert outcome(text) == expected, (place, text)


def test_a_change_of_any_character_is_refused() -> None:
    others = [*base45.ALPHABET, "a", "é", "\n", ""]
    for place, right in enumerate(TEXT):
        for wrong in others[place % 7 :: 7]:
            if wrong != right:
                assert outcome(TEXT[:place] + wrong + TEXT[place + 1 :]) != Outcome.GENUINE, (place, wrong)


@given(st.one_of(st.text(max_size=320), st.text(base45.ALPHABET, max_size=320).map("TR1:".__add__)))
def test_no_text_breaks_the_check(text: str) -> None:
    assert outcome(text) in (Outcome.FOREIGN, Outcome.NEWER, Outcome.DAMAGED, Outcome.UNKNOWN_KEY)


@given(st.recursive(st.one_of(st.integers(), st.binary(), st.text(), st.floats(), st.none(), st.booleans(), st.dates()),
                    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.integers(), inner))))  # fmt: skip
@settings(max_examples=60)
def test_what_is_signed_but_no_receipt_is_damaged(value: object) -> None:
    text = signed(cbor2.dumps(value, timezone=UTC, date_as_datetime=True))
    assert outcome(text) == Outcome.DAMAGED


ROW = PAID.row()
NOT_CANONICAL = {
    "a number in a longer form": signed_cbor.written(ROW).replace(b"\x8d\x01", b"\x8d\x18\x01", 1),
    "an array without its length": b"\x9f" + signed_cbor.written(ROW)[1:] + b"\xff",
    "something behind the end": signed_cbor.written(ROW) + b"\x00",
    "cut off": signed_cbor.written(ROW)[:-1],
    "a tag around it": b"\xd9\xd9\xf7" + signed_cbor.written(ROW),
    "nested without end": b"\x81" * 120,
}


@pytest.mark.parametrize("content", NOT_CANONICAL.values(), ids=NOT_CANONICAL)
def test_only_canonical_cbor_is_read(content: bytes) -> None:
    assert outcome(signed(signed_cbor.written(ROW))) == Outcome.GENUINE
    assert outcome(signed(content)) == Outcome.DAMAGED


WRONG_ROWS = {
    "a field more": [*ROW, 1],
    "a field less": ROW[:-1],
    "a map": dict(enumerate(ROW)),
    "another version": [2, *ROW[1:]],
    "true for one": [True, *ROW[1:]],
    "an answer that nobody knows": [*ROW[:2], 4, *ROW[3:]],
    "a direction that nobody knows": [*ROW[:6], 2, *ROW[7:]],
    "a time beyond all calendars": [*ROW[:9], 2**52, *ROW[10:]],
    "valid until before it was issued": [*ROW[:9], 5, *ROW[10:]],
    "a hidden sign": [*ROW[:11], "А\u200f", ROW[12]],
    "a hash too short": [*ROW[:12], b"123"],
}


@pytest.mark.parametrize("row", WRONG_ROWS.values(), ids=WRONG_ROWS)
def test_a_receipt_has_its_fields_and_no_other(row: object) -> None:
    assert outcome(signed(row)) == Outcome.DAMAGED


def test_each_fault_has_its_own_answer() -> None:
    other = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
    day, this = timedelta(days=1), receipt_id(TEXT)
    withdrawn = replace(PUBLIC, withdrawn_at=AT)
    assert outcome(TEXT) == Outcome.GENUINE
    assert outcome("HTTPS://EXAMPLE.ORG") == Outcome.FOREIGN
    assert outcome("HC1:" + TEXT[4:]) == Outcome.FOREIGN
    assert outcome("TR2:" + TEXT[4:]) == Outcome.NEWER
    assert outcome(TEXT[:-1]) in (Outcome.DAMAGED, Outcome.FORGED)
    assert outcome(TEXT + "0" * 300) == Outcome.DAMAGED
    assert outcome("TR1:") == Outcome.DAMAGED
    assert outcome(signed_text(PAID, by=other)) == Outcome.UNKNOWN_KEY
    assert outcome(TEXT, keys={PUBLIC.key_id: withdrawn}) == Outcome.KEY_WITHDRAWN
    assert outcome(TEXT, keys={PUBLIC.key_id: replace(PUBLIC, signs_until=AT - day)}) == Outcome.OUT_OF_TERM
    assert outcome(TEXT, keys={PUBLIC.key_id: replace(PUBLIC, signs_from=AT + day)}) == Outcome.OUT_OF_TERM
    assert outcome(TEXT, withdrawn=Withdrawn(revoked={this}, used={this})) == Outcome.REVOKED
    assert outcome(TEXT, withdrawn=Withdrawn(used={this})) == Outcome.USED
    assert outcome(TEXT, at=AT + 31 * day) == Outcome.EXPIRED
    assert outcome(TEXT, at=AT - day) == Outcome.NOT_YET


def test_a_key_that_no_longer_signs_still_verifies() -> None:
    assert outcome(TEXT, keys={PUBLIC.key_id: replace(PUBLIC, signs_until=AT)}) == Outcome.GENUINE


def test_what_was_signed_for_another_purpose_is_no_receipt() -> None:
    message = signed_cbor.sealed(signed_cbor.written(ROW), purpose=b"customs-portal travel list 1", by=PRIVATE)
    assert outcome(travel_receipt.PREFIX + base45.encode(message)) == Outcome.FORGED


def test_what_may_be_forged_says_nothing() -> None:
    gone = {PUBLIC.key_id: replace(PUBLIC, withdrawn_at=AT)}
    assert check(TEXT, keys=gone, at=AT).receipt is None
    assert check(TEXT, keys=KEYS, at=AT + timedelta(days=60)).receipt == PAID


# Initials -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("names", "text"),
    [
        (("Назарова", "Рухшона"), "Н. Р."), (("O", ""), "O."), (("", ""), ""), (("ʻAbd", "n̈a"), "ʻ. N̈."),
        (("李", "小龙"), "李. 小."), (("'t Hooft", "G."), "T. G."), (("123", "ß"), "SS."),
    ],
)  # fmt: skip
def test_initials_are_first_letters_of_any_script(names: tuple[str, ...], text: str) -> None:
    assert initials(*names) == text


def test_initials_of_every_name_fit_into_a_receipt(shared_data: Path) -> None:
    names = (shared_data / "passengers" / "names.txt").read_text().splitlines()
    for name in filter(None, names):
        receipt = replace(PAID, initials=initials(*name.split("\t")))
        assert check(signed_text(receipt, by=PRIVATE), keys=KEYS, at=AT).receipt == receipt
        assert name not in receipt.initials or len(name) == 1


# The phone's libraries ------------------------------------------------------------------------------------------
def test_libraries_of_the_page_lie_here_as_they_were_published() -> None:
    folder = Path(__file__).parents[2] / "static" / "js" / "vendor"
    listed = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
    found = {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*.js")}
    assert found == listed
    assert all((folder / name).with_name("LICENSE").exists() for name in found)
