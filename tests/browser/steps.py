"""What a trader does in the browser to file a declaration, step by step."""

import re
from collections.abc import Sequence

from playwright.sync_api import Page, expect

Row = tuple[str, ...]
MRN = re.compile(r"\d{2}TJ[A-Z0-9]{13}\d")
SAVED = "[data-save-state][data-state=saved]"
# Papers without which goods may not come in, by heading.
PERMITS = {"0808": "851", "3004": "MEDR"}
# Commodity, description, origin, procedure, packages, kind, gross, net, supplementary quantity and unit, price.
ROWS: Sequence[Row] = [
    ("0902300001", "Black tea in packets of 100 g", "CN", "4000", "40", "CT", "420", "400", "", "", "1200"),
    ("0808108000", "Fresh apples", "KZ", "4000", "600", "BX", "12 400", "12 000", "", "", "8400,50"),
    ("2203000100", "Beer in bottles", "DE", "4000", "100", "CT", "1300", "1000", "1000", "LTR", "900"),
]


def begin(page: Page, *, office: str = "TJ01", invoice: str = "10 500,50") -> None:
    """A new import with what the portal cannot know filled in, as far as the items."""
    page.goto("/declarations/new/")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/edit/procedure/")
    write(page, office_code=office)
    to_section(page, 2, "parties")
    write(page, exporter_name="Silk Road Export GmbH\nHamburg, Germany")
    to_section(page, 3, "transport")
    write(page, export_country="DE", trading_country="DE", border_mode="3", departure_identity="01 777 AB 01",
          departure_nationality="TJ")  # fmt: skip
    to_section(page, 4, "value")
    write(page, invoice_amount=invoice, invoice_currency="USD", delivery_terms_code="CIP",
          delivery_terms_place="Dushanbe", transaction_nature_1="1")  # fmt: skip


def write(page: Page, **fields: str) -> None:
    """Each box is filled and left; the page says that it was saved."""
    for name, text in fields.items():
        box = page.locator(f"#{name}")
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(text)
        else:
            box.fill(text)
            box.press("Tab")
    expect(page.locator(SAVED)).to_be_visible()


def press(page: Page, keys: str) -> None:
    """Keys that the page itself answers to: its scripts are there once it has loaded."""
    page.wait_for_load_state()
    page.keyboard.press(keys)


def fits(page: Page) -> None:
    """Nothing sticks out sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url}: {wide} pixels stick out"


def to_section(page: Page, number: int, name: str) -> None:
    press(page, f"Alt+Digit{number}")
    page.wait_for_url(re.compile(rf"/edit/{name}/"))


def paste(page: Page, selector: str, text: str) -> None:
    """Paste as a person would whose clipboard holds cells of a spreadsheet."""
    page.locator(selector).focus()
    page.locator(selector).evaluate(
        """(box, text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        text,
    )


def fill_items(page: Page, rows: Sequence[Row] = ROWS) -> None:
    to_section(page, 5, "items")
    page.wait_for_selector("form[data-grid]")
    paste(page, "#items-0-commodity_code", "\n".join("\t".join(row) for row in rows))
    expect(page.locator("[data-grid] [data-row]:not(.is-coming)")).to_have_count(len(rows))
    expect(page.locator(SAVED)).to_be_visible()


def add_papers(page: Page, rows: Sequence[Row] = ROWS) -> None:
    """An invoice, a waybill, and what the goods may not come in without, for all items."""
    to_section(page, 6, "documents")
    asked = sorted({PERMITS[row[0][:4]] for row in rows if row[0][:4] in PERMITS})
    papers = [("380", "INV-17"), ("730", "CMR-204"), *((code, f"{code}-7") for code in asked)]
    for number, (code, reference) in enumerate(papers, start=1):
        page.locator("[name='new.code']").fill(code)
        page.locator("[name='new.reference']").fill(reference)
        page.locator("[name='new.date']").fill("2026-11-02")
        page.locator("[value=add_paper]").click()
        expect(page.locator("#papers tbody tr")).to_have_count(number)
    expect(page.locator("#papers")).to_contain_text(f"1-{len(rows)}" if len(rows) > 1 else "1")


def lodge(page: Page) -> None:
    """Declare and lodge, by a double click; ends on the page of the declaration."""
    to_section(page, 8, "review")
    expect(page.locator("#faults")).to_have_count(0)
    page.get_by_label("I declare that the particulars are true and complete.").check()
    page.get_by_role("button", name="Lodge the declaration").dblclick()
    page.wait_for_url(re.compile(r"/declarations/[0-9a-f-]{36}/$"))
    expect(page.locator("main")).to_contain_text(MRN)
