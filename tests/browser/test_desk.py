"""A supervisor's desk: twenty files on one screen in every language, hand-over, absence, allotment by itself."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Desk
from tests.browser.steps import fits
from tests.stack import Stack, wait_for

SUPERVISOR, NORTH = "supervisor@demo.example", "north-chief@demo.example"
MANY = """
from bench import queue
from django.db import connection
queue.WAITING_OF_THOUSAND = 1000
queue.multiply(queue.template(), 24)
with connection.cursor() as cursor:
    cursor.execute("UPDATE clearance_case SET office_code = 'TJ02', trader_name = 'Dushanbe Pharma LLC', "
        "goods = 'Vitamins in tablets for retail sale', "
        "waits_for = CASE id::int % 5 WHEN 0 THEN 'consent' ELSE 'office' END, customs_value = 1254095.40, "
        "due_at = now() + make_interval(mins => id::int % 50 * 17 - 200) WHERE mrn LIKE 'B%%'")
"""
ENDED = "UPDATE clearance_case SET closed_at = now(), closed_as = 'cancelled' WHERE mrn LIKE 'B%%'"
# Reasons may have any length: what has no room is written out below the table for the chosen row. So may names and
# goods; those of the demonstration have room in every language, beside the longest of what a file waits for.
CELLS = ".queue :is(td, th):not(td.q-reasons)"
CUT = f"[...document.querySelectorAll('{CELLS}')].filter(c => c.scrollWidth > c.clientWidth + 1)"
TALL = "[...document.querySelectorAll('[data-row]')].map(r => r.getBoundingClientRect())"


HELD = """
SELECT count(*) FROM clearance_case JOIN accounts_user ON accounts_user.id = claimed_by_id
WHERE office_code = 'TJ11' AND closed_at IS NULL AND email = 'north@demo.example'
"""
GAVE_WAY = """
SELECT public_id FROM declarations_declaration AS filed JOIN risk_score ON risk_score.declaration_id = filed.id
WHERE office_code = 'TJ11' AND reasons @> '[{"yielded": {"per": "hour"}}]' ORDER BY risk_score.id LIMIT 1
"""
OFF = """
INSERT INTO clearance_allotmentswitch (office_code, is_on, by_id, at)
SELECT office_code, false, by_id, now() FROM clearance_allotmentswitch WHERE office_code = 'TJ11' LIMIT 1
"""


@pytest.fixture
def many(stack: Stack) -> object:
    """Twenty-four more files wait in the supervisor's office while the test runs."""
    stack.manage("shell", "-c", MANY)
    yield
    stack.rows(ENDED)


@pytest.mark.usefixtures("many")
def test_a_supervisor_sees_twenty_files_at_once_and_hands_some_over(
    stack: Stack, desk: Desk, check_accessibility: Callable[[Page], None]
) -> None:
    page = desk.log_in(SUPERVISOR, viewport={"width": 1440, "height": 900})
    page.goto("/queue/?text=B0&waits=all")
    for language in ("Тоҷикӣ", "Русский", "English"):
        page.get_by_role("button", name=language).click()
        expect(page.locator("[data-row]")).to_have_count(20)
        assert page.evaluate(f"{CUT}.map(c => c.className + c.textContent)") == [], language
        assert page.evaluate(f"Math.max(...{TALL}.map(r => r.height))") < 34, "one line each"
        assert page.evaluate(f"Math.max(...{TALL}.map(r => r.bottom))") <= 900, language
        assert page.evaluate("document.documentElement.scrollWidth") <= 1440, language
    check_accessibility(page)
    allot(page)
    page.goto("/queue/load/")
    check_accessibility(page)
    page.get_by_text("Hand an officer’s files over").click()
    page.get_by_label("Officer", exact=True).first.select_option(label="Jamshed Mirzoev")
    page.locator("#id_hand-reason").fill("Leave until Monday")
    page.get_by_role("button", name="Hand over").click()
    expect(page.locator("main")).to_contain_text("handed over.")
    held = "SELECT count(*) FROM clearance_case WHERE mrn LIKE 'B%%' AND claimed_by_id IS NOT NULL"
    assert stack.value(held) == 0


