"""Every main page as people open it: no fault in the console, nothing that axe finds, usable at 360 pixels."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request

from tests.browser.conftest import OFFICER, TRADER, Desk
from tests.stack import wait_for

GATE, MONITOR = "gate-chief@demo.example", "monitor@demo.example"
ANYONE, ANALYST, TARIFF = "", "analyst@demo.example", "tariff@demo.example"
CASHIER, TREASURY = "cashier@demo.example", "treasury@demo.example"
POST, AUDITOR = "airport@demo.example", "auditor@demo.example"
PAGES = [
    (ANYONE, "/"),
    (ANYONE, "/account/login/"),
    (ANYONE, "/account/signup/"),
    (ANYONE, "/tariff/"),
    (ANYONE, "/tariff/?q=tea"),
    (ANYONE, "/tariff/?q=bycicle"),
    (ANYONE, "/tariff/?q=zzzqqq"),
    (ANYONE, "/tariff/09/"),
    (ANYONE, "/tariff/changes/"),
    (ANYONE, "/calculator/"),
    (ANYONE, "/exchange-rates/"),
    (ANYONE, "/verify/"),
    (ANYONE, "/travel/"),
    (ANYONE, "/travel/resume/"),
    (ANYONE, "/travel/statistics/"),
    (ANYONE, "/travel/law/"),
    (ANYONE, "/travel/privacy/"),
    (ANYONE, "/travel/kiosk/"),
    (TRADER, "/desk/"),
    (TRADER, "/declarations/"),
    (TRADER, "/declarations/new/"),
    (TRADER, "/declarations/upload/"),
    (TRADER, "/stock/"),
    (TRADER, "/payments/"),
    (TRADER, "/payments/back/"),
    (TRADER, "/payments/bank-accounts/"),
    (TRADER, "/payments/pay-outs/new/"),
    (TREASURY, "/treasury/money-out/"),
    (TRADER, "/payments/due/"),
    (TRADER, "/payments/automatic/510014276/"),
    (TRADER, "/companies/"),
    (TRADER, "/companies/register/"),
    (TRADER, "/messages/"),
    (TRADER, "/messages/choices/"),
    (TRADER, "/travel/convert/"),
    (OFFICER, "/queue/"),
    (OFFICER, "/queue/search/"),
    (OFFICER, "/stock/overdue/"),
    (OFFICER, "/stock/waiting/"),
    (OFFICER, "/stock/before/new/"),
    (OFFICER, "/stock/before/table/"),
    (OFFICER, "/claims/"),
    (CASHIER, "/cashier/"),
    (TREASURY, "/treasury/"),
    (TREASURY, "/treasury/accounts/"),
    (TREASURY, "/treasury/limits/"),
    (TREASURY, "/treasury/suspense/"),
    (TREASURY, "/treasury/days/"),
    (TREASURY, "/treasury/revenue/"),
    (TREASURY, "/treasury/entries/"),
    (TREASURY, "/treasury/books/"),
    (POST, "/travellers/"),
    (POST, "/travellers/scan/"),
    (POST, "/travellers/aside/"),
    (POST, "/travellers/cargo/"),
    (AUDITOR, "/travellers/looks/"),
    (GATE, "/travellers/leaving/"),
    (MONITOR, "/travellers/cash/"),
    (MONITOR, "/travellers/cash/files/"),
    (ANALYST, "/risk/criteria/"),
    (ANALYST, "/risk/values/"),
    (TRADER, "/guarantees/"),
    (TREASURY, "/guarantees/"),
    (TREASURY, "/guarantees/new/"),
    (TARIFF, "/tariff/change-sets/"),
    (TARIFF, "/tariff/change-sets/new/"),
]


IN_THE_DARK = [
    "/",
    "/tariff/?q=tea",
    "/tariff/09/",
    "/calculator/",
    "/declarations/new/",
    "/payments/",
    "/queue/",
    "/treasury/",
    "/travellers/",
]


@pytest.mark.parametrize(("email", "path"), PAGES)
def test_a_page_opens_without_a_fault_has_contrast_in_the_dark_and_fits_a_phone(
    desk: Desk, check_accessibility: Callable[[Page], None], email: str, path: str
) -> None:
    page = desk.log_in(email) if email else desk.page()
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    asked: set[Request] = set()
    page.on("request", lambda request: asked.add(request))
    page.on("requestfinished", lambda request: asked.discard(request))
    page.on("requestfailed", lambda request: asked.discard(request))
    answer = page.goto(path)
    wait_for(lambda: page.wait_for_timeout(20) or not asked, f"the requests of {path} to be answered")
    assert answer is not None
    assert answer.status == 200
    check_accessibility(page)
    if path in IN_THE_DARK:
        page.emulate_media(color_scheme="dark")
        check_accessibility(page)
    page.set_viewport_size({"width": 360, "height": 740})
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{wide} pixels stick out"
    page.wait_for_load_state("networkidle")  # it is idle since long: to look took longer than the half second
    assert said == []


DARK, LIGHT = "rgb(16, 23, 29)", "rgb(245, 247, 249)"


@pytest.mark.parametrize(
    ("system", "chosen", "paper"),
    [
        ("light", "", LIGHT),
        ("dark", "", DARK),
        ("light", "dark", DARK),
        ("dark", "light", LIGHT),
    ],
)
def test_the_theme_is_the_systems_until_the_reader_chooses(desk: Desk, system: str, chosen: str, paper: str) -> None:
    page = desk.page(color_scheme=system)
    if chosen:
        page.context.add_cookies([{"name": "theme", "value": chosen, "url": desk.stack.url}])
    page.goto("/")
    shown = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(shown) == paper
    page.locator("[data-theme-switch]").click()
    assert page.evaluate(shown) == ({DARK, LIGHT} - {paper}).pop()
    page.reload()
    assert page.evaluate(shown) == ({DARK, LIGHT} - {paper}).pop()


@pytest.mark.parametrize("language", ["ru", "tg"])
def test_the_page_answers_in_the_readers_language(desk: Desk, language: str) -> None:
    page = desk.page(locale=language)
    page.goto("/")
    assert page.get_attribute("html", "lang") == language


def test_a_stranger_is_told_nothing_of_another_traders_declaration(desk: Desk) -> None:
    page = desk.log_in("stranger@demo.example")
    answer = page.goto("/declarations/00000000-0000-4000-8000-000000000000/")
    assert answer is not None
    assert answer.status == 404


def test_an_officer_gets_nowhere_without_the_code_of_the_second_factor(desk: Desk) -> None:
    page = desk.page()
    page.goto("/account/login/")
    page.fill("[name=login]", "auditor@demo.example")
    page.fill("[name=password]", "demo-portal")
    page.press("[name=password]", "Enter")
    page.fill("[name=code]", "000000")
    page.press("[name=code]", "Enter")
    answer = page.goto("/queue/")
    assert answer is not None
    assert "/account/" in page.url or answer.status == 404
