"""A trader files in the browser: three items, by keyboard and paste, through a lost session and a line that drops."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from demo.accounts import PASSWORD
from lib.sheets import workbook
from tests.browser.conftest import TRADER
from tests.browser.steps import SAVED, add_papers, begin, fill_items, lodge, to_section
from tests.stack import Stack

USED = """
INSERT INTO declarations_usedcode (company_id, code_list, code, times, last_on)
SELECT DISTINCT m.company_id, used.list, used.code, 900, current_date FROM traders_membership m
JOIN accounts_user u ON u.id = m.user_id AND u.email = 'trader@demo.example'
CROSS JOIN (VALUES ('country', 'UZ'), ('commodity', '0902300001')) AS used (list, code)
ON CONFLICT (company_id, code_list, code) DO UPDATE SET times = 900
"""


def test_a_trader_files_three_items_without_touching_the_mouse_where_it_counts(trader_page: Page) -> None:
    page = trader_page
    begin(page)
    fill_items(page)
    expect(page.locator("#items-1-gross_mass")).to_have_value("12400")
    expect(page.locator("#totals")).to_contain_text("10,500.50 USD")
    expect(page.locator("#totals")).to_contain_text("as the invoice")
    expect(page.locator("#duty .big-number").first).not_to_have_text(re.compile(r"^0\.00"))
    add_papers(page)
    lodge(page)


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
    expect(page.locator("[data-grid] [data-row]")).to_have_count(4)
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
    page.locator("[data-row] .grid-number a").first.click()
    expect(page.locator("#duty .big-number").first).to_be_visible()
    check_accessibility(page)


def test_a_list_of_codes_opens_by_keys_and_tab_takes_and_goes_on(trader_page: Page) -> None:
    page = trader_page
    begin(page)
    to_section(page, 3, "transport")
    field = page.locator("[data-codes=country]").first
    field.fill("")
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-expanded", "true")
    options = page.locator("#suggestions [role=option]")
    expect(options).to_have_count(40)
    expect(page.locator("#suggestions [aria-selected=true]")).to_have_count(0)
    field.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", options.last.get_attribute("id") or "")
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("")
    field.press_sequentially("germ")
    expect(options.first).to_contain_text("Germany")
    field.press("ArrowDown")
    field.press("Tab")
    expect(field).to_have_value("DE")
    expect(field).not_to_be_focused()
    expect(page.locator("#suggestions")).to_be_hidden()
    field.press_sequentially("xyzxyz")
    expect(page.locator("[role=status]", has_text="Nothing found")).to_have_count(1)


def test_in_the_grid_arrows_move_between_cells_until_the_list_is_open(trader_page: Page, stack: Stack) -> None:
    stack.rows(USED)
    page = trader_page
    begin(page)
    fill_items(page)
    origin = page.locator("#items-0-origin_country")
    origin.focus()
    origin.press("ArrowDown")
    expect(page.locator("#items-1-origin_country")).to_be_focused()
    page.keyboard.press("ArrowUp")
    origin.fill("")
    origin.press("Alt+ArrowDown")
    expect(origin).to_have_attribute("aria-expanded", "true")
    options = page.locator("#suggestions [role=option]")
    expect(options.first).to_have_text("UZ Uzbekistan used before")
    origin.press("ArrowDown")
    expect(origin).to_be_focused()
    chosen = page.locator("#suggestions [aria-selected=true]").get_attribute("data-code") or ""
    origin.press("Enter")
    expect(origin).to_have_value(chosen)
    expect(origin).to_be_focused()
    code = page.locator("#items-2-commodity_code")
    code.fill("")
    code.press_sequentially("tea")
    expect(options.first).to_contain_text("0902 30 000 1")
    expect(options.first).to_contain_text("used before")


def test_a_packing_list_becomes_items_and_goes_again(
    trader_page: Page, check_accessibility: Callable[[Page], None]
) -> None:
    page = trader_page
    begin(page)
    to_section(page, 5, "items")
    page.get_by_role("link", name="From a file").click()
    rows = [("902300009", "Чай чёрный", "Китай", "10 CTNS", "420", "400", "1200,50"),
            ("0808108000", "Яблоки", "KZ", "600", "12 400", "12 000", "8400"),
            ("Итого", "", "", "", "12820", "12401", "9600,50")]  # fmt: skip
    head = (
        "Код ТН ВЭД",
        "Наименование",
        "Страна происхождения",
        "Кол-во мест",
        "Брутто, кг",
        "Нетто, кг",
        "Сумма, USD",
    )
    content = workbook([("Инвойс № 17/Б от 02.11.2026",), head, *rows])
    page.set_input_files("[name=file]", {"name": "list.xlsx", "mimeType": "application/zip", "buffer": content})
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("#rows")).to_contain_text("2 items would be written")
    expect(page.locator("#rows")).to_contain_text("the row of totals says 12,401")
    check_accessibility(page)
    page.get_by_role("button", name="Accept all 3 proposals").click()
    expect(page.locator("#rows")).to_contain_text("Every cell can be read.")
    page.get_by_role("button", name="Write the items").click()
    expect(page.get_by_text("2 items were written.")).to_be_visible()
    page.get_by_role("button", name="Undo the table").click()
    expect(page.get_by_text("The draft is as it was before the table.")).to_be_visible()
