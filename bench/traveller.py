"""A first-time traveller on a phone with a bad line (1 Mbit/s, 300 ms): from the start page to the paid receipt.

What the line and the portal take is measured in Chromium. What the person takes is reckoned from what stands on each
page: reading at 240 words a minute what was not read before, with what stands in lists and the line of what is owed;
four letters typed a second, two seconds for each choice, ten for a card. The service worker is blocked: nothing comes
from what it would have kept.
"""

import re
import time
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench import size
from bench.portal import URL, ratio, table
from tests.browser.conftest import FLAGS, program

PHONE = {"viewport": {"width": 360, "height": 740}, "service_workers": "block", "locale": "en-GB"}
MEGABIT, LATENCY = 1_000_000 / 8, size(300, 30)
WORDS_A_SECOND, LETTERS_A_SECOND, A_CHOICE, A_CARD = 4.0, 4.0, 2.0, 10.0
# Sentences and labels of a page, each by itself; not the small print, which names acts and days of rates.
TEXTS = """() => {
    const unread = "option, datalist, script, small";
    const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) {
        const { data, parentElement } = walker.currentNode;
        const isSeen = parentElement.checkVisibility() && !parentElement.closest(unread);
        if (isSeen) texts.push(data.trim());
    }
    const lists = [...document.querySelectorAll("main select")].filter((each) => each.checkVisibility());
    texts.push(...lists.map((each) => each.selectedOptions[0]?.textContent.trim()));
    return texts.filter(Boolean);
}"""
PEOPLE = {"Family name": "Rahmonov", "Given name": "Firuz", "Date of birth": "01.05.1990"}
PAPER = {"Document number": "400123456"}


@dataclass
class Traveller:
    """Goes from page to page and keeps account of seconds and bytes."""

    page: Page
    waited: float = 0.0
    person: float = 0.0
    rules: float = 0.0
    sizes: list[int] = field(default_factory=list)
    read: set[str] = field(default_factory=set)
    _bytes: int = 0

    def count(self, event: dict[str, Any]) -> None:
        self._bytes += int(event["encodedDataLength"])

    def turned(self, act: Any) -> None:
        """The page that follows is there, and read."""
        self._bytes, began = 0, time.monotonic()
        act()
        self.page.wait_for_load_state("load")
        self.waited += time.monotonic() - began
        self.sizes.append(self._bytes)
        if self.page.url.startswith(URL):
            new = set(self.page.evaluate(TEXTS)) - self.read
            self.read |= new
            self.person += sum(len(re.findall(r"\w[\w.,:%’-]*", text)) for text in new) / WORDS_A_SECOND

    def press(self, name: str) -> None:
        button = self.page.get_by_role("button", name=re.compile(f"^{name}")).locator("visible=true").first
        self.person += A_CHOICE
        self.turned(button.click)

    def type(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).locator("visible=true").last.fill(text)
        self.person += len(text) / LETTERS_A_SECOND

    def choose(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=True).locator("visible=true").last.select_option(value)
        self.person += A_CHOICE

    def tick(self, label: str) -> None:
        self.page.get_by_label(re.compile(label)).check()
        self.person += A_CHOICE


def opened(browser: Browser) -> Traveller:
    context = browser.new_context(base_url=URL, **PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    line = {"offline": False, "latency": LATENCY, "downloadThroughput": MEGABIT, "uploadThroughput": MEGABIT}
    session.send("Network.emulateNetworkConditions", line)
    one = Traveller(page)
    session.on("Network.loadingFinished", one.count)
    one.turned(lambda: page.goto("/travel/"))
    one.rules = one.person
    return one


def with_goods_and_cash(browser: Browser) -> Traveller:
    """Two things above the limit, and cash; ends with the receipt."""
    one = opened(browser)
    one.tick("Things and presents")
    one.tick("Cash and bearer")
    one.press("Declare")
    one.choose("Where do you cross?", "TJ01")
    one.type("Flight, train or plate", "TK 254")
    one.press("Next")
    for label, text in (PEOPLE | PAPER).items():
        one.type(label, text)
    one.press("Next")
    one.type("How much", "4000")
    one.choose("Currency", "USD")
    one.press("Next")
    for category, mass, price in (("CLOTHES", "30", "1500"), ("TOYS", "25", "400")):
        if category == "TOYS":
            one.page.get_by_role("button", name="One more").click()
            one.person += A_CHOICE
        one.choose("What is it?", category)
        one.type("Weight, kg", mass)
        one.type("Price of all of it", price)
        one.choose("Currency", "USD")
    one.press("Next")
    one.press("Send and pay")
    one.person += A_CARD
    paid = one.person + A_CHOICE
    one.press("Pay")
    began = time.monotonic()
    one.page.get_by_text("Show this at the post").wait_for()
    one.waited += time.monotonic() - began
    one.person = paid  # the receipt is there: it may be read on the way
    return one


def with_nothing(browser: Browser) -> Traveller:
    """Who has nothing reads what that means, behind the button, and not all rules; ends with the receipt."""
    one = opened(browser)
    one.person = one.rules = 0.0
    one.read.clear()
    one.press("Nothing to declare")
    one.rules = one.waited + one.person  # who wants no receipt walks now
    one.choose("Where do you cross?", "TJ01")
    for label in ("Family name", "Date of birth", "Document number"):
        one.type(label, (PEOPLE | PAPER)[label])
    one.person += A_CHOICE
    filled = one.person
    one.turned(one.page.get_by_role("button", name="Get a receipt").click)
    one.page.get_by_text("Show this at the post").wait_for()
    one.person = filled  # it may be read on the way
    return one


def rows_of(
    what: str, one: Traveller, *, wanted: float, rules: str = "of it reading the start page"
) -> list[tuple[str, str, str, str]]:
    total = one.waited + one.person
    return [
        (f"{what}: altogether", f"{total:.0f} s", f"{wanted:.0f} s", ratio(total, wanted)),
        ("  of it waiting for the line and the portal", f"{one.waited:.1f} s", "", ""),
        (f"  {rules}", f"{one.rules:.0f} s", "", ""),
        ("  page loads", f"{len(one.sizes)}", "", ""),
        ("  first load", f"{one.sizes[0] / 1000:.1f} kB", "60 kB", ratio(one.sizes[0], 60_000)),
        ("  largest further page", f"{max(one.sizes[1:]) / 1000:.1f} kB", "15 kB", ratio(max(one.sizes[1:]), 15_000)),
    ]


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=FLAGS)
        rows = rows_of("two things above the limit, and cash", with_goods_and_cash(browser), wanted=180)
        rows += rows_of("nothing to declare, with a receipt", with_nothing(browser), wanted=30, rules="without one")
        browser.close()
    table("A traveller for the first time, 1 Mbit/s, 300 ms", rows)


if __name__ == "__main__":
    main()
