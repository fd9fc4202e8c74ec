"""A phone whose line is lost at each step: the way goes on, nothing is lost, and everything arrives once."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from lib.money import round_money
from tests.browser.conftest import Desk
from tests.browser.test_travel_story import PHONE, go_on
from tests.stack import wait_for

KEPT = "html[data-kept=yes]"
STEPS = ("begin", "trip", "people", "goods")


def opened(desk: Desk) -> Page:
    """The start page, with everything that a phone without a line needs."""
    page = desk.page(**PHONE)
    page.goto("/travel/")
    page.locator(KEPT).wait_for(state="attached")
    return page


def way(page: Page, *, lost_at: str) -> None:
    """To the answer; the line is lost before the button of one step is pressed."""

    def leave(step: str, button: str = "Next") -> None:
        if step == lost_at:
            page.context.set_offline(True)
        page.get_by_role("button", name=button, exact=True).locator("visible=true").first.click()

    page.get_by_label("Things and presents").check()
    leave("begin", "Declare")
    page.get_by_label("Where do you cross?").select_option("TJ01")
    leave("trip")
    page.get_by_label("Family name").fill("Раҳмонов")
    page.get_by_label("Date of birth").fill("01.05.1990")
    page.get_by_label("Document number").fill("400123456")
    leave("people")
    page.get_by_label("What is it?").locator("visible=true").select_option("CLOTHES")
    page.get_by_label("Weight, kg").locator("visible=true").fill("30")
    page.get_by_label("Price of all of it").locator("visible=true").fill("1500")
    page.get_by_label("Currency", exact=True).locator("visible=true").select_option("USD")
    leave("goods")


def key_of(page: Page) -> str:
    found = re.search(r"/travel/([0-9a-f-]{36})/", page.url)
    assert found, page.url
    return found[1]


@pytest.mark.parametrize("step", STEPS)
def test_a_line_lost_at_any_step_loses_nothing(desk: Desk, step: str) -> None:
    page = opened(desk)
    way(page, lost_at=step)
    expect(page.get_by_text("That was the last question.")).to_be_visible()
    key = key_of(page)
    page.context.set_offline(False)
    due = round_money(500 * Decimal("0.3") * desk.stack.rate("USD"), 2)
    expect(page.get_by_text(f"To pay: {due:,.2f}")).to_be_visible()
    expect(page.get_by_text("Clothes and shoes: 1500 USD")).to_be_visible()
    found = desk.stack.rows("SELECT draft->'people' FROM passengers_traveldeclaration WHERE public_id = %s", key)
    assert [person["family"] for person in found[0][0]] == ["Раҳмонов"]
    assert page.evaluate("localStorage.getItem('travel-waiting')") is None


def test_what_the_phone_has_not_seen_is_a_question_all_the_same_and_comes_with_the_line(desk: Desk) -> None:
    page = opened(desk)
    page.get_by_label("Things and presents").check()
    go_on(page, "Declare")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your trip")
    page.wait_for_load_state()
    key = key_of(page)
    page.context.set_offline(True)
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    page.goto(f"/travel/{key}/people/")
    expect(page.get_by_label("Family name").locator("visible=true")).to_be_visible()
    page.get_by_label("Family name").locator("visible=true").press_sequentially("Раҳмонов", delay=60)
    assert len(loads) == 1
    page.context.set_offline(False)
    expect(page.get_by_label("Question 3 of 4")).to_be_visible()
    expect(page.get_by_label("Family name")).to_have_value("Раҳмонов")
    page.context.set_offline(True)
    page.goto("/travel/")
    expect(page.get_by_role("heading", level=1)).to_have_text("What may I carry?")


def test_sending_without_a_line_is_done_once_when_it_is_back_even_after_a_closed_tab(desk: Desk) -> None:
    page = opened(desk)
    way(page, lost_at="")
    page.context.set_offline(True)
    go_on(page, "Send and pay")
    expect(page.get_by_text("There is no line just now", exact=False).first).to_be_visible()
    key, context = key_of(page), page.context
    page.close()
    context.set_offline(False)
    context.new_page().goto("/travel/")
    wait_for(lambda: versions(desk, key) == 1, "the declaration to be sent")
    context.pages[0].reload()
    assert versions(desk, key) == 1


def versions(desk: Desk, key: str) -> int:
    sql = "SELECT version FROM passengers_traveldeclaration WHERE public_id = %s"
    return int(desk.stack.value(sql, key) or 0)


def test_without_a_line_nothing_is_paid_and_the_page_says_so(desk: Desk) -> None:
    page = opened(desk)
    way(page, lost_at="")
    key = key_of(page)
    go_on(page, "Send and pay")
    expect(page.locator("button[value=pay]")).to_be_visible()
    page.goto(f"/travel/{key}/")
    page.context.set_offline(True)
    page.get_by_role("button", name=re.compile("^Pay")).click()
    expect(page.get_by_text("Nothing was paid.")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name=re.compile("^Pay")).click()
    expect(page.locator("button[value=pay]")).to_be_visible()


def test_a_phone_without_a_worker_waits_with_what_was_typed(desk: Desk) -> None:
    page = desk.page(**PHONE, service_workers="block")
    page.goto("/travel/")
    page.get_by_label("Phones").check()
    go_on(page, "Declare")
    page.get_by_label("Where do you cross?").select_option("TJ01")
    page.context.set_offline(True)
    go_on(page)
    expect(page.get_by_label("Where do you cross?")).to_have_value("TJ01")
    page.context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Who travels")


def test_a_shared_phone_forgets_all_of_it(desk: Desk) -> None:
    page = opened(desk)
    page.get_by_label("Phones").check()
    go_on(page, "Declare")
    page.get_by_text("More", exact=False).first.click()
    page.get_by_label("Address of your stay").fill("Rudaki 1")
    assert "Rudaki" in page.evaluate("JSON.stringify(localStorage)")
    address = page.url
    page.goto("/travel/resume/")
    page.get_by_role("button", name="Forget them on this phone").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What may I carry?")
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('travel')).length") == 0
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 404
