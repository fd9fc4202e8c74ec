"""Whole stories over the whole tariff table: green, yellow and red, from an empty form to a genuine release note.

Trader, officers and the public click in real pages; web server, worker, beat and bank are real processes.
"""

import io
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from lib.money import round_money
from tests.browser.conftest import OFFICER, Desk
from tests.browser.steps import MRN, Row, add_papers, begin, fill_items, fits, lodge, press
from tests.stack import Stack, wait_for

EXAMINER = "examiner@demo.example"
TERMINAL = "TJ02"
PHONE = {"width": 360, "height": 740}
TEA: Row = ("0902300001", "Black tea in tea bags", "CN", "4000", "40", "CT", "420", "400", "", "", "1200")
DISHES: Row = ("6911100000", "Porcelain tableware", "CN", "4000", "90", "CT", "2900", "2700", "", "", "8400,50")
APPLES: Row = ("0808108006", "Fresh apples", "KZ", "4000", "60", "BX", "1240", "1200", "", "", "900")
MEDICINE: Row = ("3004900002", "Tablets of paracetamol", "CN", "4000", "20", "CT", "240", "200", "", "", "4000")
CLOTHES: Row = ("6109909000", "Vests, knitted", "CN", "4000", "80", "CT", "2100", "2000", "2000", "NAR", "90")
# Chance must not send these files to another lane.
NO_DRAWING_OF_LOTS = """
from django.utils import timezone
from risk.models import Criterion
from risk.services import switch_off
for criterion in Criterion.objects.filter(code__startswith="RANDOM-"):
    switch_off(criterion, reason="no luck in a story", at=timezone.now(), by=None)
"""
# The tea pays the minimum by weight, the dishes 12 %, the apples by weight alone.
DUTIES = """
SELECT charge.amount FROM declarations_charge AS charge JOIN declarations_item AS item ON item.id = charge.item_id
JOIN declarations_declaration AS declaration ON declaration.id = charge.declaration_id
WHERE charge.tax_code = 'DUTY' AND declaration.mrn = %s ORDER BY item.number
"""
PAYMENTS = """
SELECT count(*) FROM payments_payment AS payment JOIN declarations_declaration AS declaration
ON declaration.id = payment.declaration_id WHERE declaration.mrn = %s
"""
ATTEMPTS = PAYMENTS.replace("payments_payment", "payments_attempt")


@pytest.fixture(scope="module", autouse=True)
def _whole_tariff(stack: Stack, shared_data: Path) -> None:
    printed = stack.manage("load_tariff", str(shared_data / "tariff" / "ett_2026.csv"))
    assert "13290 rows read" in printed.replace(",", "")
    stack.manage("shell", "-c", NO_DRAWING_OF_LOTS)


def file(page: Page, rows: Sequence[Row], *, invoice: str) -> str:
    """Fill the form and lodge; the MRN."""
    begin(page, office=TERMINAL, invoice=invoice)
    fill_items(page, rows)
    add_papers(page, rows)
    lodge(page)
    found = MRN.search(page.locator("h1").inner_text())
    assert found
    return found.group()


def pay_at_the_bank(page: Page) -> None:
    """From the page of the declaration to the bank's page, a double click there, and back to the declaration."""
    address = page.url
    page.get_by_role("link", name=re.compile("^Pay ")).click()
    page.get_by_label("the bank’s page").check()
    page.get_by_role("button", name=re.compile("^Pay ")).dblclick()
    expect(page.get_by_text("Sandbox Bank", exact=True)).to_be_visible()
    page.get_by_role("button", name=re.compile("^Pay ")).dblclick()
    expect(page.get_by_role("heading", name="The declaration is paid")).to_be_visible(timeout=20_000)
    page.goto(address)


def pay_from_the_account(page: Page) -> None:
    """A double click on the button, and back to the declaration."""
    address = page.url
    page.get_by_role("link", name=re.compile("^Pay ")).click()
    page.get_by_label("Prepaid account").check()
    page.get_by_role("button", name=re.compile("^Pay ")).dblclick()
    expect(page.locator("main")).to_contain_text("Paid. The receipt is ready below.")
    page.goto(address)


def see(page: Page, selector: str, text: str | re.Pattern[str]) -> None:
    """Reload until the worker has done its part, as a person would."""
    wait_for(lambda: _says(page, selector, text), f"{text} on the page")


