"""Two analysts: a criterion from an empty form to the file that it hits, and a model that two persons put in use."""

import json
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import TRADER, Desk
from tests.browser.steps import fits
from tests.stack import Stack, wait_for

ANALYST, SECOND = "analyst@demo.example", "analyst2@demo.example"
WIDE = {"width": 1440, "height": 900}
Check = Callable[[Page], None]
LODGE = """async (data) => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const sent = await fetch("/api/v1/declarations/lodge/", {
    method: "POST", headers: {"Content-Type": "application/json", "X-CSRFToken": token}, body: JSON.stringify(data),
  });
  return {status: sent.status, said: await sent.text()};
}"""


def condition(page: Page, row: int, field: str, op: str, value: str, group: str = "") -> None:
    if group:
        page.locator(f"[name=row{row}-group]").select_option(group)
    page.locator(f"[name=row{row}-field]").select_option(field)
    page.locator(f"[name=row{row}-op]").select_option(op)
    page.locator(f"[name=row{row}-value]").fill(value)


def pick(page: Page, row: int, typed: str, wanted: str) -> None:
    """Type into the value and take what the picker offers."""
    box = page.locator(f"[name=row{row}-value]")
    box.fill("")
    box.press_sequentially(typed)
    page.locator("#suggestions-list [role=option]").filter(has_text=wanted).first.click()


def write_criterion(page: Page) -> None:
    """Tea that is cheap or comes from a country; a four-digit code is no ten-digit code, and it says so."""
    page.goto("/risk/criteria/new/")
    condition(page, 0, "item.commodity_code", "=", "0902")
    condition(page, 1, "item.unit_value", "<", "60", "A")
    condition(page, 2, "item.origin_country", "=", "", "B")
    pick(page, 2, "Sri", "LK")
    page.locator("[name=code]").fill("TEA-CHEAP")
    page.locator("[name=name]").fill("Cheap tea, or tea of one origin")
    page.locator("[name=lane]").select_option("yellow")
    page.locator("[name=instruction]").fill("Compare the grade with the invoice.")
    page.get_by_role("button", name="Make the criterion").click()
    expect(page.locator(".field--wrong .error")).to_contain_text("10 digits")
    page.locator("[name=row0-op]").select_option("starts_with")
    page.get_by_role("button", name="Make the criterion").click()
    page.wait_for_url(re.compile(r"/risk/criteria/\d+/$"))


def forward(page: Page) -> None:
    """What would take a large share of all there is asks for a reason; in a run of few tests tea does."""
    live = page.locator("#live")
    expect(live.get_by_role("button", name="Put it forward")).to_be_visible()
    for reason in live.locator("[name=reason]").all():
        reason.fill("Three notices of the analysis desk name this tea.")
    live.get_by_role("button", name="Put it forward").click()


def test_a_criterion_is_written_replayed_agreed_to_and_hits_a_file(
    stack: Stack, desk: Desk, prepared: dict[str, Any], check_accessibility: Check
) -> None:
    page = desk.log_in(ANALYST, viewport=WIDE)
    write_criterion(page)
    replay = page.locator("#replay")
    replay.get_by_role("button", name="Replay").click()
    expect(replay).to_contain_text("hits among")
    expect(replay).to_contain_text("go to an officer that did not")
    forward(page)
    expect(page.locator("#live")).to_contain_text("Another analyst has to approve it")
    check_accessibility(page)
    second = desk.log_in(SECOND)
    second.goto(page.url)
    second.get_by_role("button", name="English").click()
    second.get_by_role("button", name="Approve: let it go live").click()
    expect(second.locator("h2").first).to_contain_text("on")
    trader = desk.log_in(TRADER)
    trader.goto("/desk/")
    answer = trader.evaluate(LODGE, prepared["tea"])
    assert answer["status"] == 201, answer
    mrn = json.loads(answer["said"])["mrn"]
    asked = "SELECT lane FROM clearance_case WHERE mrn = %s"
    assert wait_for(lambda: stack.value(asked, mrn), f"the file of {mrn}", explain=stack.tail) == "yellow"
    page.reload()
    address = page.url
    page.locator("dt", has_text=re.compile("^Hits$")).locator("+ dd a").click()
    expect(page.locator("main")).to_contain_text(mrn)
    page.get_by_role("link", name=mrn).first.click()
    expect(page.locator("#hits")).to_contain_text("Compare the grade with the invoice.")
    page.goto(address)
    page.locator("#live [name=reason]").fill("The notices were answered.")
    page.get_by_role("button", name="Switch off").click()
    expect(page.locator("h2").first).to_contain_text("off")


def test_a_model_is_proposed_by_one_analyst_and_put_in_use_by_another(
    stack: Stack, desk: Desk, prepared: dict[str, Any], check_accessibility: Check
) -> None:
    page = desk.log_in(ANALYST, viewport=WIDE)
    page.goto("/risk/models/")
    page.get_by_role("link", name=re.compile(r"^Model \d+")).first.click()
    expect(page.get_by_role("row").filter(has_text="all lines").first).to_contain_text("of")
    page.get_by_role("button", name="Run as challenger and propose").click()
    expect(page.locator("main")).to_contain_text("another analyst activates it")
    expect(page.get_by_role("button", name="Activate")).to_have_count(0)
    check_accessibility(page)
    second = desk.log_in(SECOND)
    second.goto(page.url)
    second.get_by_role("button", name="English").click()
    second.get_by_role("button", name="Activate").click()
    expect(second.locator("#state h2")).to_contain_text("champion")
    second.get_by_role("button", name="Retire").click()
    expect(second.locator("#state h2")).to_contain_text("retired")
    second.set_viewport_size({"width": 360, "height": 740})
    fits(second)
