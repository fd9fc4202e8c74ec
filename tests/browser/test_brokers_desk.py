"""A broker's desk: what is due at each client, whose mandate ends, who may pay, and a file found by what it holds."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from demo.accounts import AUTO, PHARMA, SHARQ, ZARAFSHON, Firm
from lib.sheets import read_tables
from tests import make
from tests.browser.conftest import Desk
from tests.ops.test_faults import Api
from tests.stack import Stack, wait_for

BROKER = "broker@demo.example"
FOUND = "SELECT count(*) FROM declarations_searched s JOIN declarations_declaration d ON d.id = s.declaration_id " \
        "WHERE d.mrn = %s"  # fmt: skip


def file_for(api: Api, client: Firm, lrn: str, goods: str, invoice: str, exporter: str) -> str:
    """Lodged by the broker for a client through its own program; the MRN."""
    papers = [{"code": "380", "reference": invoice, "date": "2026-11-02"},
              {"code": "730", "reference": "CMR-204", "date": "2026-11-10"}]  # fmt: skip
    content = make.data(
        lrn=lrn, declarant_code=SHARQ.tin, consignee_code=client.tin, consignee_name=client.box,
        exporter_name=f"{exporter}\nKunming, China",
        items=[make.item(commercial_description=goods, documents=papers)],
    )  # fmt: skip
    status, body = api.call("POST", "/api/v1/declarations/lodge/", content)
    assert status == 201, body
    return str(body["mrn"])


def rows(page: Page, table: str) -> list[str]:
    return page.locator(f"{table} tbody tr").all_inner_texts()


def test_a_broker_sees_what_is_due_at_each_client_and_finds_a_file_by_what_it_holds(
    stack: Stack, desk: Desk, check_accessibility: Callable[[Page], None], tmp_path: Path
) -> None:
    api = Api(stack, stack.manage("issue_token", BROKER).strip())
    food = file_for(api, ZARAFSHON, "BRK-31", "Walnut halves for bakers", "ZF/2026-77", "Osh Orchards")
    drugs = file_for(api, PHARMA, "BRK-32", "Chamomile flowers, dried", "PH-4711", "Chengdu Herbs")
    wait_for(lambda: all(stack.value(FOUND, mrn) for mrn in (food, drugs)), "the files to be found", explain=stack.tail)
    page = desk.log_in(BROKER, viewport={"width": 1440, "height": 900})
    page.goto("/desk/clients/")
    page.get_by_role("button", name="English").click()
    of = {firm: page.locator("#clients tr", has_text=firm.tin) for firm in (ZARAFSHON, PHARMA, AUTO, SHARQ)}
    expect(of[AUTO].locator("td").last.locator(".tag--yellow")).to_be_visible()
    expect(of[ZARAFSHON].locator("td").last).to_have_text("without end")
    expect(of[SHARQ]).to_contain_text("your own company")
    for firm in (ZARAFSHON, PHARMA):
        expect(of[firm].locator("[data-label='To pay']")).to_contain_text("TJS")
        expect(of[firm].locator("[data-label='Who may pay']")).to_contain_text("you")
    due = page.locator("#due")
    expect(due.locator("tr", has_text=food)).to_contain_text("to pay")
    expect(due.locator("tr", has_text=AUTO.name)).to_contain_text("mandate ends")
    check_accessibility(page)
    # One client alone, and its files from there.
    page.get_by_label("Client", exact=True).select_option(PHARMA.tin)
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#clients tbody tr")).to_have_count(1)
    expect(due).to_contain_text(drugs)
    expect(due).not_to_contain_text(food)
    with page.expect_download() as taken:
        due.get_by_role("link", name="XLSX").click()
    (table,) = tables(taken.value.path().read_bytes())
    assert [row[4] for _number, row in table[1:]] == [drugs]
    of[PHARMA].locator("[data-label='To pay'] a").click()
    expect(page.locator("#id_company")).to_have_value(PHARMA.tin)
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text(drugs)
    # Found across clients by what people have at hand.
    page.locator("#id_company").select_option("")
    page.locator("#id_stage").select_option("")
    for text, mrn in ((food[-5:], food), ("brk-32", drugs), ("walnut", food), ("chamomile dried", drugs),
                      ("ZF/2026-77", food), ("chengdu", drugs)):  # fmt: skip
        search(page, text)
        expect(page.locator("tbody tr")).to_have_count(1)
        expect(page.locator("tbody tr")).to_contain_text(mrn)
    search(page, "0902300009")
    for mrn in (food, drugs):
        expect(page.locator("tbody")).to_contain_text(mrn)
    search(page, "BRK-3")
    with page.expect_download() as taken:
        page.get_by_role("link", name=re.compile("CSV")).click()
    (table,) = tables(taken.value.path().read_bytes())
    assert {row[0] for _number, row in table[1:]} == {food, drugs}
    check_accessibility(page)


def search(page: Page, text: str) -> None:
    page.locator("#id_text").fill(text)
    with page.expect_navigation():
        page.get_by_role("button", name="Filter", exact=True).click()


def tables(content: bytes) -> list[list[tuple[int, list[str]]]]:
    read = read_tables(content, known=len, most_rows=100, most_characters=100_000, seconds=5)
    return [table.rows for table in read]
