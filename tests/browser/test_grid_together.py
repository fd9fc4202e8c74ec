"""The grid with somebody else in it: rows removed, boxes changed, windows duplicated, sessions ended."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from demo.accounts import PASSWORD
from tests.browser.conftest import TRADER, Desk
from tests.browser.steps import SAVED, paste
from tests.browser.test_typing_ahead import KEY_MS, at, here, items, key_of, slow_down, to_grid, write
from tests.stack import Stack, wait_for

THREE = "0902300001\tTea\tCN\n6911100000\tDishes\tKZ\n0808108006\tApples\tUZ"
NOTES = ".conflict"


@pytest.fixture
def first(trader_page: Page) -> Page:
    """Three items on a slow line."""
    trader_page.goto("/declarations/new/")
    trader_page.get_by_role("button", name="Start").click()
    trader_page.wait_for_url("**/edit/procedure/")
    to_grid(trader_page, trader_page.url.replace("/procedure/", "/items/"))
    paste(trader_page, "#items-0-commodity_code", THREE)
    expect(trader_page.locator("[data-row]:not(.is-coming)")).to_have_count(3)
    expect(trader_page.locator(SAVED)).to_be_visible()
    slow_down(trader_page)
    return trader_page


@pytest.fixture
def second(first: Page, desk: Desk) -> Page:
    """The same items in another window."""
    page = desk.log_in(TRADER)
    to_grid(page, first.url)
    return page


def column(stack: Stack, page: Page, place: int) -> list[str]:
    """What all items say in one column, as the database has it."""
    return [row[place] for row in items(stack, page)]


def removed_by(page: Page, stack: Stack, number: int) -> None:
    left = len(items(stack, page)) - 1
    at(page, number, "commodity_code")
    page.keyboard.press("Control+Delete")
    wait_for(lambda: len(items(stack, page)) == left, "the removal")


# Somebody else removes and changes ----------------------------------------------------------------------------
def test_no_key_falls_into_another_item_when_a_row_is_removed_under_the_cursor(
    first: Page, second: Page, stack: Stack, check_accessibility: Callable[[Page], None]
) -> None:
    removed_by(second, stack, 2)
    at(first, 2, "packages_number")
    first.keyboard.type("12", delay=KEY_MS)
    first.keyboard.press("Tab")
    first.keyboard.type("CT", delay=KEY_MS)
    first.keyboard.press("Tab")
    first.keyboard.type("4567890123456789", delay=3 * KEY_MS)  # the answer comes in the middle
    expect(first.locator("#grid-where")).to_contain_text("Somebody else removed this item")
    expect(first.locator(".is-gone")).to_have_count(1)
    expect(first.locator("#grid-count")).to_contain_text("2")
    check_accessibility(first)
    first.keyboard.press("ArrowDown")
    expect(first.locator("[data-row]")).to_have_count(2)
    for typed in ("12", "CT", "4567890123456789"):
        expect(first.locator(NOTES, has_text=f"“{typed}”")).to_be_visible()
    assert [row[:5] for row in items(stack, first)] == [
        ["0902300001", "Tea", "CN", "4000", ""], ["0808108006", "Apples", "UZ", "4000", ""]]  # fmt: skip
    assert column(stack, first, 6) == ["", ""]


def test_a_row_in_which_one_types_stays_in_sight_when_it_no_longer_fits_the_search(
    first: Page, second: Page, stack: Stack
) -> None:
    first.fill("#grid-filter", "dishes")
    expect(first.locator("[data-row]")).to_have_count(1)
    write(second, 1, "net_mass", "5")
    at(first, 2, "commercial_description")
    first.keyboard.type("Plates", delay=KEY_MS)
    first.keyboard.press("Tab")
    first.keyboard.press("Tab")
    first.keyboard.press("Tab")
    first.keyboard.type("123456789", delay=3 * KEY_MS)  # the rows come anew in the middle
    first.keyboard.press("Tab")
    wait_for(lambda: column(stack, first, 4) == ["", "123456789", ""], "all of it in the row in which it was typed")
    assert column(stack, first, 7) == ["5", "", ""]
    expect(first.locator("[data-row]")).to_have_count(1)


def test_what_somebody_else_wrote_while_one_typed_is_asked_about(first: Page, second: Page, stack: Stack) -> None:
    write(second, 1, "net_mass", "500")
    write(second, 3, "net_mass", "7")
    at(first, 1, "gross_mass")
    first.keyboard.type("9")
    first.keyboard.press("Tab")
    first.keyboard.type("12")  # on the empty box; the rows come anew before it is left
    expect(first.locator("#items-2-net_mass")).to_have_value("7")
    first.keyboard.type("3")
    first.keyboard.press("Tab")
    expect(first.locator(NOTES)).to_contain_text("123")
    expect(first.locator(NOTES)).to_contain_text("500")
    assert column(stack, first, 7) == ["500", "", "7"]


def test_a_box_that_changes_under_the_cursor_is_replaced_by_what_is_typed(first: Page, stack: Stack) -> None:
    """The portal's own spelling comes back while the cursor stands there again."""
    at(first, 2, "commodity_code")
    first.keyboard.type("0902 30 000 1", delay=KEY_MS)
    first.keyboard.press("Tab")
    first.keyboard.press("Shift+Tab")
    expect(first.locator("#items-1-commodity_code")).to_have_value("0902300001")
    first.keyboard.type("0808108006", delay=KEY_MS)
    first.keyboard.press("Tab")
    wait_for(lambda: column(stack, first, 0)[1] == "0808108006", "the new code alone",
             explain=lambda: str(column(stack, first, 0)))  # fmt: skip