def allot(page: Page) -> None:
    """Tick two yellow files and allot them."""
    page.goto("/queue/?lane=yellow&text=B0")
    for place in range(2):
        page.locator("[data-row] input[type=checkbox]").nth(place).check()
    page.locator("#allot-officer").select_option(label="Jamshed Mirzoev")
    page.get_by_role("button", name="Allot").click()
    expect(page.locator("main")).to_contain_text("2 files were handed over.")


def unfold(staff: Locator, name: str) -> None:
    part = staff.locator("details").filter(has=staff.page.locator("summary", has_text=name))
    if part.get_attribute("open") is None:
        part.locator("summary").click()


@pytest.fixture
def off_again(stack: Stack) -> Iterator[None]:
    """Other stories take their files themselves."""
    yield
    stack.rows(OFF)


@pytest.mark.usefixtures("prepared", "off_again")
def test_files_are_allotted_by_themselves_and_given_back_when_their_officer_is_away(
    stack: Stack, desk: Desk, check_accessibility: Callable[[Page], None]
) -> None:
    page = desk.log_in(NORTH, viewport={"width": 1440, "height": 900})
    page.goto("/queue/load/")
    page.get_by_role("button", name="English").click()
    staff = page.locator("#staff")
    unfold(staff, "Automatic allotment")
    staff.locator("[name=skill-officer]").select_option(label="Anvar Qodirov")
    staff.locator("[name=skill-goods]").fill("31, 38, 84, 87")
    staff.get_by_role("button", name="Keep").click()
    unfold(staff, "Automatic allotment")
    staff.get_by_role("button", name="Switch on").click()
    wait_for(lambda: stack.value(HELD) >= 2, "the files of the north to be allotted", explain=stack.tail)
    page.reload()
    row = page.get_by_role("row").filter(has_text="Anvar Qodirov")
    expect(row).to_contain_text("31, 38, 84, 87 (≤ 15)")
    check_accessibility(page)
    unfold(staff, "Absences")
    staff.locator("[name=away-officer]").select_option(label="Anvar Qodirov")
    staff.locator("[name=away-since]").fill(timezone.localdate().isoformat())
    staff.locator("[name=away-until]").fill((timezone.localdate() + timedelta(days=3)).isoformat())
    staff.get_by_role("button", name="Record the absence").click()
    expect(row).to_contain_text("until")
    unfold(staff, "Hand an officer’s files over")
    staff.locator("[name=hand-officer]").select_option(label="Anvar Qodirov")
    staff.locator("[name=hand-reason]").fill("Away for three days.")
    staff.get_by_role("button", name="Hand over").click()
    expect(page.locator("main")).to_contain_text("handed over.")
    assert stack.value(HELD) == 0, "who is away gets none back"
    page.set_viewport_size({"width": 360, "height": 740})
    fits(page)
    staff.get_by_role("button", name="End it").first.click()
    expect(row).not_to_contain_text("until")


@pytest.mark.usefixtures("prepared")
def test_a_supervisor_sees_what_gave_way_to_a_full_office(
    stack: Stack, desk: Desk, check_accessibility: Callable[[Page], None]
) -> None:
    page = desk.log_in(NORTH)
    page.goto("/risk/targets/")
    page.get_by_role("button", name="English").click()
    today = page.get_by_role("table").first.get_by_role("row").filter(has_text="TJ11").filter(has_text="yellow")
    expect(today.get_by_role("cell").last).to_have_text("2")
    check_accessibility(page)
    page.goto(f"/queue/{stack.value(GAVE_WAY)}/")
    expect(page.locator("#hits")).to_contain_text("the office had taken its 2 of the hour (2): blue")
