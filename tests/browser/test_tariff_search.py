"""The search of the tariff as people use it: suggestions by keyboard, Enter for all results, and without a script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk


@pytest.fixture
def page(desk: Desk) -> Page:
    page = desk.page()
    page.goto("/tariff/")
    return page


def test_arrows_move_in_the_suggestions_and_enter_opens_the_chosen_one(
    page: Page, check_accessibility: Callable[[Page], None]
) -> None:
    field = page.get_by_role("combobox", name="Search the tariff")
    page.locator("#q").press_sequentially("apples")
    expect(field).to_have_attribute("aria-expanded", "true")
    check_accessibility(page)
    field.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    expect(chosen).to_contain_text("0808")
    expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")
    field.press("Enter")
    page.wait_for_url("**/tariff/0808/")


def test_escape_closes_the_suggestions_and_enter_shows_all_results(page: Page) -> None:
    field = page.locator("#q")
    field.press_sequentially("bycicle")
    expect(page.locator("#suggestions")).to_contain_text("Did you mean: bicycle")
    field.press("Escape")
    expect(page.locator("#suggestions")).to_be_hidden()
    expect(field).to_have_value("bycicle")
    field.press("Enter")
    page.wait_for_url("**/tariff/?q=bycicle")
    expect(page.locator(".found h3").first).to_contain_text("8712")
    page.get_by_role("link", name="bicycle", exact=True).click()
    page.wait_for_url("**/tariff/?q=bicycle")
    expect(page.locator(".found h3").first).to_contain_text("8712")
    expect(page.locator(".notice")).to_have_count(0)


def test_a_brand_is_marked_as_help(page: Page) -> None:
    page.locator("#q").fill("canon")
    page.locator("#q").press("Enter")
    expect(page.locator(".notice")).to_contain_text("canon is a brand")
    expect(page.locator(".found h3").first).to_contain_text("8443")


def test_a_field_for_a_code_takes_the_suggestion_that_is_clicked(desk: Desk) -> None:
    page = desk.page()
    page.goto("/calculator/")
    field = page.locator("[data-suggest]").first
    field.press_sequentially("iphone")
    page.get_by_role("option", name="8517 13").first.click()
    expect(field).to_have_value("8517130000")


def test_the_search_answers_without_a_script(desk: Desk) -> None:
    page = desk.page(java_script_enabled=False)
    page.goto("/tariff/")
    page.locator("#q").fill("себҳо")
    page.locator("#q").press("Enter")
    expect(page.locator(".found h3").first).to_contain_text("0808")
