"""A traveller with a phone: goods over the limit and cash, declared and paid; and the same without JavaScript."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk

PHONE = {"viewport": {"width": 360, "height": 740}}


def go_on(page: Page, name: str = "Next") -> None:
    page.get_by_role("button", name=name, exact=True).click()


def tell_who(page: Page) -> None:
    page.get_by_label("Things and presents").check()
    page.get_by_label("Cash and bearer instruments").check()
    page.get_by_role("button", name="Declare", exact=True).first.click()
    page.get_by_label("Where do you cross?").select_option("TJ01")
    page.get_by_label("Flight, train or plate").fill("TK 254")
    go_on(page)
    page.get_by_label("Family name").fill("Раҳмонов")
    page.get_by_label("Given name").fill("Фирӯз")
    page.get_by_label("Date of birth").fill("01.05.1990")
    page.get_by_label("Document number").fill("400123456")


def tell_what(page: Page) -> None:
    go_on(page)
    page.get_by_label("How much", exact=True).fill("4000")
    page.get_by_label("Currency", exact=True).select_option("USD")
    go_on(page)
    page.get_by_label("What is it?").select_option("CLOTHES")
    page.get_by_label("Weight, kg").fill("30")
    page.get_by_label("Price of all of it").fill("1500")
    page.get_by_label("Currency", exact=True).select_option("USD")
    go_on(page)


def pay(page: Page) -> None:
    go_on(page, "Send and pay")
    page.locator("button[value=pay]").click()
    expect(page.get_by_text("Show this at the post")).to_be_visible()
    expect(page.get_by_text("Paid:")).to_be_visible()
    drawn = page.locator(".qr svg").bounding_box()
    assert drawn is not None
    assert drawn["width"] > 200


def stands_at_twice_the_size(page: Page) -> None:
    """Letters twice as large: nothing is cut off at the side, and nothing has to be moved sideways."""
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    width, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width <= room, page.url
    page.evaluate("document.documentElement.style.fontSize = ''")


def test_large_letters_fit_on_a_phone(desk: Desk) -> None:
    page = desk.page(**PHONE, locale="ru-RU")
    page.goto("/travel/")
    stands_at_twice_the_size(page)
    page.locator("[data-begin] button.narrow").click()
    for step in ("trip", "people", "carries"):
        page.goto(re.sub(r"/[a-z]+/$", f"/{step}/", page.url))
        stands_at_twice_the_size(page)
    page.goto(re.sub(r"/[a-z]+/$", "/review/", page.url))
    stands_at_twice_the_size(page)


def test_a_traveller_declares_and_pays_on_a_phone(desk: Desk, check_accessibility: Callable[[Page], None]) -> None:
    page = desk.page(**PHONE)
    page.goto("/travel/")
    tell_who(page)
    expect(page.locator("[data-saved]")).to_have_text("Saved on this phone")
    check_accessibility(page)
    tell_what(page)
    expect(page.get_by_text("To pay:").first).to_be_visible()
    expect(page.get_by_text("30% min").first).to_be_visible()
    page.get_by_text("How it is worked out").click()
    expect(page.get_by_text("max((13")).to_be_visible()
    check_accessibility(page)
    pay(page)
    check_accessibility(page)
    for name in ("dark", "light"):
        page.emulate_media(color_scheme=name)  # type: ignore[arg-type]
        check_accessibility(page)
    stands_at_twice_the_size(page)


def test_what_was_typed_survives_a_closed_tab(desk: Desk) -> None:
    page = desk.page(**PHONE)
    page.goto("/travel/")
    tell_who(page)
    address, context = page.url, page.context
    page.close()
    again = context.new_page()
    again.goto(address)
    expect(again.get_by_label("Family name")).to_have_value("Раҳмонов")


def test_without_javascript_it_is_the_same_way(desk: Desk) -> None:
    page = desk.page(**PHONE, java_script_enabled=False)
    page.goto("/travel/")
    tell_who(page)
    tell_what(page)
    pay(page)
