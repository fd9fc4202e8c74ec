"""An officer's phone at the post: scanned, corrected, paid on the traveller's phone, let through without a line."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.test_travel_story import go_on, tell_what, tell_who

PHONE = {"viewport": {"width": 360, "height": 740}}
OFFICER = "airport@demo.example"


def fits(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{wide} pixels stick out of {page.url}"


def tap(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def sent_by(traveller: Page) -> str:
    """The number of a declaration that was sent and not paid: the traveller comes back from the bank's page."""
    traveller.goto("/travel/")
    tell_who(traveller)
    tell_what(traveller)
    own = traveller.url.removesuffix("review/")
    go_on(traveller, "Send and pay")
    expect(traveller.get_by_role("heading", level=1)).to_contain_text("Pay ")
    traveller.goto(own)
    return traveller.get_by_role("heading", level=1).inner_text()


def correct(phone: Page) -> None:
    phone.get_by_role("link", name="Correct", exact=True).click()
    phone.get_by_label("Price of all").first.fill("1700")
    phone.get_by_label("Reason of the correction").fill("The invoice says so.")


def test_an_officer_works_with_one_hand_on_a_bad_line(desk: Desk, check_accessibility: Callable[[Page], None]) -> None:
    traveller, phone = desk.page(**PHONE), desk.log_in(OFFICER, **PHONE)
    said: list[str] = []
    phone.on("pageerror", lambda error: said.append(str(error)))
    reference = sent_by(traveller)
    phone.goto("/travellers/")
    expect(phone.locator("[data-outbox][data-ready]")).to_be_attached()
    expect(phone.get_by_text(reference)).to_be_visible()
    check_accessibility(phone)
    fits(phone)
    phone.get_by_label("Code, number or text of the QR").fill(reference.lower())
    tap(phone, "Open")
    tap(phone, "Present")
    expect(phone.get_by_text("presented at the post")).to_be_visible()
    check_accessibility(phone)
    fits(phone)

    correct(phone)
    check_accessibility(phone)
    fits(phone)
    tap(phone, "Correct")
    expect(phone.get_by_role("img", name="Code for the phone of the traveller")).to_be_visible()
    expect(phone.get_by_text("Versions side by side")).to_be_visible()
    check_accessibility(phone)
    fits(phone)

    traveller.reload()
    traveller.get_by_role("button", name=re.compile("^Pay")).click()
    traveller.locator("button[value=pay]").click()
    expect(traveller.get_by_role("heading", level=1)).to_have_text(re.compile(f"Waiting|{reference}"))
    expect(phone.get_by_role("button", name="Let through", exact=True)).to_be_visible(timeout=40_000)

    phone.context.set_offline(True)
    tap(phone, "Let through")
    box = phone.locator("[data-outbox]")
    expect(box).to_contain_text("No line: acts are kept on this phone and sent once.")
    expect(box.locator(".outbox-waiting")).to_contain_text(reference)
    check_accessibility(phone)
    phone.goto("/travellers/")
    expect(phone.locator("[data-outbox]")).to_contain_text("This page is as it was")
    expect(phone.locator("[data-outbox] .outbox-waiting")).to_have_count(1)
    phone.context.set_offline(False)
    expect(phone.locator("[data-outbox] .outbox-done")).to_contain_text("Let through.")
    phone.get_by_role("button", name="I have read it").click()
    traveller.goto(traveller.url.partition("/paid/")[0])
    expect(traveller.get_by_text("Released")).to_be_visible()
    assert said == []


def test_what_cannot_be_done_any_more_is_told_when_the_line_is_back(desk: Desk) -> None:
    """While the phone has no line, another officer lets the traveller through."""
    traveller, phone = desk.page(**PHONE), desk.log_in(OFFICER, **PHONE)
    reference = sent_by(traveller)
    phone.goto("/travellers/scan/")
    expect(phone.locator("[data-outbox][data-ready]")).to_be_attached()
    phone.context.set_offline(True)
    phone.get_by_label("Receipt that was checked without a line").fill(reference)
    tap(phone, "Let through, mark as used")
    expect(phone.locator("[data-outbox] .outbox-waiting")).to_contain_text(reference)
    other = desk.log_in(OFFICER, **PHONE)
    other.goto(f"/travellers/find/?text={reference}")
    tap(other, "Present")
    expect(other.get_by_text("presented at the post")).to_be_visible()
    phone.context.set_offline(False)
    expect(phone.locator("[data-outbox] .outbox-done")).to_contain_text("not let through")
