"""A receipt checked on a phone: Chromium at a quarter of the processor's speed, without a line, from photo to answer.

First on a page just opened, so that what is not yet loaded is loaded in that time; then the median of some more.
"""

import io
import statistics
from base64 import b64encode
from datetime import timedelta

import segno
from django.utils import timezone
from playwright.sync_api import Browser, Page, sync_playwright

from bench import size
from bench.portal import URL, ratio, table
from lib.travel_receipt import Answer, Direction, Receipt
from tests.browser.conftest import FLAGS, program
from travel_receipts.services import issue

THROTTLE = size(4, 1)
WANTED = 1.0
PHOTO = size(3000, 900), size(4000, 1200)
TIMES = size(15, 1)
WITHOUT_ED25519 = """
const importKey = crypto.subtle.importKey.bind(crypto.subtle);
crypto.subtle.importKey = (form, key, algorithm, ...rest) =>
    algorithm === "Ed25519" ? Promise.reject(new DOMException("", "NotSupportedError"))
        : importKey(form, key, algorithm, ...rest);
"""
# A photo of the size of a phone's, or a frame of its camera, with the code somewhat askew on grey.
DRAW = """async ([source, width, height]) => {
    const picture = new Image();
    picture.src = source;
    await picture.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const drawn = canvas.getContext("2d");
    drawn.fillStyle = "#8a8178";
    drawn.fillRect(0, 0, width, height);
    const side = Math.min(width, height) * 0.6;
    drawn.translate(width / 2, height / 2);
    drawn.rotate(0.1);
    drawn.drawImage(picture, -side / 2, -side / 2, side, side);
    const photo = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
    window.photo = new File([photo], "photo.jpg", { type: "image/jpeg" });
}"""
CHECK = """async () => {
    const root = document.querySelector("[data-travel-check]");
    delete root.dataset.said;
    const input = root.querySelector("[data-photo]");
    const files = new DataTransfer();
    files.items.add(window.photo);
    input.files = files.files;
    const answered = new Promise((resolve) => new MutationObserver(() => resolve(performance.now()))
        .observe(root, { attributeFilter: ["data-said"] }));
    const begin = performance.now();
    input.dispatchEvent(new Event("change"));
    const end = await answered;
    return [(end - begin) / 1000, root.dataset.said];
}"""


def picture() -> str:
    """The QR code of a usual receipt, as an address of data."""
    at = timezone.now().replace(microsecond=0)
    receipt = Receipt(
        "P26-7K3M-9TQX", Answer.PAID, 1_234_567, 2, "TJS", Direction.ENTRY, "TJ0101", at, at + timedelta(days=30), 3,
        "Н. Р.", bytes(range(16)),
    )  # fmt: skip
    drawn = io.BytesIO()
    segno.make(issue(receipt, at=at), error="m").save(drawn, kind="png", scale=12)
    return "data:image/png;base64," + b64encode(drawn.getvalue()).decode()


def opened(browser: Browser, *, own_signatures: bool) -> Page:
    """The page, heard and kept, then opened again without a line on a slow processor."""
    context = browser.new_context(base_url=URL, viewport={"width": 360, "height": 740})
    page = context.new_page()
    if own_signatures:
        page.add_init_script(WITHOUT_ED25519)
    page.goto("/travel/check/")
    page.locator("[data-travel-check][data-settled]").wait_for(state="attached")
    context.set_offline(True)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
    page.reload()
    page.locator("[data-travel-check][data-settled]").wait_for(state="attached")
    name = "library" if own_signatures else "browser"
    assert page.locator(f"[data-signatures={name}]").is_visible()
    return page


def measured(page: Page, source: str, *, width: int, height: int) -> tuple[float, float]:
    """Seconds of the first check, and the median of the others."""
    page.evaluate(DRAW, [source, width, height])
    seconds = []
    for _ in range(TIMES + 1):
        taken, said = page.evaluate(CHECK)
        assert said == "genuine", said
        seconds.append(taken)
    return seconds[0], statistics.median(seconds[1:])


def main() -> None:
    source = picture()
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=FLAGS)
        for own_signatures, by in ((False, "WebCrypto"), (True, "noble")):
            for what, width, height in (("frame of 640 × 480", 640, 480), ("photo of 12 megapixels", *PHOTO)):
                page = opened(browser, own_signatures=own_signatures)
                first, usual = measured(page, source, width=width, height=height)
                rows.append((f"{what}, {by}, first", f"{first:.2f} s", f"{WANTED:.0f} s", ratio(first, WANTED)))
                rows.append((f"{what}, {by}, median", f"{usual:.2f} s", f"{WANTED:.0f} s", ratio(usual, WANTED)))
                page.context.close()
        browser.close()
    table(f"Receipts: from a picture to the answer, processor {THROTTLE} times slower, no line", rows)


if __name__ == "__main__":
    main()
