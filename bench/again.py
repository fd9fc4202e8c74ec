"""A standard declaration (five items, three papers) from a template, by keyboard alone: the seconds and the page loads.

Keys are pressed as a practised hand does, 120 ms each (about 100 words a minute), on a line of 300 ms. Nothing is
clicked and nothing is waited for but what the page shows. What is typed is what changes from one consignment to the
next: five prices, the invoice total, and the numbers and days of the invoice and the waybill.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright

from accounts.models import User
from bench.portal import URL, declaration, ratio, table, trader
from declarations import services
from demo.accounts import PEOPLE
from tests.browser.conftest import FLAGS, TRADER, program
from traders.models import Company

KEY_MS, LINE_MS, WANTED_SECONDS = 120, 300, 60
NAME = "Standard from Yiwu"
SAVED = "[data-save-state][data-state=saved]"
PAPERS = ("INV-2026-118", "CMR-40771")  # the third, the contract, still holds
DAY = "11112026"  # in whichever order the browser asks for it


def prepared() -> tuple[User, Company]:
    """The template, as somebody made it of a declaration."""
    user, company = trader()
    data: dict[str, Any] = {**declaration(items=5, documents=3), "declaration_place": "Dushanbe"}
    services.make_template(company, name=f"{NAME} {time.time_ns()}", data=data, by=user, at=timezone.now())
    return user, company


@contextmanager
def at_the_desk(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A trader who is signed in, on a slow line; page loads are counted."""
    context = browser.new_context(base_url=URL, locale="en-GB", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto("/account/login/")
    person = next(person for person in PEOPLE if person.email == TRADER)
    page.fill("[name=login]", person.email)
    page.fill("[name=password]", person.password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/account/" not in url)
    page.goto("/declarations/new/")
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    limits = {"offline": False, "latency": LINE_MS, "downloadThroughput": -1, "uploadThroughput": -1}
    line.send("Network.emulateNetworkConditions", limits)
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url) if frame == page.main_frame else None)
    yield page, loads
    context.close()


def keys(page: Page, *names: str) -> None:
    for name in names:
        page.keyboard.press(name, delay=KEY_MS / 2)
        page.wait_for_timeout(KEY_MS / 2)


def typed(page: Page, text: str) -> None:
    page.keyboard.type(text, delay=KEY_MS)


def tab_to(page: Page, selector: str, *, most: int = 80) -> None:
    """Tab until the cursor stands there; each is a key."""
    for _step in range(most):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        keys(page, "Tab")
    raise AssertionError(f"{selector} cannot be reached by {most} tabs")


def section(page: Page, number: int, name: str) -> None:
    keys(page, f"Alt+Digit{number}")
    page.wait_for_url(re.compile(rf"/edit/{name}/"))
    page.wait_for_load_state("load")


def filed(page: Page) -> None:
    """From the page of new declarations to the page of the lodged one."""
    tab_to(page, "form[action$='/file/'] button")
    keys(page, "Enter")
    page.wait_for_url(re.compile(r"/edit/documents/#"))
    page.wait_for_load_state("load")
    for place, number in enumerate(PAPERS):
        tab_to(page, f"#items-0-documents-{place}-reference")
        typed(page, number)
        keys(page, "Tab")
        typed(page, DAY)
        keys(page, "Tab")
    section(page, 5, "items")
    tab_to(page, "#items-0-item_price")
    for place in range(5):
        expect(page.locator(f"#items-{place}-item_price")).to_be_focused()
        typed(page, "1300")  # what is typed replaces the cell; Control+A would choose every cell of the grid
        keys(page, "Tab" if place == 4 else "Enter")  # Enter goes down the column
    expect(page.locator(SAVED)).to_be_visible()
    section(page, 4, "value")
    tab_to(page, "#invoice_amount")
    keys(page, "Control+A")
    typed(page, "6500")
    keys(page, "Tab")
    expect(page.locator(SAVED)).to_be_visible()
    section(page, 8, "review")
    tab_to(page, "[name=true_and_complete]")
    keys(page, "Space", "Tab", "Enter")
    page.wait_for_url(re.compile(r"/declarations/[0-9a-f-]{36}/$"), timeout=60_000)


def main() -> None:
    prepared()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=FLAGS)
        with at_the_desk(browser) as (page, loads):
            began = time.monotonic()
            filed(page)
            seconds = time.monotonic() - began
        browser.close()
    rows = [
        ("five items, three papers, keyboard alone", f"{seconds:.1f} s", f"{WANTED_SECONDS} s",
         ratio(seconds, WANTED_SECONDS)),
        ("  page loads", f"{len([url for url in loads if '#' not in url or 'documents' in url])}", "", ""),
    ]  # fmt: skip
    table(f"From a template, {KEY_MS} ms a key, {LINE_MS} ms a line", rows)


if __name__ == "__main__":
    main()