def _says(page: Page, selector: str, text: str | re.Pattern[str]) -> bool:
    page.reload()
    said = " ".join(page.locator(selector).all_inner_texts())
    return bool(re.search(text, said))


def wait_for_the_file(stack: Stack, mrn: str, lane: str) -> None:
    """The worker has scored the declaration and opened its file in that lane."""
    asked = "SELECT lane FROM clearance_case WHERE mrn = %s"
    found = wait_for(lambda: stack.value(asked, mrn), f"the file of {mrn}", explain=stack.tail)
    assert found == lane


def open_case(page: Page, mrn: str) -> None:
    """The officer reads English for once, finds the file in the queue and claims it."""
    page.goto(f"/queue/?text={mrn}")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name=mrn).click()
    page.get_by_role("button", name="Claim").click()
    expect(page.locator("main")).to_contain_text("The file is yours.")


def open_by_keys(page: Page, mrn: str) -> None:
    """The same without the mouse: arrows choose the row, O opens the file, C claims it."""
    page.goto("/queue/?show=all")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    chosen = page.locator(".queue tr.is-chosen")
    for _row in range(20):
        press(page, "ArrowDown")
        if mrn in chosen.inner_text():
            break
    expect(page.locator("#queue-more")).to_contain_text(mrn)
    press(page, "o")
    expect(page.locator("h1")).to_contain_text(mrn)
    press(page, "c")
    expect(page.locator("main")).to_contain_text("The file is yours.")


def check_all(page: Page) -> None:
    """Each instruction is in order."""
    left = page.locator("#hits").get_by_role("button", name="In order")
    expect(left.first).to_be_visible()
    for others in reversed(range(left.count())):
        left.first.click()
        expect(page.locator("main")).to_contain_text("The check is recorded.")
        expect(left).to_have_count(others)


def photograph(case: Page, phone: Page, picture: Path) -> None:
    """A phone opens the link of the QR code, without a session; what it could not send goes by the next link."""
    links = case.locator("#examinations a[target=_blank]").get_attribute("href") or ""
    phone.goto(address_for_a_phone(case, links))
    phone.route(
        "**/photographs/**", lambda route: route.abort() if route.request.method == "POST" else route.fallback()
    )
    phone.locator("input[type=file]").set_input_files(picture)
    state = phone.locator("[data-phone-state]")
    expect(state).to_contain_text("No line.")
    desk = case.context.new_page()
    desk.goto(links)
    desk.get_by_role("button", name="End my links now").click()
    expect(desk.locator("main")).to_contain_text("have ended")
    desk.close()
    phone.unroute_all()
    phone.get_by_role("button", name="Send").click()
    expect(state).to_contain_text("The link has ended. Kept on this phone until a new link is opened: 1")
    phone.goto(address_for_a_phone(case, links))
    expect(state).to_contain_text("All photographs have arrived.")


def address_for_a_phone(case: Page, links: str) -> str:
    address = re.search(r'href="(http[^"]+/photographs/[^"]+)"', case.request.get(links).text())
    assert address
    return address[1]


def record_on_a_poor_line(case: Page) -> None:
    """The finding that was typed is refused, then not sent, then sent by itself when the page is opened again."""
    work, line = case.locator("#examinations"), case.locator("[data-line]")
    record = case.get_by_role("button", name="Record the finding")
    work.locator("summary", has_text="Take a sample").click()
    work.locator("[name=sample-number]").fill("P-7/1")
    work.get_by_label("Measured").fill("many")
    record.click()
    expect(work).to_contain_text("This is not a number")
    expect(work.locator("[name=sample-number]")).to_have_value("P-7/1")
    work.get_by_label("Measured").fill("")
    case.context.set_offline(True)
    record.click()
    expect(line).to_be_visible()
    expect(line).to_contain_text("What you typed is kept")
    case.route("**/finding/**", lambda route: route.abort())
    case.context.set_offline(False)
    case.unroute_all()
    case.reload()


