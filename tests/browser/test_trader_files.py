"""A trader files in the browser: three items, by keyboard and paste, through a lost session and a line that drops."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from customs_portal.demo.accounts import PASSWORD
from tests.browser.conftest import TRADER

SAVED = "[data-save-state][data-state=saved]"
# Commodity, description, origin, procedure, packages, kind, gross, net, supplementary quantity and unit, price.
ROWS = [
    ("0902300001", "Black tea in packets of 100 g", "CN", "4000", "40", "CT", "420", "400", "", "", "1200"),
    ("0808108000", "Fresh apples", "KZ", "4000", "600", "BX", "12 400", "12 000", "", "", "8400,50"),
    ("2203000100", "Beer in bottles", "DE", "4000", "100", "CT", "1300", "1000", "1000", "LTR", "900"),
]


def begin(page: Page) -> None:
    """A new import with what the portal cannot know filled in, as far as the items."""
    page.goto("/declarations/new/")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/edit/procedure/")
    write(page, office_code="TJ01")
    to_section(page, 2, "parties")
    write(page, exporter_name="Silk Road Export GmbH\nHamburg, Germany")
    to_section(page, 3, "transport")
    write(page, export_country="DE", trading_country="DE", border_mode="3", departure_identity="01 777 AB 01",
          departure_nationality="TJ")  # fmt: skip
    to_section(page, 4, "value")
    write(page, invoice_amount="10 500,50", invoice_currency="USD", delivery_terms_code="CIP",
          delivery_terms_place="Dushanbe", transaction_nature_1="1")  # fmt: skip


def write(page: Page, **fields: str) -> None:
    """Each box is filled and left; the page says that it was saved."""
    for name, text in fields.items():
        box = page.locator(f"#{name}")
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(text)
        else:
            box.fill(text)
            box.press("Tab")
    expect(page.locator(SAVED)).to_be_visible()


def to_section(page: Page, number: int, name: str) -> None:
    page.keyboard.press(f"Alt+Digit{number}")
    page.wait_for_url(re.compile(rf"/edit/{name}/"))


def paste(page: Page, selector: str, text: str) -> None:
    """Paste as a person would whose clipboard holds cells of a spreadsheet."""
    page.locator(selector).focus()
    page.locator(selector).evaluate(
        """(box, text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        text,
    )


def fill_items(page: Page) -> None:
    to_section(page, 5, "items")
    paste(page, "#items-0-commodity_code", "\n".join("\t".join(row) for row in ROWS))
    expect(page.locator("[data-grid] tbody tr")).to_have_count(3)


def add_papers(page: Page) -> None:
    to_section(page, 6, "documents")
    for number, (code, reference) in enumerate((("380", "INV-17"), ("730", "CMR-204")), start=1):
        page.locator("[name='new.code']").fill(code)
        page.locator("[name='new.reference']").fill(reference)
        page.locator("[name='new.date']").fill("2026-11-02")
        page.locator("[value=add_paper]").click()
        expect(page.locator("#papers tbody tr")).to_have_count(number)
    expect(page.locator("#papers")).to_contain_text("1-3")


def test_a_trader_files_three_items_without_touching_the_mouse_where_it_counts(trader_page: Page) -> None:
    page = trader_page
    begin(page)
    fill_items(page)
    expect(page.locator("#items-1-gross_mass")).to_have_value("12400")
    expect(page.locator("#totals")).to_contain_text("10,500.50 USD")
    expect(page.locator("#totals")).to_contain_text("as the invoice")
    expect(page.locator("#duty .big-number").first).not_to_have_text(re.compile(r"^0\.00"))
    add_papers(page)
    to_section(page, 8, "review")
    expect(page.locator("#faults")).to_have_count(0)
    page.get_by_label("I declare that the particulars are true and complete.").check()
    page.get_by_role("button", name="Lodge the declaration").dblclick()
    page.wait_for_url(re.compile(r"/declarations/[0-9a-f-]{36}/$"))
    expect(page.locator("main")).to_contain_text(re.compile(r"\d{2}TJ[A-Z0-9]{13}\d"))


def test_a_session_that_ends_in_mid_form_loses_nothing(trader_page: Page) -> None:
    page = trader_page
    begin(page)
    page.context.clear_cookies(name="sessionid")
    page.locator("#insurance").fill("777,25")
    page.locator("#insurance").press("Tab")
    page.wait_for_url(re.compile(r"/account/login/\?next="))
    page.fill("[name=login]", TRADER)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/edit/value/")
    expect(page.locator(SAVED)).to_be_visible()
    expect(page.locator("#insurance")).to_have_value("777.25")
    page.reload()
    expect(page.locator("#insurance")).to_have_value("777.25")
    expect(page.locator("#delivery_terms_place")).to_have_value("Dushanbe")


def test_a_line_that_drops_is_told_and_the_text_is_sent_when_it_is_back(trader_page: Page) -> None:
    page = trader_page
    begin(page)
    page.context.set_offline(True)
    page.locator("#other_cost").fill("55")
    page.locator("#other_cost").press("Tab")
    expect(page.locator("[data-save-state]")).to_contain_text("Not saved yet")
    page.context.set_offline(False)
    expect(page.locator(SAVED)).to_be_visible(timeout=20_000)
    page.reload()
    expect(page.locator("#other_cost")).to_have_value("55.00")


def test_the_grid_moves_by_keys_and_grows_by_enter(trader_page: Page) -> None:
    page = trader_page
    begin(page)
    fill_items(page)
    page.locator("#items-0-gross_mass").focus()
    for key, place in (("ArrowDown", "items-1-gross_mass"), ("ArrowRight", "items-1-net_mass"),
                       ("Enter", "items-2-net_mass"), ("ArrowUp", "items-1-net_mass")):  # fmt: skip
        page.keyboard.press(key)
        expect(page.locator(f"#{place}")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-grid] tbody tr")).to_have_count(4)
    expect(page.locator("#items-3-commodity_code")).to_be_focused()
    expect(page.locator("#items-3-extended_procedure")).to_have_value("4000")


def test_a_commodity_is_found_by_its_name(trader_page: Page) -> None:
    page = trader_page
    begin(page)
    to_section(page, 5, "items")
    page.locator("#items-0-commodity_code").press_sequentially("apples", delay=40)
    page.locator("#suggestions li", has_text="0808").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(SAVED)).to_be_visible()
    expect(page.locator("#items-0-commodity_code")).to_have_value(re.compile(r"^\d{10}$"))


def test_every_section_is_accessible(trader_page: Page, check_accessibility: Callable[[Page], None]) -> None:
    page = trader_page
    begin(page)
    fill_items(page)
    for number, name in enumerate(
        ("procedure", "parties", "transport", "value", "items", "documents", "payment", "review"), start=1
    ):
        to_section(page, number, name)
        expect(page.locator("#duty .big-number").first).to_be_visible()
        check_accessibility(page)
    to_section(page, 5, "items")
    page.locator("tbody th a").first.click()
    expect(page.locator("#duty .big-number").first).to_be_visible()
    check_accessibility(page)
