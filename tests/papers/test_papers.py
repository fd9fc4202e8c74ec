"""What is printed, in the reader's language: SAD, assessment notice, receipt, release note."""

import io
import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import translation
from pypdf import PdfReader

from clearance import services as clearance
from declarations.sad_pdf import render_notice, render_sad
from lib.papers import print_pdf, qr_drawing
from payments.models import Payment
from payments.services import issue_receipt
from tests import make

pytestmark = pytest.mark.django_db
CODE = make.item()["commodity_code"]


def pages(content: bytes) -> list[str]:
    """The text of each page, blanks run together."""
    reader = PdfReader(io.BytesIO(content))
    return [re.sub(r"[\s\u00a0\u202f]+", " ", page.extract_text()) for page in reader.pages]


def money(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def test_the_sad_carries_the_number_the_parties_the_goods_and_every_tax_line():
    declaration = make.assessed()
    (sheet,) = pages(render_sad(declaration))
    for said in (declaration.mrn, declaration.customs_number, declaration.lrn, "Yunnan Tea Co", CODE):
        assert said in sheet
    for charge in declaration.charges.all():
        assert money(charge.amount) in sheet
    assert money(declaration.payable) in sheet
    assert "DRAFT" not in sheet


BOXES = [
    "1 DECLARATION",
    "2 Consignor",
    "3 Forms",
    "4 Load. lists",
    "5 Items",
    "6 Total packages",
    "7 Reference number",
    "8 Consignee",
    "9 Person",
    "10 Cty. last",
    "11 Trad. country",
    "12 Value details",
    "13 C.A.P.",
    "14 Declarant",
    "15 Country of dispatch",
    "16 Country of origin",
    "17 Country of destination",
    "18 Identity",
    "19 Ctr.",
    "20 Delivery terms",
    "21 Identity",
    "22 Currency",
    "23 Exchange rate",
    "24 Nature",
    "25 Mode",
    "26 Inland mode",
    "27 Place of loading",
    "28 Financial",
    "29 Office of exit",
    "30 Location",
    "31 Packages",
    "32 Item",
    "33 Commodity code",
    "34 Country orig.",
    "35 Gross mass",
    "36 Preference",
    "37 PROCEDURE",
    "38 Net mass",
    "39 Quota",
    "40 Summary declaration",
    "41 Supplementary units",
    "42 Item price",
    "43 V.M. code",
    "44 Additional information",
    "45 Adjustment",
    "46 Statistical value",
    "47 Calculation of taxes",
    "48 Deferred payment",
    "49 Identification of warehouse",
    "50 Principal",
    "51 Intended offices",
    "52 Guarantee",
    "53 Office of destination",
    "54 Place and date",
    "A OFFICE OF DISPATCH",
    "B ACCOUNTING DETAILS",
    "C OFFICE OF DEPARTURE",
    "D/J CONTROL",
]


@pytest.mark.parametrize("box", BOXES)
def test_every_box_of_the_form_is_there(box: str, sad_text: str):
    number, label = box.split(" ", 1)
    assert f"{number} {label}" in sad_text or f"{number}{label}" in sad_text


@pytest.fixture(scope="module")
def sad_text(django_db_setup: None, django_db_blocker) -> str:
    """The text of an empty draft's SAD."""
    with django_db_blocker.unblock(), translation.override("en"), transaction.atomic():
        text = " ".join(pages(render_sad(make.draft())))
        transaction.set_rollback(True)
    return text


def test_a_draft_is_marked_as_one_and_a_cancelled_declaration_as_void():
    assert "DRAFT" in pages(render_sad(make.draft()))[0]
    declaration = make.assessed()
    clearance.cancel(declaration, reason="sent back", by=make.trader(), at=make.AT)
    declaration.refresh_from_db()
    assert "VOID" in pages(render_sad(declaration))[0]


@pytest.mark.parametrize(("items", "sheets"), [(1, 1), (2, 2), (4, 2), (5, 3), (8, 4)])
def test_continuation_sheets_hold_three_items_each(items: int, sheets: int):
    goods = [make.item(commercial_description=f"Tea number {number}.") for number in range(1, items + 1)]
    printed = pages(render_sad(make.assessed(items=goods)))
    assert len(printed) == sheets
    for number in range(1, items + 1):
        sheet = printed[0] if number == 1 else printed[1 + (number - 2) // 3]
        assert f"Tea number {number}." in sheet
    for sheet in printed[1:]:
        assert "Continuation sheet BIS" in sheet


def test_what_does_not_fit_a_box_is_listed_whole_at_the_end():
    long = "Tea of a very particular kind, " * 30
    fits, _bis = pages(render_sad(make.assessed(items=[make.item(), make.item(commercial_description=long[:300])])))
    assert "continued at the end" not in fits
    *sheets, rest = pages(render_sad(make.assessed(items=[make.item(), make.item(commercial_description=long)])))
    assert len(sheets) == 2
    assert "continued at the end" in sheets[1]
    assert long.strip() in rest
    assert "Item 2, box 31" in rest


def test_the_notice_explains_every_charge():
    declaration = make.assessed()
    text = " ".join(pages(render_notice(declaration)))
    assert declaration.mrn in text
    assert money(declaration.payable) in text
    for charge in declaration.charges.all():
        for said in (charge.tax_code, charge.rate_text, money(charge.amount), charge.formula, charge.legal_basis):
            assert re.sub(r"[\s\u00a0\u202f]+", " ", str(said)) in text


def test_the_receipt_says_who_paid_what():
    declaration = make.paid()
    payment = Payment.objects.get(declaration=declaration)
    receipt = issue_receipt(payment, at=make.AT)
    (text,) = pages(receipt.file_in("en").file.read())
    for said in (
        receipt.number,
        declaration.mrn,
        make.TIN,
        money(payment.amount),
        "Zarina Trader",
    ):
        assert said in text
    assert receipt.paper.token in "".join(text.split())  # a long address may go on in the next line
    for code in {charge.tax_code for charge in declaration.charges.all()}:
        assert code in text


def test_the_release_note_leads_to_its_check():
    declaration = make.released()
    note = clearance.issue_release_note(declaration.pk, at=make.AT)
    (text,) = pages(note.file_in("en").file.read())
    assert note.number in text
    assert declaration.mrn in text
    assert CODE in text
    assert note.token in text.replace(" ", "")


def test_papers_are_written_in_the_reader_s_language():
    declaration = make.assessed()
    with translation.override("ru"):
        russian = " ".join(pages(render_sad(declaration)))
    whole, fraction = f"{declaration.payable:.2f}".split(".")
    assert f"{int(whole):,}".replace(",", " ") + f",{fraction}" in russian
    assert money(declaration.payable) in " ".join(pages(render_sad(declaration)))


def test_letters_of_all_three_languages_are_printed():
    exporter = "Ширкати «Ғалла» ӣқӯҳҷ\nул. Рӯдакӣ, Yunnan"
    assert "ӣқӯҳҷ" in pages(render_sad(make.draft(exporter_name=exporter)))[0]


def test_what_a_trader_writes_is_text_and_nothing_is_fetched():
    hostile = "<img src='http://127.0.0.1:9/x.png'><b>bold</b>"
    assert "<b>bold</b>" in pages(render_sad(make.draft(exporter_name=hostile)))[0]


def test_a_qr_code_is_a_drawing():
    assert qr_drawing("https://customs.example/verify/abc").startswith("<svg viewBox")
    assert print_pdf("papers/notice.html", {"d": make.draft(), "groups": []}).startswith(b"%PDF")


def test_papers_come_through_the_door_for_members_only(as_trader: Client, as_stranger: Client, follow_ups: Any):
    declaration = make.assessed()
    for kind in ("sad", "notice"):
        address = f"/declarations/{declaration.public_id}/papers/{kind}.pdf"
        with follow_ups():
            assert as_trader.get(address).status_code == 202
        answer = as_trader.get(address)
        assert answer.status_code == 200
        assert declaration.mrn in pages(b"".join(answer.streaming_content))[0]
        assert as_stranger.get(address).status_code == 404
