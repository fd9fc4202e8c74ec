"""Who watches the others: the auditor's log, the figures of integrity, a role that takes two, the director's boards."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.steps import fits

AUDITOR, SECURITY, DIRECTOR = "auditor@demo.example", "security@demo.example", "director@demo.example"
ADMIN, SECOND = "admin@demo.example", "admin2@demo.example"
PHONE = {"width": 360, "height": 740}
Check = Callable[[Page], None]


def taken_away(page: Page, kind: str = "CSV") -> bytes:
    """What the link of that kind gives; every table that is shown can be taken away."""
    answer = page.request.get(
        _absolute(page, page.get_by_role("link", name=kind, exact=True).first.get_attribute("href"))
    )
    assert answer.status == 200
    return answer.body()


def _absolute(page: Page, address: str | None) -> str:
    return str(page.evaluate("address => new URL(address, location.href).href", address))


def in_english(page: Page, address: str) -> Page:
    page.goto(address)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    return page


def test_internal_security_reads_the_files_behind_a_figure(
    desk: Desk, prepared: dict[str, Any], check_accessibility: Check
) -> None:
    page = in_english(desk.log_in(SECURITY), "/oversight/")
    figure = page.get_by_role("row").filter(has_text="Jamshed Mirzoev").filter(has_text="without").first
    expect(figure).to_contain_text("TJ02")
    check_accessibility(page)
    figure.get_by_role("cell").nth(2).get_by_role("link").click()
    expect(page.locator("h1")).to_have_text("Behind the figure")
    file = page.get_by_role("row").filter(has_text="Jamshed Mirzoev").get_by_role("link").first
    mrn = file.inner_text()
    assert mrn.encode() in taken_away(page)
    page.set_viewport_size(PHONE)
    fits(page)
    file.click()
    expect(page.locator("h1")).to_contain_text(mrn)


def choose(page: Page, field: str, typed: str, wanted: str) -> None:
    """What the administration's pages look up while one types."""
    page.locator(f"#id_{field} + .select2").click()
    page.keyboard.type(typed)
    page.locator(".select2-results__option", has_text=wanted).click()


def test_a_role_is_given_by_two_and_the_auditor_finds_it_in_the_log(desk: Desk, check_accessibility: Check) -> None:
    first = desk.log_in(ADMIN)
    first.goto("/admin/accounts/roleproposal/add/")
    choose(first, "user", "officer2", "Zarina Nazarova")
    first.locator("[name=role]").select_option("documentary")
    choose(first, "office", "TJ11", "TJ11")
    first.locator("[name=reason]").fill("Helps in the north for a month.")
    first.get_by_role("button", name="Save", exact=True).click()
    expect(first.locator("body")).to_contain_text("waits for another administrator")
    give(first)
    expect(first.locator("body")).to_contain_text("Another administrator has to decide")
    second = desk.log_in(SECOND)
    give(second)
    expect(second.locator("#result_list")).to_contain_text("Shirin Rasulova")
    page = desk.log_in(AUDITOR, viewport={"width": 1440, "height": 900})
    page.goto("/oversight/acts/")
    page.get_by_label("Done to whom").fill("Zarina Nazarova")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_role("row").filter(has_text="Shirin Rasulova").first).to_contain_text("role given")
    check_accessibility(page)
    assert "Shirin Rasulova" in taken_away(page).decode()
    page.set_viewport_size(PHONE)
    fits(page)


def give(page: Page) -> None:
    """Tick the newest proposal and give its role."""
    page.goto("/admin/accounts/roleproposal/")
    page.locator("[name=_selected_action]").first.check()
    page.locator("select[name=action]").select_option("give")
    with page.expect_navigation():
        page.locator("button[x-show=action]").click()


def test_the_director_reads_boards_and_everybody_the_published_times(
    desk: Desk, prepared: dict[str, Any], check_accessibility: Check
) -> None:
    page = in_english(desk.log_in(DIRECTOR, viewport={"width": 1440, "height": 900}), "/figures/")
    expect(page.get_by_role("heading", name="By month")).to_be_visible()
    expect(page.locator("figure svg").first).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="TJ02").first).to_contain_text("min")
    check_accessibility(page)
    page.locator("#id_lane").select_option("green")
    page.get_by_role("button", name="Show", exact=True).click()
    assert b"green" in taken_away(page)
    page.set_viewport_size(PHONE)
    fits(page)
    anybody = desk.page()
    anybody.goto("/release-times/")
    expect(anybody.locator(".numbers").first).to_contain_text("Median")
    expect(anybody.locator("figure svg").first).to_be_visible()
    check_accessibility(anybody)
    assert taken_away(anybody).count(b"\n") > 2
