"""The tariff as two officers change it and as a trader uses it, in real pages: from a draft to the rate charged.

Nothing here needs the whole national table; where another story has loaded it, the codes are the same.
"""

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import Desk

MAKER, APPROVER = "tariff@demo.example", "approver@demo.example"
BLACK, OTHER = "0902300001", "0902300009"
BEER = "2203"
WHOLE_CODE = re.compile(r"/tariff/\d{10}/")
Check = Callable[[Page], None]


@pytest.fixture
def start() -> date:
    return date.today() + timedelta(days=20)


def in_english(page: Page, path: str) -> Page:
    """The officer reads English for once."""
    page.goto(path)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    return page


def begin(page: Page, title: str, start: date) -> str:
    """A new change set; its address."""
    in_english(page, "/tariff/change-sets/new/")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Takes effect").fill(start.isoformat())
    page.get_by_label("Legal act").select_option(label="Order 450 On the customs tariff of the Republic of Tajikistan")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    return page.url


def replace_by_form(page: Page, code: str, tax: str, rate: str) -> None:
    page.get_by_role("link", name="Choose a published row").click()
    page.get_by_label("Code begins with").fill(code)
    page.get_by_role("button", name="Show").click()
    page.get_by_role("button", name=f"Replace {tax} {code}", exact=True).click()
    page.locator("#row_rate").fill(rate)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#rows ins", has_text=rate)).to_be_visible()


def compare(page: Page, path: Path, *lines: str) -> None:
    """Upload a file of rates and look at the dry run."""
    path.write_text("tax,commodity,rate\n" + "".join(f"{line}\n" for line in lines))
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_role("button", name="Compare").click()


def edit_first(page: Page, rate: str) -> None:
    """Another rate in the first row, in the grid."""
    page.get_by_role("link", name="Edit row 1", exact=True).click()
    box = page.locator(".change-grid__form #row_rate")
    box.fill(rate)
    box.press("Enter")
    expect(page.locator("#row-1 ins", has_text=rate)).to_be_visible()


def rate_on(page: Page, code: str, day: date) -> str:
    """What anyone is told of the import duty of a code on a day."""
    page.goto(f"/tariff/{code}/?on={day.isoformat()}")
    return page.locator("#tax-DUTY").inner_text()


def duty_in_the_calculator(page: Page, code: str, day: date) -> str:
    """The rate the machine door of the calculator charges."""
    item = {"commodity_code": code, "item_price": "1000", "origin_country": "CN", "net_mass": "10", "gross_mass": "11"}
    answer = page.request.post("/api/v1/calculator/", data={"items": [item], "on": day.isoformat()})
    assert answer.ok, answer.text()
    return next(charge["rate"] for charge in answer.json()["items"][0]["charges"] if charge["tax"] == "DUTY")


def publish(maker: Page, approver: Page, address: str) -> None:
    """Handed in by one, approved and published by the other."""
    maker.goto(address)
    maker.get_by_role("button", name="Submit for approval").click()
    expect(maker.locator(".messages")).to_contain_text("Another person approves it")
    expect(maker.get_by_role("button", name="Approve and publish")).to_have_count(0)
    approver.goto(address)
    approver.get_by_role("button", name="Approve and publish").dblclick()
    expect(approver.locator("#next")).to_contain_text("It is not edited")


def test_two_officers_change_rates_by_form_and_file_and_take_them_back(
    desk: Desk, page: Page, check_accessibility: Check, tmp_path: Path, start: date
) -> None:
    maker, approver = desk.log_in(MAKER), desk.log_in(APPROVER)
    before = duty_in_the_calculator(page, BLACK, start)
    title = "Duty on black tea and excise on beer"
    address = begin(maker, title, start)
    expect(maker.locator("#next")).to_contain_text("Add rows below")
    check_accessibility(maker)

    # By form, with a fault that is seen in its cell and corrected there.
    replace_by_form(maker, BEER, "EXCISE", "0.55 EUR/l")
    edit_first(maker, "half a euro")
    expect(maker.locator("#row-1")).to_contain_text("T405")
    expect(maker.locator("#faults")).to_contain_text("One thing to correct")
    check_accessibility(maker)
    edit_first(maker, "0.55 EUR/l")
    expect(maker.locator("#faults")).to_contain_text("No fault")

    # By file: refused with its place, corrected, compared, taken over.
    compare(maker, tmp_path / "rates.csv", f"DUTY,{BLACK},nine", f"DUTY,{OTHER},11%")
    expect(maker.get_by_role("alert")).to_contain_text("rate")
    check_accessibility(maker)
    compare(maker, tmp_path / "rates.csv", f"DUTY,{BLACK},9.5%", f"DUTY,{OTHER},11%")
    expect(maker.locator("main")).to_contain_text("Nothing of this is in the change set yet.")
    check_accessibility(maker)
    maker.get_by_role("button", name="Take over").click()
    expect(maker.locator(".messages")).to_contain_text("2 rows were taken over.")

    # The other officer finds it waiting, asks what it means, and publishes it.
    with maker.expect_navigation():
        maker.get_by_role("button", name="Submit for approval").click()
    in_english(approver, "/tariff/change-sets/")
    check_accessibility(approver)
    approver.get_by_role("link", name=title).click()
    approver.get_by_role("button", name="Calculate the impact").click()
    expect(approver.locator("#impact")).to_contain_text("pay the same", timeout=40_000)
    check_accessibility(approver)
    approver.get_by_role("button", name="Approve and publish").dblclick()
    expect(approver.locator("#next")).to_contain_text("It is not edited")

    # From its day on it is what everybody pays, and the feed has told it before.
    assert "9.5%" in rate_on(page, BLACK, start)
    assert "9.5%" not in rate_on(page, BLACK, start - timedelta(days=1))
    assert duty_in_the_calculator(page, BLACK, start) == "9.5%"
    page.goto("/tariff/changes/")
    expect(page.locator(".feed li").first).to_contain_text(title)
    check_accessibility(page)
    page.get_by_role("link", name=title).click()
    expect(page.locator("main")).to_contain_text("9.5%")
    check_accessibility(page)
    assert title in page.request.get("/tariff/changes.atom").text()

    # Its opposite brings back what was.
    maker.goto(address)
    maker.get_by_role("button", name="Make the opposite").click()
    expect(maker.get_by_role("heading", level=1)).to_contain_text("Takes back")
    publish(maker, approver, maker.url)
    assert duty_in_the_calculator(page, BLACK, start) == before


