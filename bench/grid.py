"""The items of a large draft in the browser: bytes, time until one can type, saves, a paste of 999 rows, lodging."""

import json
import re
import time
from typing import Any

from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench import size
from bench.portal import URL, declaration, percentile, ratio, table, trader
from declarations import services
from declarations.models import Declaration
from declarations.selectors import as_dict
from demo.accounts import PEOPLE, POMIR
from demo.people import user_of
from lib.row_keys import new_key
from tests.browser.conftest import FLAGS, program

MOST, SAVES = size(999, 30), size(60, 4)
COLUMNS = (
    "commodity_code", "commercial_description", "origin_country", "extended_procedure", "packages_number",
    "packages_kind", "gross_mass", "net_mass", "supplementary_quantity_1", "supplementary_unit_1", "item_price",
)  # fmt: skip
Rows = list[tuple[str, str, str, str]]


def draft_of(items: int, **changes: Any) -> Declaration:
    user, company = trader()
    data = {**declaration(items), **changes}
    return services.create_draft(declarant=company, by=user, at=timezone.now(), data=data)


def signed_in(browser: Browser) -> BrowserContext:
    context = browser.new_context(base_url=URL, locale="en-GB", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    person = next(one for one in PEOPLE if one.email == user_of(POMIR).email)
    page.goto("/account/login/")
    page.fill("[name=login]", person.email)
    page.fill("[name=password]", person.password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/account/" not in url)
    page.close()
    return context


def opened(context: BrowserContext, draft: Declaration) -> tuple[Page, Rows]:
    """The grid of a draft, with what came over the wire (nothing kept from before) and how long it took."""
    page = context.new_page()
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: dict[str, int] = {}
    kinds: dict[str, str] = {}
    line.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    line.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    began = time.perf_counter()
    page.goto(f"/declarations/{draft.public_id}/edit/items/", wait_until="commit")
    page.wait_for_selector("form[data-grid]")
    page.locator("#items-0-net_mass").click()
    usable = time.perf_counter() - began
    document = sum(bytes_ for one, bytes_ in sizes.items() if kinds.get(one) == "Document")
    total = sum(bytes_ for one, bytes_ in sizes.items() if kinds.get(one) != "XHR")
    line.send("Network.setCacheDisabled", {"cacheDisabled": False})
    return page, [
        (f"page of {MOST} items over the wire", f"{document / 1000:.0f} kB", "150 kB", ratio(document, 150_000)),
        ("  with scripts and styles, nothing kept", f"{total / 1000:.0f} kB", "150 kB", ratio(total, 150_000)),
        ("  until one can type", f"{usable:.2f} s", "1.5 s", ratio(usable, 1.5)),
    ]


def answered(page: Page, draft: Declaration, step: dict[str, Any]) -> float:
    """Seconds of one save, as the browser's script sends it."""
    began = time.perf_counter()
    token = page.locator("form [name=csrfmiddlewaretoken]").first.input_value()
    answer = page.request.post(
        f"/declarations/{draft.public_id}/items/steps/",
        data=json.dumps({"state": "", "steps": [step]}),
        headers={"Content-Type": "application/json", "X-CSRFToken": token, "Referer": URL},
    )
    assert answer.status == 200, answer.text()
    return time.perf_counter() - began


def saves(page: Page, draft: Declaration) -> Rows:
    keys = [item["key"] for item in as_dict(draft)["items"]]
    boxes = [{"do": "set", "boxes": {f"items[{keys[n % len(keys)]}].net_mass": str(n + 1)}, "was": {}}
             for n in range(SAVES)]  # fmt: skip
    saved = percentile([answered(page, draft, step) for step in boxes], 0.95)
    added, removed = [], []
    for _time in range(SAVES):
        key = new_key()
        removed.append(answered(page, draft, {"do": "remove", "keys": [keys.pop()]}))
        added.append(answered(page, draft, {"do": "add", "keys": [key]}))
    rows = [("a box is saved, p95", saved), ("a row is added, p95", percentile(added, 0.95)),
            ("a row is removed, p95", percentile(removed, 0.95))]  # fmt: skip
    return [(what, f"{seconds * 1000:.0f} ms", "150 ms", ratio(seconds, 0.15)) for what, seconds in rows]


def pasted(context: BrowserContext) -> Rows:
    """As many rows as a declaration may have, from the clipboard, until the server has them."""
    draft = draft_of(1)
    items = declaration(MOST)["items"]
    text = "\n".join("\t".join(str(item.get(name, "")) for name in COLUMNS) for item in items)
    page = context.new_page()
    page.goto(f"/declarations/{draft.public_id}/edit/items/")
    page.wait_for_selector("form[data-grid]")
    page.locator("#items-0-commodity_code").click()
    began = time.perf_counter()
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(event);
        }""",
        text,
    )
    shown = time.perf_counter() - began
    page.wait_for_selector(".is-coming", state="detached")
    page.wait_for_selector("[data-save-state][data-state=saved]")
    seconds = time.perf_counter() - began
    assert draft.items.count() == MOST
    page.close()
    return [
        (f"{MOST} rows pasted, until they are saved", f"{seconds:.1f} s", "5 s", ratio(seconds, 5)),
        ("  until they stand in the grid", f"{shown * 1000:.0f} ms", "", ""),
    ]


def lodged(context: BrowserContext) -> Rows:
    draft = draft_of(MOST)
    page = context.new_page()
    began = time.perf_counter()
    page.goto(f"/declarations/{draft.public_id}/edit/review/")
    reviewed = time.perf_counter() - began
    page.check("#true_and_complete")
    began = time.perf_counter()
    page.locator("form[data-once] button").click()
    page.wait_for_url(re.compile(rf"/declarations/{draft.public_id}/$"))
    seconds = time.perf_counter() - began
    page.close()
    return [
        (f"{MOST} items lodged, from the press to the page", f"{seconds:.1f} s", "3 s", ratio(seconds, 3)),
        ("  the review before it", f"{reviewed:.1f} s", "", ""),
    ]


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=FLAGS)
        context = signed_in(browser)
        draft = draft_of(MOST)
        opened(context, draft)[0].close()  # the first page of a process takes longer than all others
        page, rows = opened(context, draft)
        rows += saves(page, draft)
        page.close()
        rows += [*pasted(context), *lodged(context)]
        browser.close()
    table(f"The grid of {MOST} items", rows)


if __name__ == "__main__":
    main()
