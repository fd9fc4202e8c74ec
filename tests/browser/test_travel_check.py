"""Receipts on a phone: its judgement is the server's, with either library, from a picture, and without a line."""

import io
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cbor2
import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from playwright.sync_api import Browser, Page, expect

from lib import base45, signed_cbor, travel_receipt
from lib.signed_cbor import Keys
from lib.travel_receipt import Withdrawn, check, receipt_id, signed_text
from tests.browser.conftest import FLAGS, Desk, program
from tests.stack import Stack
from tests.travel_receipts.make import AT, KEYS, PAID, PRIVATE, PUBLIC, changed_bytes, receipt

DAY = timedelta(days=1)
PHONE = {"viewport": {"width": 360, "height": 740}}
JUDGE_SIGNATURES = """async ([library, tests]) => {
    const made = await (await import("/static/js/ed25519.js"))[library]();
    const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
    return Promise.all(tests.map(([key, text, signature]) => made.fits(bytes(signature), bytes(text), bytes(key))));
}"""
JUDGE_TEXTS = """async ([library, texts, keys, used, revoked, at]) => {
    const signatures = await (await import("/static/js/ed25519.js"))[library]();
    const { check } = await import("/static/js/travel-receipt.js");
    const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
    const held = new Map(Object.entries(keys).map(([id, key]) => [id, { ...key, publicKey: bytes(key.publicKey) }]));
    const heard = { keys: held, used: new Set(used), revoked: new Set(revoked) };
    const said = [];
    for (const text of texts) said.push((await check(text, { heard, at, signatures })).outcome);
    return said;
}"""
READ_LISTS = """async ([trusted, bytes]) => {
    const signatures = await (await import("/static/js/ed25519.js")).signatures();
    const { NotTrusted, readKeys } = await import("/static/js/travel-lists.js");
    const array = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    const held = new Map(Object.entries(trusted).map(([id, key]) => [id, { publicKey: array(key), withdrawnAt: 0 }]));
    try {
        return [...(await readKeys(array(bytes), { trusted: held, signatures })).keys.keys()];
    } catch (error) {
        if (error instanceof NotTrusted) return `not trusted: ${error.message}`;
        throw error;
    }
}"""
LIBRARIES = pytest.mark.parametrize("library", ["byBrowser", "byLibrary"])


@pytest.fixture
def phone(desk: Desk) -> Page:
    """The page on a phone, when it has heard from the portal and is kept."""
    page = desk.page(**PHONE)
    page.goto("/travel/check/")
    expect(page.locator("[data-travel-check][data-settled]")).to_be_attached()
    return page


