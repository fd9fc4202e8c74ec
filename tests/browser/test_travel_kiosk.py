"""A kiosk at a post: the language first, a receipt on a slip, and nothing of anybody for who comes next."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.test_travel_story import go_on

KIOSK = {"viewport": {"width": 1080, "height": 1400}}


def begun(desk: Desk) -> Page:
    page = desk.page(**KIOSK)
    page.clock.install()
    page.goto("/travel/kiosk/")
    go_on(page, "Make this device a kiosk")
    page.get_by_role("button", name="English").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What may I carry?")
    return page


def test_a_traveller_without_a_phone_gets_a_slip_and_leaves_nothing_behind(
    desk: Desk, check_accessibility: Callable[[Page], None]
) -> None:
    page = begun(desk)
    go_on(page, "Nothing to declare")
    check_accessibility(page)
    page.get_by_label("Where do you cross?").select_option("TJ01")
    page.get_by_label("Family name").fill("Раҳмонов")
    page.get_by_label("Date of birth").fill("01.05.1990")
    page.get_by_label("Document number").fill("400123456")
    go_on(page, "Get a receipt")
    address = page.url
    page.get_by_role("link", name="Slip").click()
    expect(page.locator(".slip .qr svg")).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    check_accessibility(page)
    page.get_by_role("link", name="Finish").first.click()
    expect(page.get_by_role("button", name="Русский").first).to_be_visible()
    kept = "JSON.stringify(localStorage) + JSON.stringify(sessionStorage)"
    assert page.evaluate(kept) == "{}{}"
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 404


def test_whoever_walks_away_is_forgotten_and_whoever_stays_is_asked(desk: Desk) -> None:
    page = begun(desk)
    go_on(page, "Nothing to declare")
    page.get_by_label("Family name").fill("Раҳмонов")
    page.clock.fast_forward(101_000)
    expect(page.get_by_text("Are you still there?")).to_be_visible()
    page.get_by_role("button", name="I am here").click()
    expect(page.get_by_text("Are you still there?")).to_be_hidden()
    page.clock.fast_forward(101_000)
    page.clock.fast_forward(20_000)
    expect(page).to_have_url(re.compile("/travel/kiosk/$"))
    page.go_back()
    expect(page.get_by_text("Раҳмонов")).to_have_count(0)