def test_a_tariff_officer_changes_a_rate_from_the_page_of_its_code(
    desk: Desk, page: Page, check_accessibility: Check, start: date
) -> None:
    page.goto(f"/tariff/{OTHER}/")
    expect(page.get_by_role("link", name="Change this rate")).to_have_count(0)
    maker = in_english(desk.log_in(MAKER), f"/tariff/{OTHER}/")
    maker.locator("#tax-DUTY").get_by_role("link", name="Change this rate").first.click()
    check_accessibility(maker)
    maker.get_by_label("Title").fill("From the page of a code")
    maker.get_by_label("Takes effect").fill(start.isoformat())
    maker.get_by_role("button", name="Begin, and replace it").click()
    maker.locator("#row_rate").fill("8%")
    check_accessibility(maker)
    maker.get_by_role("button", name="Save").click()
    expect(maker.locator("#row-1 ins", has_text="8%")).to_be_visible()
    maker.get_by_text("Withdraw it").click()
    maker.get_by_role("button", name="Withdraw the set").click()
    expect(maker.locator("#next")).to_contain_text("Nothing in the tariff has changed")


# A trader -----------------------------------------------------------------------------------------------------
def search(page: Page, words: str, heading: str) -> None:
    """Type words; the heading is offered before Enter, and is among what is found after it."""
    page.goto("/tariff/")
    box = page.locator("#q")
    box.press_sequentially(words)
    expect(page.locator("#suggestions [role=option]", has_text=heading).first).to_be_visible()
    box.press("Enter")
    expect(page.locator(f"#found a[href^='/tariff/{heading}']").first).to_be_visible()


def pick(page: Page, item: int, words: str) -> str:
    """Type words into the field of a code and choose the first that is offered; the code."""
    box = page.locator(f"[name='{item}-commodity_code']")
    box.press_sequentially(words)
    offered = page.locator("#suggestions [data-code]")
    code = offered.first.get_attribute("data-code") or ""
    offered.first.click()
    expect(box).to_have_value(code)
    return code


def fill_item(page: Page, item: int, value: str, origin: str, mass: str) -> None:
    page.locator(f"[name='{item}-item_price']").fill(value)
    page.locator(f"[name='{item}-origin_country']").select_option(origin)
    page.locator(f"[name='{item}-net_mass']").fill(mass)


def test_a_trader_finds_goods_estimates_two_items_and_shares_the_calculation(
    desk: Desk, page: Page, check_accessibility: Check
) -> None:
    search(page, "iphone", "8517")
    search(page, "яблоки", "0808")
    check_accessibility(page)
    page.locator("#found a[href^='/tariff/080810']").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("0808")
    if not WHOLE_CODE.search(page.url):
        page.locator("main a[href^='/tariff/080810']").last.click()
    expect(page.locator("main")).to_contain_text("Import duty")
    check_accessibility(page)
    apples = page.locator("h1 [data-copy]").get_attribute("data-copy")
    page.get_by_role("link", name="Calculate duty").click()
    expect(page.locator("[name='0-commodity_code']")).to_have_value(apples or "")

    fill_item(page, 0, "8400.50", "KZ", "12000")
    expect(page.locator("#payable")).to_be_visible()
    alone = page.locator("#payable").inner_text()
    page.get_by_role("button", name="Add an item").click()
    telephone = pick(page, 1, "iphone")
    assert telephone.startswith("8517")
    fill_item(page, 1, "20000", "CN", "10")
    expect(page.locator("#result")).to_contain_text("Item 2")
    expect(page.locator("#payable")).not_to_have_text(alone)
    check_accessibility(page)

    # Every line opens into its formula, its rate and the act it rests on.
    page.locator("#result").get_by_text("How it is computed").first.click()
    opened = page.locator("#result details[open]").first
    for part in ("Formula", "Rate in the law", "Legal basis"):
        expect(opened).to_contain_text(part)
    check_accessibility(page)

    # The link gives anybody the same sum, and so does the paper.
    sum_to_pay = page.locator("#payable").inner_text()
    address = page.get_by_role("link", name="Link to this calculation").get_attribute("href") or ""
    somebody = desk.page()
    somebody.goto(address)
    expect(somebody.locator("#payable")).to_have_text(sum_to_pay)
    paper = somebody.request.get(somebody.get_by_role("link", name="As PDF").get_attribute("href") or "")
    assert paper.headers["content-type"] == "application/pdf"
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(paper.body())).pages)
    assert sum_to_pay.split()[0] in text