@pytest.fixture(scope="module")
def private(stack: Stack) -> Ed25519PrivateKey:
    """The key of the demonstration."""
    (file,) = (stack.data / "travel-keys").glob("*.pem")
    key = load_pem_private_key(file.read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def today(private: Ed25519PrivateKey, **changes: Any) -> str:
    """A receipt of this minute, signed by the demonstration."""
    return signed_text(receipt(**{"issued_at": now(), "valid_until": now() + 30 * DAY, **changes}), by=private)


def drawing(text: str, *, scale: int = 4) -> dict[str, Any]:
    """A picture of the QR code, as a file that somebody chooses."""
    picture = io.BytesIO()
    segno.make(text, error="m").save(picture, kind="png", scale=scale)
    return {"name": "receipt.png", "mimeType": "image/png", "buffer": picture.getvalue()}


def said(page: Page, outcome: str) -> None:
    expect(page.locator(f"[data-travel-check][data-said={outcome}]")).to_be_attached()


def type_text(page: Page, text: str) -> None:
    page.locator("[name=text]").fill(text)
    page.locator("[name=text]").press("Enter")


# The same judgement as the server's -----------------------------------------------------------------------------
@LIBRARIES
def test_signatures_are_judged_as_the_published_vectors_say(page: Page, library: str, shared_data: Path) -> None:
    groups = json.loads((shared_data / "signatures" / "ed25519_test.json").read_text())["testGroups"]
    tests = [(group["publicKey"]["pk"], test) for group in groups for test in group["tests"]]
    page.goto("/travel/check/")
    fits = page.evaluate(JUDGE_SIGNATURES, [library, [(key, test["msg"], test["sig"]) for key, test in tests]])
    wrong = [test["tcId"] for (_key, test), fit in zip(tests, fits, strict=True) if fit != (test["result"] == "valid")]
    assert wrong == []
    assert (sum(fits), len(fits)) == (88, 151)


def judged_by_the_phone(page: Page, library: str, texts: list[str], *, keys: Keys, withdrawn: Withdrawn) -> list[str]:
    held = {
        key.hex(): {
            "publicKey": half.public.hex(),
            "signsFrom": half.signs_from.timestamp(),
            "signsUntil": half.signs_until.timestamp() if half.signs_until else 0,
            "withdrawnAt": half.withdrawn_at.timestamp() if half.withdrawn_at else 0,
        }
        for key, half in keys.items()
    }
    lists = [[each.hex() for each in ids] for ids in (withdrawn.used, withdrawn.revoked)]
    answers: list[str] = page.evaluate(JUDGE_TEXTS, [library, texts, held, *lists, AT.timestamp()])
    return answers


def odd_texts() -> list[str]:
    """Rightly signed and other texts, each with something about it."""
    row = PAID.row()
    wrongs = (0, 2**53, -1, "", b"", "А\u200f")
    rows: list[object] = [
        *([*row[:place], wrong, *row[place + 1 :]] for place in range(13) for wrong in wrongs),
        *([*row[:place], wrong, *row[place + 1 :]] for place in (0, 2, 6, 10) for wrong in (True, 1.0, 1, 3, None)),
        [*row, 0], row[:-1], dict(enumerate(row)), [row], [],
        [*row[:11], "𐌰" * 12, row[12]], [*row[:11], "𐌰" * 13, row[12]], [*row[:11], "\ufeffА", row[12]],
    ]  # fmt: skip
    whole = signed_cbor.written(row)
    contents = [cbor2.dumps(each, canonical=True) for each in rows]
    contents += [
        whole + b"\0",
        whole[:-1],
        b"\x9f" + whole[1:] + b"\xff",
        whole.replace(b"\x8d\x01", b"\x8d\x18\x01", 1),
    ]
    contents += [b"\xd9\xd9\xf7" + whole, b"\x81" * 120, b"\x9b" + b"\x7f" * 8, b"\x62\xc3\x28", b""]
    messages = [signed_cbor.sealed(content, purpose=travel_receipt.PURPOSE, by=PRIVATE) for content in contents]
    texts = [travel_receipt.PREFIX + base45.encode(message) for message in messages]
    times = [(AT - 20 * DAY, AT), (AT - 2 * DAY, AT - DAY), (AT + timedelta(hours=1), AT + DAY), (AT + DAY, AT + DAY)]
    texts += [signed_text(receipt(issued_at=begin, valid_until=end), by=PRIVATE) for begin, end in times]
    text = signed_text(PAID, by=PRIVATE)
    return [
        *texts,
        "",
        "TR1:",
        "TR2:A",
        "TR:",
        "tr1:" + text[4:],
        " " + text,
        text + "\n",
        text + "0" * 99,
        "TR1:é",
        "TR1:A",
    ]


@LIBRARIES
def test_the_phone_says_of_every_text_what_the_server_says(page: Page, library: str) -> None:
    text = signed_text(PAID, by=PRIVATE)
    used, revoked = (signed_text(receipt(travellers=number), by=PRIVATE) for number in (1, 2))
    withdrawn = Withdrawn(used={receipt_id(used), receipt_id(revoked)}, revoked={receipt_id(revoked)})
    changed = [changed for _place, changed in changed_bytes(text)]
    if library == "byLibrary":  # it takes some milliseconds for each
        changed = changed[::9]
    texts = [text, used, revoked, *changed, *odd_texts()]
    expected = [check(each, keys=KEYS, at=AT, withdrawn=withdrawn).outcome for each in texts]
    page.goto("/travel/check/")
    answers = judged_by_the_phone(page, library, texts, keys=KEYS, withdrawn=withdrawn)
    differing = [pair for pair in zip(texts, answers, expected, strict=True) if pair[1] != pair[2]]
    assert differing == []
    assert {"genuine", "used", "revoked", "forged", "unknown_key", "damaged", "foreign", "newer"} <= set(answers)
    assert {"expired", "not_yet", "out_of_term"} <= set(answers)
    assert answers.count("genuine") < 20


def keys_message(by: Mapping[bytes, Ed25519PrivateKey], rows: list[list[object]]) -> str:
    content = signed_cbor.written([1, 1_700_000_000, rows])
    messages = [signed_cbor.sealed(content, purpose=b"customs-portal travel keys 1", by=half) for half in by.values()]
    signed = [[message[:4], message[4:68]] for message in messages]
    return b64encode(signed_cbor.written([content, signed])).decode()


def test_new_keys_are_trusted_if_one_that_the_phone_knows_has_signed_them(page: Page) -> None:
    stranger = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
    strange = signed_cbor.public_half(stranger)
    rows: list[list[object]] = [[half, public, 0, 0, 0] for half, public in (
        (PUBLIC.key_id, PUBLIC.public), (signed_cbor.key_id(strange), strange))]  # fmt: skip
    known = {PUBLIC.key_id.hex(): b64encode(PUBLIC.public).decode()}
    page.goto("/travel/check/")
    both = [row[0].hex() for row in rows]  # type: ignore[attr-defined]
    assert page.evaluate(READ_LISTS, [known, keys_message({b"": PRIVATE, b"1": stranger}, rows)]) == both
    assert page.evaluate(READ_LISTS, [known, keys_message({b"1": stranger}, rows)]) == "not trusted: keys"
    assert page.evaluate(READ_LISTS, [{}, keys_message({b"1": stranger}, rows)]) == both
    assert page.evaluate(READ_LISTS, [{}, keys_message({}, rows)]) == "not trusted: keys"
    assert page.evaluate(READ_LISTS, [{}, b64encode(b"\xff" * 90).decode()]) == "not trusted: content"


# The page -------------------------------------------------------------------------------------------------------
def test_a_picture_of_the_code_is_read_and_judged(
    phone: Page, private: Ed25519PrivateKey, check_accessibility: Callable[[Page], None]
) -> None:
    phone.locator("[data-photo]").set_input_files(drawing(today(private)))
    said(phone, "genuine")
    expect(phone.locator("[data-fact=reference]")).to_have_text("P26-7K3M-9TQX")
    expect(phone.locator("[data-fact=paid]")).to_have_text("12,345.67\u00a0TJS")
    expect(phone.locator("[data-fact=answer]")).to_have_text("Paid")
    expect(phone.locator("[data-saying] [data-title]")).to_be_focused()
    check_accessibility(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.locator("[data-photo]").set_input_files(drawing("HTTPS://EXAMPLE.ORG/TICKET"))
    said(phone, "foreign")
    expect(phone.locator("[data-facts]")).to_be_hidden()


@pytest.mark.parametrize("content", [b"no picture at all", drawing("X")["buffer"][:70]], ids=["text", "cut off"])
def test_a_file_that_is_no_picture_is_called_so(phone: Page, content: bytes) -> None:
    phone.locator("[data-photo]").set_input_files({"name": "x.png", "mimeType": "image/png", "buffer": content})
    expect(phone.locator("[data-notice=no-picture]")).to_be_visible()


def test_a_code_that_lies_askew_in_a_large_photo_is_read(phone: Page, private: Ed25519PrivateKey) -> None:
    text = today(private)
    source = "data:image/png;base64," + b64encode(drawing(text, scale=8)["buffer"]).decode()
    found = phone.evaluate(
        """async (source) => {
            const picture = new Image();
            picture.src = source;
            await picture.decode();
            const canvas = Object.assign(document.createElement("canvas"), { width: 3000, height: 4000 });
            const drawn = canvas.getContext("2d");
            drawn.fillStyle = "#8a8178";
            drawn.fillRect(0, 0, 3000, 4000);
            drawn.rotate(0.2);
            drawn.drawImage(picture, 1200, 1300, 1100, 1100);
            const photo = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.7));
            return (await import("/static/js/qr-reader.js")).readFile(photo);
        }""",
        source,
    )
    assert found == text


def test_the_browsers_own_detector_is_asked_first(desk: Desk, private: Ed25519PrivateKey) -> None:
    page = desk.page(**PHONE)
    page.add_init_script(
        "window.BarcodeDetector = class { static async getSupportedFormats() { return ['qr_code']; }"
        f" async detect() {{ return [{{ rawValue: {json.dumps(today(private))} }}]; }} }};"
    )
    page.goto("/travel/check/")
    expect(page.locator("[data-settled]")).to_be_attached()
    page.locator("[data-photo]").set_input_files(drawing("something else"))
    said(page, "genuine")


def test_the_camera_reads_and_is_switched_off_again(
    chromium: Browser, stack: Stack, private: Ed25519PrivateKey, tmp_path: Path
) -> None:
    film = tmp_path / "film.y4m"
    film.write_bytes(film_of(today(private)))
    flags = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    flags.append(f"--use-file-for-fake-video-capture={film}")
    browser = chromium.browser_type.launch(executable_path=program(), args=[*FLAGS, *flags])
    with closing(browser):
        page = browser.new_page(base_url=stack.url, permissions=["camera"])
        page.goto("/travel/check/")
        expect(page.locator("[data-settled]")).to_be_attached()
        page.locator("[data-camera]").click()
        said(page, "genuine")
        expect(page.locator("[data-viewer]")).to_be_hidden()
        assert page.evaluate("document.querySelector('video').srcObject") is None


def film_of(text: str, *, width: int = 640, height: int = 480) -> bytes:
    """Two pictures of the code as an uncompressed film (YUV4MPEG2), as a camera would give them."""
    rows = [bytes(255 if not bit else 0 for bit in row for _ in range(6))
            for row in segno.make(text, error="m").matrix_iter(border=4)]  # fmt: skip
    lines = [line for line in rows for _ in range(6)]
    left, top = (width - len(lines[0])) // 2, (height - len(lines)) // 2
    grey = b"\xc8" * width
    middle = [(b"\xc8" * left + line + b"\xc8" * width)[:width] for line in lines]
    luma = b"".join([*[grey] * top, *middle, *[grey] * height][:height])
    frame = b"FRAME\n" + luma + b"\x80" * (width * height // 2)
    return f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 2


# Without a line -------------------------------------------------------------------------------------------------
def test_without_a_line_the_phone_checks_by_what_it_heard_and_says_when(
    phone: Page, stack: Stack, private: Ed25519PrivateKey
) -> None:
    good, used = today(private), today(private, travellers=5)
    stack.rows(
        "INSERT INTO travel_receipts_withdrawnreceipt (receipt_id, why, valid_until, at) VALUES (%s, 'used', %s, %s)"
        " RETURNING id",
        receipt_id(used).hex(), now() + 30 * DAY, now(),
    )  # fmt: skip
    type_text(phone, used)
    said(phone, "genuine")
    phone.reload()
    expect(phone.locator("[data-settled]")).to_be_attached()
    expect(phone.locator("[data-kept=yes]")).to_be_visible()
    phone.context.set_offline(True)
    phone.reload()
    expect(phone.locator("[data-settled]")).to_be_attached()
    expect(phone.locator("[data-line=no]")).to_be_visible()
    expect(phone.locator("[data-when=listAt]")).not_to_have_text("never")
    expect(phone.locator("[data-count]")).not_to_have_text("0")
    type_text(phone, used)
    said(phone, "used")
    phone.locator("[data-photo]").set_input_files(drawing(good))
    said(phone, "genuine")
    phone.locator("[data-photo]").set_input_files(
        drawing(next(text for place, text in changed_bytes(good) if place > 9))
    )
    said(phone, "forged")
    type_text(phone, signed_text(receipt(), by=PRIVATE))
    said(phone, "unknown_key")
    phone.context.set_offline(False)


def test_a_phone_that_has_heard_nothing_says_so(desk: Desk) -> None:
    page = desk.page(**PHONE, service_workers="block")
    page.route("**/travel/check/keys", lambda route: route.abort())
    page.goto("/travel/check/")
    expect(page.locator("[data-notice=nothing-heard]")).to_be_visible()
    expect(page.locator("[data-line=no]")).to_be_visible()


def test_a_list_in_strange_hands_changes_nothing(desk: Desk, private: Ed25519PrivateKey) -> None:
    page = desk.page(**PHONE, service_workers="block")
    page.goto("/travel/check/")
    expect(page.locator("[data-line=yes]")).to_be_visible()
    rows: list[list[object]] = [[PUBLIC.key_id, PUBLIC.public, 0, 0, 0]]
    strange = cbor2.dumps([signed_cbor.written([1, 2**40, rows]), []], canonical=True)
    page.route("**/travel/check/keys", lambda route: route.fulfill(body=strange, content_type="application/cbor"))
    page.reload()
    expect(page.locator("[data-notice=not-trusted]")).to_be_visible()
    type_text(page, today(private))
    said(page, "genuine")
    page.unroute("**/travel/check/keys")
    page.get_by_role("button", name="Forget and begin anew").click()
    expect(page.locator("[data-notice=not-trusted]")).to_be_hidden()
    type_text(page, today(private))
    said(page, "genuine")
