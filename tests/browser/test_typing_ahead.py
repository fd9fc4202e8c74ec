"""Keys fall faster than answers come: 30 ms a key, 300 ms of line. Each lands where the cursor is, and is kept."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import TRADER, Desk
from tests.browser.steps import SAVED, paste
from tests.stack import Stack, wait_for

KEY_MS = 30
LINE_MS = 300
ROWS = (
    ("0902300001", "Black tea in tea bags", "CN", "4000", "40", "CT", "420", "400", "", "", "1200"),
    ("6911100000", "Porcelain tableware", "KZ", "4000", "90", "BX", "2900", "2700.5", "", "", "8400.50"),
    ("0808108006", "Fresh apples", "UZ", "4000", "60", "CT", "1240", "1200", "", "", "900"),
)
FIELDS = (
    "commodity_code", "commercial_description", "origin_country", "extended_procedure", "packages_number",
    "packages_kind", "gross_mass", "net_mass", "supplementary_quantity_1", "supplementary_unit_1", "item_price",
)  # fmt: skip
COLUMNS = ", ".join(f"coalesce(item.{name}::text, '')" for name in FIELDS)
ITEMS = f"""
SELECT json_agg(json_build_array({COLUMNS}) ORDER BY item.number)
FROM declarations_item AS item JOIN declarations_declaration AS declaration ON declaration.id = item.declaration_id
WHERE declaration.public_id = %s
"""


@pytest.fixture
def slow(trader_page: Page) -> Page:
    """The items of a new import, with one empty item, on a slow line."""
    trader_page.goto("/declarations/new/")
    trader_page.get_by_role("button", name="Start").click()
    trader_page.wait_for_url("**/edit/procedure/")
    trader_page.goto(trader_page.url.replace("/procedure/", "/items/"))
    trader_page.wait_for_function("document.querySelector('form[data-live]')")
    slow_down(trader_page)
    return trader_page


def slow_down(page: Page) -> None:
    """Each answer comes 300 ms later. Nothing else waits: keys go on falling."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": LINE_MS, "downloadThroughput": -1, "uploadThroughput": -1},
    )


def lose_the_answer(route: Route) -> None:
    """The server has saved, and the page does not hear of it."""
    route.fetch()
    route.abort()


def key_of(page: Page) -> str:
    found = re.search(r"[0-9a-f-]{36}", page.url)
    assert found
    return found.group()


def items(stack: Stack, page: Page) -> list[list[str]]:
    """The items as the database has them, numbers without idle zeros."""
    rows: Any = stack.value(ITEMS, key_of(page))
    found = json.loads(rows) if isinstance(rows, str) else rows or []
    return [[re.sub(r"\.?0+$", "", text) if "." in text else text for text in row] for row in found]


def written(rows: tuple[tuple[str, ...], ...]) -> list[list[str]]:
    return [[re.sub(r"\.?0+$", "", text) if "." in text else text for text in row] for row in rows]


def type_row(page: Page, row: tuple[str, ...]) -> None:
    """From the first box of a row to its last, with Tab between them; every text is typed over what stands there."""
    for place, text in enumerate(row):
        if place:
            page.keyboard.press("Tab")
        page.keyboard.type(text, delay=KEY_MS)


def all_saved(page: Page, stack: Stack, rows: tuple[tuple[str, ...], ...]) -> None:
    expect(page.locator(SAVED)).to_be_visible()
    wait_for(lambda: items(stack, page) == written(rows), f"{written(rows)}", explain=lambda: str(items(stack, page)))


def test_rows_typed_without_a_pause_land_in_their_boxes(slow: Page, stack: Stack) -> None:
    slow.locator("#items-0-commodity_code").focus()
    type_row(slow, ROWS[0])
    slow.keyboard.press("Enter")
    type_row(slow, ROWS[1])
    slow.keyboard.press("Control+Enter")
    type_row(slow, ROWS[2])
    slow.keyboard.press("Shift+Tab")
    all_saved(slow, stack, ROWS)
    shown = [slow.locator(f"#items-{place}-{name}").input_value() for place in range(3) for name in FIELDS]
    slow.reload()
    assert [slow.locator(f"#items-{place}-{name}").input_value() for place in range(3) for name in FIELDS] == shown


def test_a_new_row_takes_the_cursor_at_once_and_no_answer_moves_it(slow: Page, stack: Stack) -> None:
    slow.locator("#items-0-item_price").focus()
    for number in range(1, 6):
        slow.keyboard.type("1200", delay=KEY_MS)
        slow.keyboard.press("Enter")
        assert slow.evaluate("document.activeElement.id") == f"items-{number}-commodity_code"
        slow.keyboard.press("Shift+End")
        for _box in range(len(FIELDS) - 1):
            slow.keyboard.press("Tab")
    slow.keyboard.type("7", delay=KEY_MS)
    expect(slow.locator(SAVED)).to_be_visible()
    slow.wait_for_timeout(4 * LINE_MS)
    assert slow.evaluate("document.activeElement.id") == "items-5-item_price"
    assert slow.locator("#items-5-item_price").input_value() == "7"
    slow.keyboard.press("Tab")
    wait_for(lambda: [row[-1] for row in items(stack, slow)] == ["1200"] * 5 + ["7"], "six prices",
             explain=lambda: str(items(stack, slow)))  # fmt: skip


