"""Keys fall faster than answers come: 30 ms a key, 300 ms of line. Each lands where the cursor is, and is kept."""

import json
import re
from collections.abc import Callable
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
Rows = tuple[tuple[str, ...], ...]


@pytest.fixture
def slow(trader_page: Page) -> Page:
    """The items of a new import, with one empty item, on a slow line."""
    trader_page.goto("/declarations/new/")
    trader_page.get_by_role("button", name="Start").click()
    trader_page.wait_for_url("**/edit/procedure/")
    to_grid(trader_page, trader_page.url.replace("/procedure/", "/items/"))
    slow_down(trader_page)
    return trader_page


def to_grid(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector("form[data-grid]")


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
    return [[plain(text) for text in row] for row in found]


def plain(text: str) -> str:
    return re.sub(r"\.?0+$", "", text) if re.fullmatch(r"\d+\.\d+", text) else text


def type_row(page: Page, row: tuple[str, ...]) -> None:
    """From the first box of a row to its last, with Tab between them; every text is typed over what stands there."""
    for place, text in enumerate(row):
        if place:
            page.keyboard.press("Tab")
        page.keyboard.type(text, delay=KEY_MS)


def here(page: Page) -> str:
    """Item and field in which the cursor stands."""
    return str(page.evaluate("document.activeElement.id"))


def at(page: Page, number: int, field: str) -> None:
    """The cursor goes to a box, as by a click on it."""
    page.locator(f"#items-{number - 1}-{field}").click()
    assert here(page) == f"items-{number - 1}-{field}"


def saved_as(page: Page, stack: Stack, rows: Rows) -> None:
    """The page and the database say the same, and nothing waits."""
    wanted = [[plain(text) for text in row] for row in rows]
    expect(page.locator(SAVED)).to_be_visible()
    wait_for(lambda: items(stack, page) == wanted, f"{wanted}", explain=lambda: str(items(stack, page)))

    def shown() -> list[list[str]]:
        return [[plain(page.locator(f"#items-{n}-{name}").input_value().replace(",", ".")) for name in FIELDS]
                for n in range(len(rows))]  # fmt: skip

    # The last answer may still be on its way: it brings a code as the portal spells it.
    wait_for(lambda: shown() == wanted, f"{wanted}", explain=lambda: str(shown()))


def changed(row: tuple[str, ...], **texts: str) -> tuple[str, ...]:
    return tuple(texts.get(name, text) for name, text in zip(FIELDS, row, strict=True))


def test_every_key_lands_where_the_cursor_stands(
    slow: Page, stack: Stack, check_accessibility: Callable[[Page], None]
) -> None:
    """Typed, copied, removed, pasted, filled down, undone and done again, without once waiting for the server."""
    tea, ware, apples = ROWS
    at(slow, 1, "commodity_code")
    type_row(slow, tea)
    slow.keyboard.press("Enter")
    assert here(slow) == "items-1-commodity_code", "a new row is there at once"
    type_row(slow, ware)
    slow.keyboard.press("Control+Enter")
    type_row(slow, apples)
    slow.keyboard.press("Shift+Tab")
    saved_as(slow, stack, ROWS)
    # Copied and removed while one types on in another row; the cursor moves with its row.
    slow.locator("[data-row]").first.get_by_title("Copy").click()
    at(slow, 3, "commercial_description")
    slow.keyboard.press("F2")
    slow.keyboard.type(" of this year", delay=KEY_MS)
    at(slow, 2, "origin_country")
    slow.keyboard.press("Control+Delete")
    assert here(slow) == "items-1-origin_country"
    slow.keyboard.type("tj", delay=KEY_MS)
    slow.keyboard.press("Tab")
    # Two rows pasted over the last one and below it, and typed into while they come.
    apples = changed(apples, commercial_description="Fresh apples of this year", origin_country="TJ")
    held: list[Route] = []
    slow.route("**/items/read/", lambda route: held.append(route))
    paste(slow, "#items-2-gross_mass", "11\t10\n22\t20\n")
    assert slow.locator("[data-row]").count() == 4, "a pasted row is there at once"
    slow.keyboard.press("ArrowDown")
    slow.keyboard.press("ArrowDown")
    slow.keyboard.type("33", delay=KEY_MS)
    slow.keyboard.press("ArrowUp")
    slow.wait_for_function("document.querySelector('.is-coming')")
    held[0].continue_()
    fresh = ("", "", "CN", "4000", "", "CT", "33", "20", "", "", "")
    copy = changed(tea, gross_mass="11", net_mass="10")
    saved_as(slow, stack, (tea, apples, copy, fresh))
    undone_and_filled(slow, stack, (tea, apples, copy, fresh))
    check_accessibility(slow)
    slow.reload()
    slow.wait_for_selector("form[data-grid]")
    expect(slow.locator("[data-row]")).to_have_count(4)


def undone_and_filled(page: Page, stack: Stack, rows: Rows) -> None:
    tea, apples, copy, fresh = rows
    ware = ROWS[1]
    for _step in ("the paste with what was typed into it", "the origin"):
        page.keyboard.press("Control+z")
    saved_as(page, stack, (tea, changed(apples, origin_country="UZ"), tea))
    page.keyboard.press("Control+z")
    saved_as(page, stack, (tea, ware, changed(apples, origin_country="UZ"), tea))
    for _step in ("the removal", "the origin", "the paste"):
        page.keyboard.press("Control+y")
    saved_as(page, stack, rows)
    # Chosen cells: filled down, one text for all of them, copied and pasted.
    at(page, 1, "packages_number")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+d")
    at(page, 1, "extended_procedure")
    page.keyboard.press("Control+Shift+ArrowDown")
    page.keyboard.type("7100", delay=KEY_MS)
    page.keyboard.press("Control+Enter")
    same = {"extended_procedure": "7100"}
    filled = {**same, "packages_number": "40"}
    saved_as(
        page, stack, (changed(tea, **same), changed(apples, **filled), changed(copy, **filled), changed(fresh, **same))
    )


def test_rows_of_other_tables_are_there_at_once_too(slow: Page, stack: Stack) -> None:
    slow.goto(slow.url.replace("/items/", "/transport/"))
    for number, identity in enumerate(("CSQU3054383", "MSCU6639870")):
        slow.locator("#containers [data-add-row]").click()
        assert here(slow) == f"containers-{number}-item_number"
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


# Two windows, and a bad line ----------------------------------------------------------------------------------
def test_two_windows_and_a_line_that_is_cut_lose_nothing(desk: Desk, slow: Page, stack: Stack) -> None:
    other = desk.log_in(TRADER)
    # The portal goes away in the middle of a word, and the page is left: what was typed is saved by the next page.
    slow.route("**/items/steps/", lose_the_answer)
    at(slow, 1, "item_price")
    slow.keyboard.type("5", delay=KEY_MS)
    slow.keyboard.press("Enter")
    slow.keyboard.type("0902300001", delay=KEY_MS)
    slow.keyboard.press("Tab")
    expect(slow.locator("[data-save-state]")).to_contain_text("Not saved yet")
    slow.unroute("**/items/steps/")
    stack.kill("web")
    slow.keyboard.type("Black tea", delay=KEY_MS)
    stack.mend()
    slow.goto(slow.url.replace("/items/", "/value/"))
    wait_for(lambda: [row[:2] for row in items(stack, slow)] == [["", ""], ["0902300001", "Black tea"]], "two items",
             explain=lambda: str(items(stack, slow)))  # fmt: skip
    to_grid(slow, slow.url.replace("/value/", "/items/"))
    # Both write into one box: both texts are shown, and the person chooses.
    to_grid(other, slow.url)
    write(other, 1, "net_mass", "390")
    write(other, 2, "net_mass", "77")
    write(slow, 1, "net_mass", "380", is_refused=True)
    note = slow.locator(".conflict")
    expect(note).to_contain_text("380")
    expect(note).to_contain_text("390")
    expect(slow.locator("#items-1-net_mass")).to_have_value("77")
    assert [row[7] for row in items(stack, slow)] == ["390", "77"]
    slow.reload()
    expect(slow.locator("#items-0-net_mass")).to_have_value("380")
    slow.get_by_role("button", name="Use mine").click()
    wait_for(lambda: items(stack, slow)[0][7] == "380", "the choice")
    # The first row goes in one window; the other writes on in the second row, and into the one that is gone.
    at(slow, 1, "net_mass")
    slow.keyboard.press("Control+Delete")
    wait_for(lambda: len(items(stack, slow)) == 1, "one row")
    write(other, 1, "item_price", "12345", is_refused=True)
    expect(other.locator(".conflict")).to_contain_text("12345")
    expect(other.locator(".conflict")).to_contain_text("removed meanwhile")
    expect(other.locator("[data-row]")).to_have_count(1)
    write(other, 1, "gross_mass", "80")
    assert [row[6:8] for row in items(stack, slow)] == [["80", "77"]], "the second row alone"


def write(page: Page, number: int, field: str, text: str, *, is_refused: bool = False) -> None:
    at(page, number, field)
    page.keyboard.type(text)
    page.keyboard.press("Tab")
    expect(page.locator("[data-state=refused]" if is_refused else SAVED)).to_be_visible()


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


def test_what_does_not_fit_scrolls_in_the_grid_with_the_code_in_sight(desk: Desk) -> None:
    page = desk.log_in(TRADER, viewport={"width": 1280, "height": 900})
    page.goto("/declarations/new/")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/edit/procedure/")
    to_grid(page, page.url.replace("/procedure/", "/items/"))
    paste(page, "#items-0-commodity_code", SPOILT)
    expect(page.locator("#grid-faults-title")).to_contain_text("To correct")
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 900})
        page.locator("#items-2-item_price").click()
        assert page.locator("html").evaluate("page => page.scrollWidth - page.clientWidth") <= 0
        for box in page.locator("#items-2-commodity_code, #items-2-item_price").all():
            place = box.bounding_box()
            assert place is not None
            assert 0 <= place["x"] <= place["x"] + place["width"] <= width
    page.keyboard.press("F8")
    expect(page.locator("#grid-said")).to_contain_text(re.compile("cannot be read|two different"))