def note_the_load(case: Page) -> None:
    """Where it was, in what, behind which seals, sent when the session had ended and kept until there is one again;
    a sample goes to the laboratory, and its result comes back.
    """
    work = case.locator("#examinations")
    work.locator("summary", has_text="Place, containers and seals").click()
    work.get_by_label("Place").fill("Ramp 3")
    work.get_by_label("Containers").fill("MSKU 907032 3")
    work.get_by_label("Seals found").fill("TJ 004417")
    work.get_by_label("Seals put on").fill("TJ 004901")
    file, session = case.url, [each for each in case.context.cookies() if each["name"] == "sessionid"]
    case.context.clear_cookies(name="sessionid")
    work.get_by_role("button", name="Keep", exact=True).click()
    expect(case).to_have_url(re.compile(r"/account/login/\?next=%2Fqueue%2F[^%]+%2F$"))
    case.context.add_cookies(session)  # type: ignore[arg-type]
    case.goto(file)
    expect(work.locator("dl")).to_contain_text("TJ 004901")
    expect(work.locator("[name=sample-number]")).to_have_value("P-7/1")
    work.locator("[name=sample-quantity]").fill("2 pieces")
    work.locator("[name=sample-laboratory]").fill("Central customs laboratory")
    work.locator("[name=sample-question]").fill("Composition of the fibre")
    with case.expect_navigation():
        work.get_by_role("button", name="Record the sample").click()
    expect(work.locator(".sample")).to_contain_text("waits for the laboratory")
    work.locator("summary", has_text="Record the result").click()
    work.locator(".sample select").first.select_option("yes")
    work.locator(".sample textarea").fill("Cotton 100 %, as declared.")
    work.locator(".sample").get_by_role("button").click()
    expect(work.locator(".sample")).to_contain_text("Cotton 100 %")


def sign(case: Page, name: str) -> None:
    """A person who was there signs in the field."""
    case.get_by_text("Who was there").click()
    case.locator("#id_presence-name").fill(name)
    case.locator("[data-sign] canvas").scroll_into_view_if_needed()
    box = case.locator("[data-sign] canvas").bounding_box()
    assert box
    case.mouse.move(box["x"] + 20, box["y"] + 20)
    case.mouse.down()
    case.mouse.move(box["x"] + 120, box["y"] + 60)
    case.mouse.up()
    case.get_by_role("button", name="Record the person").click()
    expect(case.locator("#examinations")).to_contain_text(f"{name}, declarant or its representative: signed")


def release_note(page: Page, anybody: Page) -> str:
    """The text of the printed note; whoever opens the address that it carries learns that it is genuine."""
    see(page, "#standing a", "Print the release note")
    answer = page.request.get(page.get_by_role("link", name="Print the release note").get_attribute("href") or "")
    assert answer.headers["content-type"] == "application/pdf"
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.body())).pages)
    address = re.search(r"http\S+/verify/[\w\s-]+/", text)
    assert address
    anybody.goto("".join(address.group().split()))
    expect(anybody.get_by_role("heading", level=1)).to_have_text("This paper is genuine")
    return text


def test_green_paid_at_the_bank_is_released_by_the_worker_alone(stack: Stack, trader_page: Page, page: Page) -> None:
    mrn = file(trader_page, [TEA, DISHES, APPLES], invoice="10 500,50")
    dollar, euro = stack.rate("USD"), stack.rate("EUR")
    tea, dishes, apples = 400 * Decimal("0.5") * euro, Decimal("8400.50") * dollar, 1200 * Decimal("0.06") * euro
    duties = [tea, round_money(dishes, 2) * Decimal("0.12"), apples]
    assert stack.rows(DUTIES, mrn) == [(round_money(duty, 2),) for duty in duties]
    expect(trader_page.locator("main")).to_contain_text("0.5 EUR/kg")
    pay_at_the_bank(trader_page)
    text = release_note(trader_page, page)
    assert mrn in text
    assert TEA[0] in text
    assert stack.value(PAYMENTS, mrn) == 1
    assert stack.value(ATTEMPTS, mrn) == 1


def test_yellow_is_asked_answered_with_a_paper_released_and_paid(
    stack: Stack, desk: Desk, trader_page: Page, page: Page, tmp_path: Path
) -> None:
    mrn = file(trader_page, [MEDICINE], invoice="4000")
    case = desk.log_in(OFFICER, viewport={"width": 1440, "height": 900})
    wait_for_the_file(stack, mrn, "yellow")
    open_by_keys(case, mrn)
    case.get_by_text("Ask the declarant").click()
    case.get_by_label("Question to the declarant").fill("Which company holds the marketing authorisation?")
    case.get_by_role("button", name="Send the question").click()
    expect(case.locator("#query")).to_contain_text("waits for the answer")
    see(trader_page, "#query", "Which company holds the marketing authorisation?")
    paper = tmp_path / "authorisation.png"
    trader_page.screenshot(path=paper)
    trader_page.get_by_label("Your answer").fill("The maker; its certificate is attached.")
    trader_page.get_by_label("Papers").set_input_files(paper)
    trader_page.get_by_role("button", name="Send the answer").click()
    expect(trader_page.locator("#query")).to_contain_text("authorisation.jpg")
    see(case, "#query", "its certificate is attached")
    _read_beside_the_file(case)
    press(case, "r")
    expect(case.locator("#decide")).to_contain_text("Record the check of each instruction first")
    check_all(case)
    press(case, "r")
    expect(case.locator("main")).to_contain_text(f"{mrn}: decided.")
    expect(case.locator("h1")).not_to_contain_text(mrn)  # the next file, or the queue
    trader_page.reload()
    pay_at_the_bank(trader_page)
    assert mrn in release_note(trader_page, page)


