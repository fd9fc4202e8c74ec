"""Cashier, treasury and auditor: money is matched, a limit given by two, a day closed, an entry explained."""

import re
from datetime import datetime

from django.conf import settings
from playwright.sync_api import Page, expect

from demo.accounts import SOMON
from lib.creditor_reference import COMPANY, reference_of
from tests.browser.conftest import Desk
from tests.payments.statement_files import Told, camt
from tests.stack import Stack, wait_for


def english(desk: Desk, email: str) -> Page:
    """Logged in as somebody of the demonstration, whatever language that person reads."""
    page = desk.log_in(email)
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": desk.stack.url}])
    return page


def reload_until(page: Page, text: str, stack: Stack) -> None:
    """The worker does it meanwhile."""

    def there() -> bool:
        page.reload()
        return page.get_by_text(text, exact=False).first.is_visible()

    wait_for(there, f"“{text}” on {page.url}", explain=stack.tail)


def test_a_cashier_sends_a_statement_and_allots_what_nobody_claimed(stack: Stack, desk: Desk) -> None:
    page = english(desk, "cashier@demo.example")
    page.goto("/cashier/")
    known = reference_of(COMPANY, SOMON.tin)
    mark = f"{datetime.now():%H%M%S}"
    file = camt([Told("120.00", f"K{mark}1", reference=known), Told("45.00", f"K{mark}2", payer="Nobody")], number=mark)
    page.locator("input[type=file]").set_input_files({"name": "day.xml", "mimeType": "text/xml", "buffer": file})
    with page.expect_navigation():
        page.get_by_role("button", name="Send the file").click()
    reload_until(page, "booked for the first time: 2", stack)
    page.goto("/cashier/")
    page.get_by_role("link", name="Nobody").first.click()
    page.get_by_label("TIN of the company").fill(SOMON.tin)
    page.get_by_label("How you know").fill("They called.")
    page.get_by_role("button", name="Allot").last.click()
    expect(page.get_by_text("Allotted.")).to_be_visible()


def test_the_treasury_gives_a_limit_by_two_persons_and_closes_a_day(stack: Stack, desk: Desk) -> None:
    one, other = english(desk, "treasury@demo.example"), english(desk, "treasury2@demo.example")
    one.goto("/treasury/accounts/?kind=deferred")
    one.get_by_label("Company, TIN or tax").fill(SOMON.tin)
    one.get_by_role("button", name="Filter").click()
    one.get_by_role("link", name="Deferred payment account").first.click()
    one.get_by_label("New limit").fill("1 200,50")
    one.get_by_label("Reason").fill("Contract 7")
    one.get_by_role("button", name="Ask for it").click()
    expect(one.get_by_text("Another person has to agree.").first).to_be_visible()
    other.goto("/treasury/")
    other.get_by_role("row", name=re.compile("Contract 7")).get_by_role("link").click()
    other.get_by_role("button", name="Agree").click()
    expect(other.get_by_text("The limit holds from now on.")).to_be_visible()

    one.goto("/treasury/days/")
    with one.expect_navigation():
        one.get_by_role("button", name="Compare").click()
    reload_until(one, "Close the day", stack)
    one.get_by_role("button", name="Close the day").click()
    expect(one.get_by_text("The day is closed.")).to_be_visible()
    expect(one.get_by_text("Hash of the day")).to_be_visible()


def test_an_auditor_follows_an_entry_down_and_has_the_books_read(stack: Stack, desk: Desk) -> None:
    page = english(desk, "auditor@demo.example")
    page.goto("/treasury/entries/")
    page.get_by_label("Entry, MRN, key or TIN").fill(SOMON.tin)
    page.get_by_role("button", name="Filter").click()
    page.locator("tbody a").first.click()
    expect(page.get_by_role("heading", name="Postings")).to_be_visible()
    expect(page.get_by_role("heading", name="What the bank says")).to_be_visible()
    page.get_by_role("link", name="Check of the books").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Check now").click()
    reload_until(page, "the books are right", stack)
    page.goto("/treasury/accounts/?kind=guarantee")
    page.locator("tbody a").first.click()
    expect(page.get_by_role("button", name="Ask for it")).to_have_count(0)