# Undone -------------------------------------------------------------------------------------------------------
def test_undo_takes_back_what_was_done_here_and_nothing_of_somebody_else(
    first: Page, second: Page, stack: Stack
) -> None:
    at(first, 1, "net_mass")
    first.keyboard.type("1")
    first.keyboard.press("Tab")
    wait_for(lambda: column(stack, first, 7)[0] == "1", "the first text")
    to_grid(second, first.url)
    write(second, 1, "net_mass", "2")
    at(first, 3, "net_mass")
    first.keyboard.type("3")
    first.keyboard.press("Tab")
    expect(first.locator("#items-0-net_mass")).to_have_value("2")
    first.keyboard.press("Control+z")
    wait_for(lambda: column(stack, first, 7) == ["2", "", ""], "the own text taken back")
    first.keyboard.press("Control+z")  # of what was done before: the paste
    wait_for(lambda: len(items(stack, first)) == 1, "the paste taken back")
    assert column(stack, first, 7) == ["2"]


def test_a_removal_that_was_refused_leaves_the_row_there_once(first: Page, second: Page, stack: Stack) -> None:
    write(second, 2, "net_mass", "55")
    at(first, 2, "commodity_code")
    first.keyboard.press("Control+Delete")
    expect(first.locator("[data-save-state]")).to_contain_text(re.compile(r"^Not saved\. This row was changed[^.]*\."))
    expect(first.locator("#items-1-net_mass")).to_have_value("55")
    first.keyboard.press("Control+z")
    expect(first.locator("#grid-count")).to_have_text("Items: 3")
    write(first, 1, "net_mass", "8")
    assert column(stack, first, 7) == ["8", "55", ""]
    expect(first.locator("[data-row]")).to_have_count(3)


def test_what_a_new_row_begins_with_is_what_it_shows(first: Page, stack: Stack) -> None:
    """The row before is changed while a paste is on its way: what was carried on was its old text."""
    held = []
    first.route("**/items/read/", lambda route: held.append(route))
    paste(first, "#items-2-packages_number", "1\n2\n")
    at(first, 3, "origin_country")
    first.keyboard.type("TJ")
    first.keyboard.press("Tab")
    wait_for(lambda: column(stack, first, 2)[2] == "TJ", "the origin")
    held[0].continue_()
    wait_for(lambda: column(stack, first, 2) == ["CN", "KZ", "TJ", "UZ"], "the pasted row as it was shown")
    expect(first.locator(NOTES)).to_have_count(0)


# Cells from the clipboard -------------------------------------------------------------------------------------
def test_one_cell_with_quotation_marks_is_copied_and_pasted_as_it_is(first: Page, stack: Stack) -> None:
    first.context.grant_permissions(["clipboard-read", "clipboard-write"])
    at(first, 1, "commercial_description")
    first.keyboard.type('Pipe 5" "best"')
    first.keyboard.press("Enter")
    first.keyboard.press("ArrowUp")
    first.keyboard.press("Control+c")
    first.keyboard.press("ArrowDown")
    first.keyboard.press("Control+v")
    first.keyboard.press("Enter")
    # As a spreadsheet quotes a cell with such marks, with the line end that it adds.
    paste(first, "#items-2-commercial_description", '"Said ""so"""\r\n')
    first.keyboard.press("Tab")
    named = ['Pipe 5" "best"', 'Pipe 5" "best"', 'Said "so"']
    wait_for(lambda: column(stack, first, 1) == named, f"{named}", explain=lambda: str(column(stack, first, 1)))