def test_what_is_typed_while_a_row_is_copied_removed_or_pasted_stays(slow: Page, stack: Stack) -> None:
    slow.locator("#items-0-commodity_code").focus()
    type_row(slow, ROWS[0])
    slow.keyboard.press("Enter")
    type_row(slow, ROWS[1])
    slow.keyboard.press("Tab")
    all_saved(slow, stack, ROWS[:2])
    slow.locator("tr").nth(1).get_by_title("Copy").click()
    slow.locator("#items-1-commercial_description").focus()
    slow.keyboard.press("End")
    slow.keyboard.type(" and more of it than one answer takes", delay=KEY_MS)
    expect(slow.locator("[data-grid] tbody tr")).to_have_count(3)
    assert slow.evaluate("document.activeElement.id") == "items-1-commercial_description"
    slow.locator("tr").nth(1).get_by_title("Remove").click()
    slow.locator("#items-1-commercial_description").focus()
    slow.keyboard.press("End")
    slow.keyboard.type(" again", delay=KEY_MS * 4)
    expect(slow.locator("[data-grid] tbody tr")).to_have_count(2)
    assert slow.evaluate("document.activeElement.name").endswith("commercial_description")
    assert slow.evaluate("document.activeElement.id") == "items-0-commercial_description", "it has moved up"
    slow.keyboard.press("Tab")
    expect(slow.locator(SAVED)).to_be_visible()
    text = "Porcelain tableware and more of it than one answer takes again"
    wait_for(lambda: [row[1] for row in items(stack, slow)] == [text, ROWS[0][1]], text,
             explain=lambda: str(items(stack, slow)))  # fmt: skip
    paste(slow, "#items-1-gross_mass", "11\t10\n22\t20\n")
    slow.locator("#items-0-gross_mass").focus()
    slow.keyboard.press("Control+a")
    slow.keyboard.type("3333", delay=KEY_MS)
    expect(slow.locator("[data-grid] tbody tr")).to_have_count(3)
    slow.keyboard.press("Tab")
    wait_for(lambda: [row[6] for row in items(stack, slow)] == ["3333", "11", "22"], "the masses",
             explain=lambda: str(items(stack, slow)))  # fmt: skip


def test_rows_of_other_tables_are_there_at_once_too(slow: Page, stack: Stack) -> None:
    slow.goto(slow.url.replace("/items/", "/transport/"))
    for number, identity in enumerate(("CSQU3054383", "MSCU6639870")):
        slow.locator("#containers [data-add-row]").click()
        assert slow.evaluate("document.activeElement.id") == f"containers-{number}-item_number"
        slow.keyboard.type("1", delay=KEY_MS)
        slow.keyboard.press("Tab")
        slow.keyboard.type(identity, delay=KEY_MS)
    slow.keyboard.press("Tab")
    asked = """
        SELECT string_agg(row.item_number || ' ' || row.identity, ', ' ORDER BY row.position)
        FROM declarations_container AS row JOIN declarations_declaration AS declaration
        ON declaration.id = row.declaration_id WHERE declaration.public_id = %s
    """
    wait_for(lambda: stack.value(asked, key_of(slow)) == "1 CSQU3054383, 1 MSCU6639870", "two containers")
    slow.goto(slow.url.replace("/transport/", "/items/1/"))
    slow.locator("[data-rows=documents] [data-add-row]").click()
    slow.keyboard.type("380", delay=KEY_MS)
    slow.keyboard.press("Tab")
    slow.keyboard.type("INV-1", delay=KEY_MS)
    slow.keyboard.press("Tab")
    paper = """
        SELECT paper.code || ' ' || paper.reference FROM declarations_itemdocument AS paper
        JOIN declarations_item AS item ON item.id = paper.item_id
        JOIN declarations_declaration AS declaration ON declaration.id = item.declaration_id
        WHERE declaration.public_id = %s
    """
    wait_for(lambda: stack.value(paper, key_of(slow)) == "380 INV-1", "the paper")


