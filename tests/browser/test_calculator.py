"""Somebody works out what a consignment costs, as it is done at a screen: typing, choosing, copying, printing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.browser.conftest import Desk

THREE = (
    "/calculator/?currency=USD&delivery_terms_code=FOB&external_freight=300&insurance=0&i=0808108000~1000~KZ~~900"
    "&i=2203001000~500~DE~~~~~~~LTR-800&i=0207141009~3000~BR~~2000"
)


@pytest.fixture
def said(page: Page) -> list[str]:
    """What the browser's console complains about, beside a question that a later one has overtaken."""
    lines: list[str] = []

    def note(line: ConsoleMessage) -> None:
        if line.type == "error" and not line.text.startswith(("htmx:sendAbort", "htmx:afterRequest")):
            lines.append(line.text)

    page.on("console", note)
    page.on("pageerror", lambda error: lines.append(str(error)))
    return lines


def test_the_answer_follows_the_typing(page: Page, said: list[str]) -> None:
    page.goto("/calculator/")
    page.fill('[name="0-commodity_code"]', "2203001000")
    page.fill('[name="0-item_price"]', "1000")
    page.select_option('[name="0-origin_country"]', "DE")
    expect(page.locator("#result")).to_contain_text("Still needed")
    page.fill('[name="0-quantity_LTR"]', "500")
    expect(page.locator("#result")).not_to_contain_text("Still needed")
    expect(page.locator("#payable")).to_contain_text("TJS")
    page.wait_for_url("**/calculator/?*i=2203001000~1000~DE~~~~~~~LTR-500")
    page.select_option('[name="working_mode"]', "2")
    page.select_option('[name="delivery_terms_code"]', "FOB")
    expect(page.locator("#asks-0-external_freight")).to_contain_text("does not hold the freight")
    page.fill('[name="0-external_freight"]', "12x")
    expect(page.locator("#error-0-external_freight")).to_contain_text("This is not a number")
    page.fill('[name="0-external_freight"]', "120")
    expect(page.locator("#error-0-external_freight")).to_be_empty()
    assert said == []


def test_a_claim_is_applied_and_the_link_copied(desk: Desk) -> None:
    page = desk.page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(THREE)
    before = page.inner_text("#payable")
    page.locator(".notice--good", has_text="090207").get_by_text("Apply").click()
    expect(page.locator('[name="2-quota_code"]')).to_have_value("090207")
    after = page.inner_text("#payable")
    assert after != before
    page.click("[data-copy]")
    page.goto(page.evaluate("navigator.clipboard.readText()"))
    assert page.inner_text("#payable") == after


def test_it_works_without_javascript(desk: Desk) -> None:
    page = desk.page(java_script_enabled=False)
    page.goto("/calculator/")
    page.fill('[name="0-commodity_code"]', "2203001000")
    page.fill('[name="0-item_price"]', "1000")
    page.select_option('[name="0-origin_country"]', "DE")
    page.get_by_role("button", name="Add an item").click()
    page.fill('[name="1-commodity_code"]', "0808108000")
    page.fill('[name="1-item_price"]', "70")
    page.select_option('[name="1-origin_country"]', "KZ")
    page.get_by_role("button", name="Calculate").last.click()
    page.fill('[name="0-quantity_LTR"]', "500")
    page.fill('[name="1-net_mass"]', "60")
    page.get_by_role("button", name="Calculate").last.click()
    expect(page.locator("#result h2").first).to_have_text("To pay")
    page.locator(".options").get_by_text("Apply").click()
    expect(page.locator('[name="1-proof"]')).to_have_value("ST1")


def test_a_full_calculation_passes_axe_and_fits_a_phone(
    desk: Desk, check_accessibility: Callable[[Page], None]
) -> None:
    for width in (1280, 360):
        page = desk.page(viewport={"width": width, "height": 800})
        page.goto(THREE)
        page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
        check_accessibility(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{wide} pixels stick out at {width}"
