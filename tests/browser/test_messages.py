"""A question and its answer, as both sides hear of them: the count in the header, the message, the thing itself."""

import re

from playwright.sync_api import Page, expect

from demo.accounts import POMIR
from tests import make
from tests.browser.conftest import Desk
from tests.browser.test_stories import open_case
from tests.ops.test_faults import Api
from tests.stack import Stack, wait_for

ITEMS = 7
# What has as many items is looked at by an officer: no other test of this run lodges it.
LOOKED_AT = f"""
from tests.risk import make
conditions = [{{"field": "header.item_count", "op": "=", "value": "{ITEMS}"}}]
make.criterion(code="SEVEN", name="Seven items", lane="yellow", conditions=conditions)
"""
CASE = "SELECT mrn FROM clearance_case WHERE declaration_id = %s"
TOLD = "SELECT count(*) FROM notifications_message WHERE declaration_id = %s AND kind = 'money_due'"


def unread(page: Page) -> int:
    page.goto("/")
    found = re.search(r"\d+", page.locator(".inbox-link").inner_text())
    return int(found[0]) if found else 0


def rises(page: Page, before: int) -> bool:
    return unread(page) > before


def test_a_question_reaches_the_trader_and_the_answer_the_officer(stack: Stack, desk: Desk) -> None:
    mrn = _file(stack)
    trader, officer = desk.log_in("trader@demo.example"), desk.log_in("supervisor@demo.example")
    open_case(officer, mrn)
    trader_knew, officer_knew = unread(trader), unread(officer)
    open_case_again(officer, mrn)
    officer.get_by_text("Ask the declarant").click()
    officer.get_by_label("Question to the declarant").fill("Where is the contract?")
    officer.get_by_role("button", name="Send the question").click()
    wait_for(lambda: rises(trader, trader_knew), "the trader to hear of the question", explain=stack.tail)

    trader.locator(".inbox-link").click()
    expect(trader.get_by_role("heading", name="Messages")).to_be_visible()
    trader.get_by_role("link", name=f"Question on {mrn}").click()
    expect(trader.get_by_text("Where is the contract?").first).to_be_visible()
    trader.get_by_label("Your answer").fill("It is attached to the invoice.")
    trader.get_by_role("button", name="Send the answer").click()
    assert unread(trader) == trader_knew, "the message was read by opening it"

    wait_for(lambda: rises(officer, officer_knew), "the officer to hear of the answer", explain=stack.tail)
    officer.locator(".inbox-link").click()
    officer.get_by_role("link", name=f"Answer on {mrn}").click()
    expect(officer).to_have_url(re.compile(r"/queue/[0-9a-f-]{36}/"))
    expect(officer.get_by_text("It is attached to the invoice.").first).to_be_visible()


def open_case_again(page: Page, mrn: str) -> None:
    page.goto("/queue/?show=all")
    page.get_by_role("link", name=mrn).click()


def _file(stack: Stack) -> str:
    """Lodged by a machine at the terminal; the MRN, when the file is open and the trader knows what is due."""
    stack.manage("shell", "-c", LOOKED_AT)
    key = stack.token("trader@demo.example")
    parties = {"consignee_code": POMIR.tin, "consignee_name": POMIR.box, "office_code": "TJ02"}
    content = make.data(lrn="MESSAGES-1", items=[make.item() for _each in range(ITEMS)], **parties)
    status, body = Api(stack, key).call("POST", "/api/v1/declarations/lodge/", content)
    assert status == 201, body
    declaration = stack.value("SELECT id FROM declarations_declaration WHERE mrn = %s", body["mrn"])
    wait_for(lambda: stack.value(CASE, declaration), "the file", explain=stack.tail)
    wait_for(lambda: stack.value(TOLD, declaration), "the trader to hear what is due", explain=stack.tail)
    return str(body["mrn"])