def test_an_answer_that_is_lost_makes_no_row_twice_and_loses_none(slow: Page, stack: Stack) -> None:
    slow.locator("#items-0-item_price").focus()
    slow.route("**/fields/", lose_the_answer)
    slow.keyboard.type("5", delay=KEY_MS)
    slow.keyboard.press("Enter")
    slow.keyboard.type("0902300001", delay=KEY_MS)
    slow.keyboard.press("Tab")
    expect(slow.locator("[data-save-state]")).to_contain_text("Not saved yet")
    slow.unroute("**/fields/")
    wait_for(lambda: [row[0] for row in items(stack, slow)] == ["", "0902300001"], "two items", seconds=40)
    slow.reload()
    expect(slow.locator("[data-grid] tbody tr")).to_have_count(2)


# Two windows --------------------------------------------------------------------------------------------------
def test_two_windows_show_both_texts_and_lose_none(desk: Desk, slow: Page, stack: Stack) -> None:
    slow.locator("#items-0-net_mass").focus()
    slow.keyboard.press("Control+Enter")
    expect(slow.locator(SAVED)).to_be_visible()
    other = desk.log_in(TRADER)
    other.goto(slow.url)
    other.locator("#items-0-net_mass").fill("390")
    other.locator("#items-1-net_mass").fill("77")
    other.locator("#items-1-net_mass").press("Tab")
    expect(other.locator(SAVED)).to_be_visible()
    slow.locator("#items-0-net_mass").fill("380")
    slow.locator("#items-0-net_mass").press("Tab")
    note = slow.locator(".conflict")
    expect(note).to_contain_text("380")
    expect(note).to_contain_text("390")
    assert [row[7] for row in items(stack, slow)] == ["390", "77"]
    slow.reload()
    expect(slow.locator("#items-0-net_mass")).to_have_value("380")
    slow.get_by_role("button", name="Use mine").click()
    wait_for(lambda: items(stack, slow)[0][7] == "380", "the choice")
    # The first row goes in one window; the other writes on in the second row, and into the one that is gone.
    slow.locator("tr").nth(1).get_by_title("Remove").click()
    expect(slow.locator("[data-grid] tbody tr")).to_have_count(1)
    other.locator("#items-1-gross_mass").fill("80")
    other.locator("#items-1-gross_mass").press("Tab")
    wait_for(lambda: [row[6:8] for row in items(stack, slow)] == [["80", "77"]], "the second row alone")
    other.locator("#items-0-item_price").fill("12345")
    other.locator("#items-0-item_price").press("Tab")
    expect(other.locator(".conflict")).to_contain_text("12345")
    expect(other.locator(".conflict")).to_contain_text("removed meanwhile")
    assert items(stack, slow)[0][10] == ""


# Other pages --------------------------------------------------------------------------------------------------
def test_the_calculator_takes_no_box_away_that_is_being_typed_in(page: Page) -> None:
    page.goto("/calculator/?currency=USD&i=2203001000~1000~DE~~~~~~~LTR-500")
    slow_down(page)
    page.fill("[name='0-commodity_code']", "0808108000")
    page.wait_for_timeout(450)  # the request is on its way: it waits 400 ms for further keys
    page.locator("[name='0-quantity_LTR']").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("77788", delay=KEY_MS)
    page.wait_for_timeout(LINE_MS)
    page.keyboard.type("9", delay=KEY_MS)
    assert page.evaluate("document.activeElement.name") == "0-quantity_LTR"
    assert page.locator("[name='0-quantity_LTR']").input_value() == "777889"
    page.locator("[name='0-item_price']").focus()
    expect(page.locator("[name='0-quantity_LTR']")).to_have_count(0)


SPOILT = "\n".join(
    ["902300009\tBlack tea of the first harvest, in packets\tChina\t4000\tabc\tCT\t1.000\t1,000\t\t\t1.200"] * 3
)


@pytest.mark.parametrize("width", [1440, 1280, 900, 360])
def test_the_items_fit_the_page_and_every_fault_is_whole(desk: Desk, width: int) -> None:
    page = desk.log_in(TRADER, viewport={"width": width, "height": 900})
    page.goto("/declarations/new/")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/edit/procedure/")
    page.goto(page.url.replace("/procedure/", "/items/"))
    page.wait_for_function("document.querySelector('form[data-live]')")
    paste(page, "#items-0-commodity_code", SPOILT)
    expect(page.locator("[data-grid] tbody tr")).to_have_count(3)
    expect(page.locator("[data-grid] [data-faults]:not([hidden])").first).to_be_visible()
    wide = "element => element.scrollWidth - element.clientWidth"
    assert page.locator("html").evaluate(wide) <= 0
    assert page.locator("#grid .table-scroll").evaluate(wide) <= 0
    for box in page.locator("#items-0-commodity_code, #items-0-item_price").all():
        place = box.bounding_box()
        assert place is not None
        assert 0 <= place["x"] <= place["x"] + place["width"] <= width
    cut = "faults => faults.filter(one => one.scrollHeight > one.clientHeight + 1 || !one.textContent.trim()).length"
    assert page.locator("[data-grid] [data-faults]:not([hidden])").evaluate_all(cut) == 0
