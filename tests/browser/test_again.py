"""Again and again: a party from the address book, a template, and what falls on each item, by keyboard."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.steps import SAVED, add_papers, begin, fill_items, to_section, write


def choose(page: Page, role: str, text: str) -> None:
    """Type into the field of the address book, and take its first suggestion."""
    box = page.locator(f"#choose-{role}")
    box.focus()
    box.press_sequentially(text)
    expect(page.locator("#suggestions-list [role=option]").first).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.locator(SAVED)).to_be_visible()


def test_what_was_filed_once_is_filed_again_from_a_template_by_keyboard(
    trader_page: Page, check_accessibility: Callable[[Page], None]
) -> None:
    page = trader_page
    begin(page)
    to_section(page, 2, "parties")
    write(page, exporter_code="DE-811", exporter_name="Elbe Kontor GmbH\nHafenstrasse 3, Hamburg")
    page.get_by_role("button", name="Keep in the address book").first.press("Enter")
    expect(page.get_by_text("is kept in the address book")).to_be_visible()
    fill_items(page)
    to_section(page, 4, "value")
    expect(page.locator("#apportionment")).to_contain_text("Write freight")
    write(page, external_freight="350", external_freight_currency="USD")
    table = page.locator("#apportionment table")
    expect(table.locator("tbody tr")).to_have_count(3)
    total = table.locator("tfoot td").last.inner_text()
    write(page, working_mode="1")
    expect(page.locator("#apportionment")).to_contain_text("shared by gross mass")
    assert table.locator("tfoot td").last.inner_text() == total
    check_accessibility(page)
    add_papers(page)
    page.get_by_role("link", name="Make a template").press("Enter")
    page.get_by_label("Name of the template").fill("Three things from Hamburg")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The template is kept.")).to_be_visible()
    page.keyboard.press("Enter")  # the cursor waits on "New declaration"
    page.wait_for_url(re.compile(r"/edit/documents/#"))
    numbers = page.locator("td.cell--reference input").evaluate_all("boxes => boxes.map(box => box.value)")
    assert set(numbers) == {""}
    to_section(page, 2, "parties")
    write(page, exporter_code="", exporter_name="Somebody else\nBremen")
    choose(page, "exporter", "elbe")
    assert page.locator("#exporter_code").input_value() == "DE-811"
    assert page.locator("#exporter_name").input_value() == "Elbe Kontor GmbH\nHafenstrasse 3, Hamburg"
    check_accessibility(page)