def _read_beside_the_file(case: Page) -> None:
    """The answer's paper stands right of the file, is turned and enlarged by key, and is a sheet in a small window."""
    shown, pane = case.locator(".scan-pane img"), case.locator(".scan-pane")
    expect(shown).to_be_visible()
    left, right = case.locator("main").bounding_box(), pane.bounding_box()
    assert left
    assert right
    assert left["x"] + left["width"] <= right["x"] + 1
    assert right["height"] >= 600
    case.locator("[data-stage]").focus()
    press(case, "r")
    assert "rotate(90deg)" in (shown.get_attribute("style") or "")
    before = shown.bounding_box()
    case.keyboard.press("+")
    after = shown.bounding_box()
    assert before
    assert after
    assert after["width"] > before["width"]
    case.get_by_role("button", name="Side by side").click()
    expect(case.locator("[data-stage]")).to_have_count(2)
    case.keyboard.press("Escape")
    expect(pane).to_be_hidden()
    case.set_viewport_size({"width": 800, "height": 900})
    link = case.locator("#query a[data-scan]")
    link.focus()
    link.press("Enter")
    sheet = pane.bounding_box()
    assert sheet
    assert sheet["width"] == 800
    case.keyboard.press("Escape")
    expect(link).to_be_focused()
    case.set_viewport_size({"width": 1280, "height": 900})


def test_red_is_examined_with_a_finding_and_then_released(
    stack: Stack, desk: Desk, trader_page: Page, page: Page, tmp_path: Path
) -> None:
    mrn = file(trader_page, [CLOTHES], invoice="90")
    pay_from_the_account(trader_page)
    assert stack.value(PAYMENTS, mrn) == 1
    wait_for_the_file(stack, mrn, "red")
    case = desk.log_in(EXAMINER, viewport=PHONE)
    open_case(case, mrn)
    case.get_by_role("button", name="Release", exact=True).click()
    expect(case.locator("#decide")).to_contain_text("xamin")
    case.get_by_label("Examine", exact=True).select_option("goods")
    case.get_by_role("button", name="Begin the examination").click()
    case.get_by_label("Result").select_option("quantity")
    case.get_by_label("Item", exact=True).select_option("1")
    work = case.locator("#examinations")
    work.get_by_label("Packages counted").fill("83")
    work.get_by_label("Gross mass").fill("2 163,5")
    work.get_by_label("What differs", exact=False).first.fill("Three cartons more than declared")
    record_on_a_poor_line(case)
    expect(work).to_contain_text("83 packages counted")
    expect(work).to_contain_text("Three cartons more than declared")
    note_the_load(case)
    fits(case)
    check_all(case)
    picture = tmp_path / "cartons.png"
    trader_page.screenshot(path=picture)
    photograph(case, desk.page(viewport=PHONE), picture)
    sign(case, "Akmal Rahimov")
    expect(work.locator(".photos img")).to_have_count(1)
    case.get_by_role("button", name="Finish the examination").click()
    expect(case.locator("#examinations")).to_contain_text("discrepancy")
    case.get_by_role("button", name="Release", exact=True).click()
    expect(case.locator("#decide")).to_contain_text("A discrepancy was found")
    case.locator("#discrepancies summary", has_text="Close with a reason").click()
    case.get_by_label("Why nothing comes of them").fill("Too small to matter; the trader was warned.")
    case.get_by_role("button", name="Close them").click()
    expect(case.locator("#examinations")).to_contain_text("Too small to matter")
    case.get_by_role("button", name="Release", exact=True).click()
    assert mrn in release_note(trader_page, page)
