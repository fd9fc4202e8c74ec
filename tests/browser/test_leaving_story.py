"""The financial monitor searches, looks at a person and takes a file; an officer at the gate deals with what leaves."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.steps import fits
from tests.stack import Stack

PHONE = {"viewport": {"width": 360, "height": 740}}
MAKE = (
    "from datetime import timedelta; from django.utils import timezone; from demo import leaving; "
    "leaving.exist() or leaving.make_leaving(on=timezone.localdate(), at=timezone.now())"
)


@pytest.fixture(scope="module", autouse=True)
def _leaving(stack: Stack) -> None:
    stack.manage("shell", "-c", MAKE)


def test_the_financial_monitor_finds_a_person_and_takes_a_file(
    desk: Desk, check_accessibility: Callable[[Page], None]
) -> None:
    page = desk.log_in("monitor@demo.example")
    page.goto("/travellers/cash/")
    page.get_by_label("Family or given name").fill("каримов")
    page.get_by_role("button", name="Search").click()
    row = page.get_by_role("row").filter(has_text="Каримов Далер")
    expect(row).to_contain_text("400331122")
    check_accessibility(page)
    row.get_by_role("link").click()
    expect(page.get_by_text("ООО «Помир Импорт»")).to_be_visible()
    check_accessibility(page)
    page.goto("/travellers/cash/files/")
    page.get_by_label("From").fill("2026-01-01")
    page.get_by_label("To").fill("2026-12-31")
    page.get_by_label("Format").select_option("xlsx")
    with page.expect_navigation():
        page.get_by_role("button", name="Make a file").click()
    link = page.get_by_role("link", name="XLSX")
    for _look in range(20):
        if link.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    with page.expect_download() as fetched:
        link.first.click()
    assert fetched.value.suggested_filename == "cash-2026-01-01-2026-12-31.xlsx"
    check_accessibility(page)
    page.set_viewport_size(PHONE["viewport"])  # type: ignore[arg-type]
    fits(page)


def test_an_officer_at_the_gate_lets_an_overdue_car_out_on_a_phone(
    desk: Desk, check_accessibility: Callable[[Page], None]
) -> None:
    page = desk.log_in("gate-chief@demo.example", **PHONE)
    page.goto("/travellers/leaving/")
    check_accessibility(page)
    fits(page)
    page.get_by_label("Plate, VIN").fill("к777ор55")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="K777OP 55").click()
    expect(page.get_by_text(re.compile("days too long")).first).to_be_visible()
    page.get_by_role("button", name="It leaves here and now").click()
    expect(page.get_by_text("first record what comes of it")).to_be_visible()
    page.get_by_label("What comes of it").select_option("warning")
    page.get_by_label("Explanation").fill("The car was under repair")
    check_accessibility(page)
    page.get_by_role("button", name="Record").click()
    page.get_by_role("button", name="It leaves here and now").click()
    expect(page.get_by_text("has left", exact=False).first).to_be_visible()
    fits(page)


def test_everybody_sees_figures_law_and_who_sees_what(desk: Desk, check_accessibility: Callable[[Page], None]) -> None:
    page = desk.page(**PHONE)
    for path in ("/travel/statistics/?days=90", "/travel/privacy/", "/travel/law/"):
        page.goto(path)
        check_accessibility(page)
        fits(page)
        page.emulate_media(color_scheme="dark")
        check_accessibility(page)
        page.emulate_media(color_scheme="light")