def test_rows_are_pasted_over_the_rows_that_are_shown_however_full_the_declaration_is(
    first: Page, stack: Stack
) -> None:
    paste(first, "#items-0-gross_mass", "1\t2\n\t\n5\t6\n")
    wait_for(lambda: (column(stack, first, 6), column(stack, first, 7)) == (["1", "", "5"], ["2", "", "6"]),
             "each row beside its own item", explain=lambda: str(items(stack, first)))  # fmt: skip
    paste(first, "#items-0-commodity_code", "\n".join(f"0902300001\tTea {n:03}" for n in range(999)))
    expect(first.locator("#grid-count")).to_contain_text("999")
    wait_for(lambda: len(items(stack, first)) == 999, "999 items")
    by_name = first.locator("[data-sort]").nth(1)
    by_name.click()
    by_name.click()
    first.keyboard.press("ArrowDown")
    assert here(first) == "items-998-commercial_description"
    paste(first, "#items-998-gross_mass", "1\n2\n3\n4")
    wait_for(lambda: column(stack, first, 6)[-4:] == ["4", "3", "2", "1"], "four figures over four items",
             explain=lambda: str(column(stack, first, 6)[-5:]))  # fmt: skip


# Sessions and windows that end --------------------------------------------------------------------------------
def test_a_paste_on_its_way_outlives_the_session_and_the_page(first: Page, stack: Stack) -> None:
    first.context.clear_cookies(name="sessionid")
    paste(first, "#items-2-commodity_code", "0902300001\tX1\n0902300001\tX2")
    first.keyboard.press("ArrowDown")
    first.keyboard.press("ArrowRight")
    first.keyboard.type("Mine", delay=KEY_MS)
    first.keyboard.press("Tab")
    first.wait_for_url("**/account/login/**")
    first.fill("[name=login]", TRADER)
    first.fill("[name=password]", PASSWORD)
    first.press("[name=password]", "Enter")
    first.wait_for_selector("form[data-grid]")
    wait_for(lambda: column(stack, first, 1) == ["Tea", "Dishes", "X1", "Mine"], "the paste and what was typed in it",
             explain=lambda: str(column(stack, first, 1)))  # fmt: skip
    first.reload()
    first.wait_for_selector("form[data-grid]")
    expect(first.locator("[data-row]")).to_have_count(4)


def test_a_duplicated_window_keeps_its_own_account_of_what_is_not_saved(first: Page, stack: Stack) -> None:
    with first.context.expect_page() as opened:
        first.evaluate("window.open(location.href)")  # with what this window remembers, as "duplicate" does
    other = opened.value
    other.wait_for_selector("form[data-grid]")
    name = "sessionStorage.getItem('declaration:window')"
    wait_for(lambda: other.evaluate(name) != first.evaluate(name), "a name of its own")
    first.context.route("**/items/steps/", lambda route: route.abort())
    for page, number in ((first, 1), (other, 2)):
        at(page, number, "net_mass")
        page.keyboard.type(f"{number}7")
        page.keyboard.press("Tab")
        expect(page.locator("[data-save-state]")).to_contain_text("Not saved yet")
    url = first.url
    other.close()
    first.goto("about:blank")
    first.context.unroute("**/items/steps/")
    to_grid(first, url)
    wait_for(lambda: column(stack, first, 7) == ["17", "27", ""], "what both windows have left behind")


def test_half_a_word_in_one_window_is_not_saved_by_the_next_one(first: Page, stack: Stack) -> None:
    """The form beside the grid: a window that is opened meanwhile takes over what others left, not what they type."""
    first.goto(first.url.replace("/items/", "/value/"))
    first.locator("#invoice_amount").click()
    first.keyboard.type("12")
    other = first.context.new_page()
    other.goto(first.url)
    other.locator("#insurance").fill("5")
    other.locator("#insurance").press("Tab")
    expect(other.locator(SAVED)).to_be_visible()
    expect(other.locator("#invoice_amount")).to_have_value("")
    first.bring_to_front()
    first.keyboard.type("34")
    first.keyboard.press("Tab")
    asked = "SELECT invoice_amount FROM declarations_declaration WHERE public_id = %s"
    wait_for(lambda: stack.value(asked, key_of(first)) == 1234, "the whole amount")
    expect(first.locator(NOTES)).to_have_count(0)


def test_a_draft_that_is_gone_says_so_and_shows_what_was_typed(first: Page, second: Page, stack: Stack) -> None:
    second.goto(f"/declarations/{key_of(first)}/discard/")
    second.get_by_role("button", name="Discard").click()
    at(first, 1, "packages_number")
    first.keyboard.type("12")
    first.keyboard.press("Tab")
    expect(first.locator("[data-save-state]")).to_contain_text("no longer here for you")
    expect(first.locator(NOTES)).to_contain_text("“12”")
    paste(first, "#items-1-packages_number", "5\n6")
    expect(first.locator("#grid-notes")).to_contain_text("no longer here for you")
