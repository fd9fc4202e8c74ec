"""A trader amends a lodged declaration in the browser, before release and after it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.steps import add_papers, begin, fill_items, lodge, to_section, write
from tests.browser.test_stories import pay_from_the_account, see

TEA = [("0902300009", "Black tea in packets of 100 g", "CN", "4000", "40", "CT", "420", "400", "", "", "1200")]
Check = Callable[[Page], None]


def change_price(page: Page, price: str) -> None:
    """In the grid and in the invoice, then on to what it changes and costs."""
    to_section(page, 5, "items")
    write(page, **{"items-0-item_price": price})
    to_section(page, 4, "value")
    write(page, invoice_amount=price)
    page.keyboard.press("Alt+Digit8")
    page.wait_for_url("**/corrections/*/")


def test_an_amendment_is_written_compared_and_sent(trader_page: Page, check_accessibility: Check) -> None:
    page = trader_page
    begin(page, invoice="1200")
    fill_items(page, TEA)
    add_papers(page, TEA)
    lodge(page)
    page.get_by_role("button", name="Amend").click()
    page.wait_for_url("**/edit/procedure/")
    expect(page.locator("h1")).to_contain_text("amendment of")
    expect(page.locator("#lrn")).to_have_attribute("readonly", "")
    expect(page.locator("#office_code")).to_have_attribute("readonly", "")
    change_price(page, "1800")
    changes = page.locator("#changes")
    expect(changes.locator("del").filter(has_text="1200.00").first).to_be_visible()
    expect(changes.locator("ins").filter(has_text="1800.00").first).to_be_visible()
    expect(page.locator("#duty")).to_contain_text("will be charged")
    check_accessibility(page)
    page.get_by_label("Reason").fill("The seller sent a corrected invoice.")
    page.get_by_role("button", name="Send the amendment").click()
    expect(page.locator("h1")).to_contain_text("accepted")
    page.get_by_role("link", name="version 2").click()
    expect(page.locator("#items")).to_contain_text("1,800")
    page.get_by_role("link", name="side by side").click()
    expect(page.locator("#changes ins").filter(has_text="1800.00").first).to_be_visible()
    expect(page.locator("#charges strong").first).to_contain_text("+")
    check_accessibility(page)


def test_after_release_a_disclosure_is_paid_and_the_goods_stay_released(
    trader_page: Page, check_accessibility: Check
) -> None:
    page = trader_page
    begin(page, invoice="1200")
    fill_items(page, TEA)
    add_papers(page, TEA)
    lodge(page)
    pay_from_the_account(page)
    see(page, "#standing h2", "Released")
    page.get_by_role("button", name="Correct").click()
    page.wait_for_url("**/edit/procedure/")
    change_price(page, "2400")
    expect(page.locator("#send")).to_contain_text("counts as soon as you send it")
    page.get_by_label("Reason").fill("The final invoice is higher.")
    page.get_by_role("button", name="Send the amendment").click()
    page.get_by_role("link", name="version 2").click()
    expect(page.locator("#standing")).to_contain_text("goods stay released")
    check_accessibility(page)
    pay_from_the_account(page)
    see(page, "#standing h2", "Released")
    expect(page.locator("#standing")).to_contain_text("Print the release note")
