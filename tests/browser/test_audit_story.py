"""A file released blue is chosen, planned, looked into and corrected, and a second officer closes its audit."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import OFFICER, TRADER, Desk
from tests.browser.steps import fits, press, to_section, write

SUPERVISOR, AUDITING, AUDITOR = "supervisor@demo.example", "examiner@demo.example", "auditor@demo.example"
OLD, NEW = "320000", "360000"


def in_english(page: Page, address: str) -> Page:
    page.goto(address)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    return page


def plan(page: Page, key: str) -> str:
    """The supervisor chooses the file and gives the audit to an officer; the address of the audit."""
    in_english(page, f"/queue/{key}/")
    page.locator("summary", has_text="Have this file audited").click()
    page.locator("#audits").get_by_label("Reason").fill("The price per kilogram is far above that of other importers.")
    page.get_by_role("button", name="Open an audit").click()
    page.wait_for_url(re.compile(r"/audits/files/[0-9a-f-]{36}/"))
    page.get_by_label("Officer", exact=True).select_option(label="Olim Boboev")
    page.get_by_label("customs value", exact=True).check()
    page.get_by_label("How to go about it").fill("Ask for the transfer and the contract.")
    page.get_by_label("Due").fill((timezone.localdate() + timedelta(days=21)).isoformat())
    page.get_by_role("button", name="Keep the plan").click()
    expect(page.locator("main")).to_contain_text("The audit is planned.")
    return page.url.split("#")[0]


def look_into(page: Page, address: str) -> None:
    """Begin from the desk of audits, ask and take the question back, record what was found."""
    in_english(page, "/audits/?held=mine")
    page.locator(f"a[href='{address}']").click()
    page.get_by_role("button", name="Begin the audit").click()
    page.locator("#query summary", has_text="Ask the declarant").click()
    page.get_by_label("Question to the declarant").fill("Please send the bank's confirmation of the transfer.")
    page.get_by_role("button", name="Send the question").click()
    expect(page.locator("#query")).to_contain_text("bank's confirmation")
    page.locator("#query summary", has_text="Withdraw the question").click()
    page.locator("#query").get_by_label("Reason").fill("The bank has sent it to us directly.")
    page.get_by_role("button", name="Withdraw", exact=True).click()
    page.get_by_label("Result").select_option("value")
    page.get_by_label("Item", exact=True).select_option("1")
    page.get_by_label("Customs value found").fill("3 900 000")
    page.get_by_label("What differs", exact=False).last.fill("40,000 dollars more were paid than the invoice says.")
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.locator("#examinations")).to_contain_text("40,000 dollars more")
    page.get_by_role("button", name="Finish the examination").click()
    expect(page.locator("#examinations")).to_contain_text("discrepancy")


def assess(page: Page) -> str:
    """The extra assessment: a proposed correction of the price; the address of the proposal."""
    page.locator("#discrepancies summary", has_text="Propose a correction").click()
    page.locator("#discrepancies details[open] input[type=checkbox]").first.check()
    page.get_by_role("button", name="Write the proposal").click()
    page.wait_for_url("**/edit/**")
    to_section(page, 5, "items")
    write(page, **{"items-0-item_price": NEW})
    to_section(page, 4, "value")
    write(page, invoice_amount=NEW)
    press(page, "Alt+Digit8")
    page.wait_for_url("**/corrections/*/")
    page.get_by_label("Reason").fill("The bank transfer is higher than the invoice.")
    page.get_by_role("button", name="Send the proposal").click()
    expect(page.locator("main")).to_contain_text("sent")
    return page.url


def test_a_blue_release_is_audited_assessed_and_closed_by_a_second_officer(
    desk: Desk, prepared: dict[str, Any], check_accessibility: Callable[[Page], None]
) -> None:
    address = plan(desk.log_in(SUPERVISOR), prepared["key"]).removeprefix(desk.stack.url)
    officer = desk.log_in(AUDITING, viewport={"width": 1440, "height": 900})
    look_into(officer, address)
    check_accessibility(officer)
    proposal = assess(officer)
    trader = desk.log_in(TRADER)
    trader.goto(proposal)
    trader.get_by_role("button", name="Accept the proposal").click()
    expect(trader.locator("h1")).to_contain_text("accepted")
    officer.goto(address)
    officer.get_by_label("Conclusion").fill("The price paid was higher; duties and taxes were assessed on it.")
    officer.get_by_role("button", name="Conclude").click()
    expect(officer.get_by_role("button", name="Close the audit")).to_have_count(0)
    second = in_english(desk.log_in(OFFICER, viewport={"width": 360, "height": 740}), address)
    fits(second)
    second.get_by_role("button", name="Close the audit").click()
    expect(second.locator("#conclusion")).to_contain_text("closed by Jamshed Mirzoev")
    expect(second.locator(".facts--money")).to_contain_text(re.compile(r"[1-9][\d, ]+\.\d\d"))
    looked = desk.log_in(AUDITOR)
    looked.goto(f"/queue/search/openings/?text={prepared['mrn']}")
    expect(looked.locator("main")).to_contain_text("Olim Boboev")
    check_accessibility(looked)
