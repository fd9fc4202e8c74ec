"""A calculation on paper: every line with formula and act, the way back by QR, in the reader's language."""

import io
import re
from decimal import Decimal
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from tariff_lookup.views import calculator as view
from tariffs.calculation import Consignment, ConsignmentItem, Cost, assess
from tariffs.models import LegalAct, Measure
from tariffs.selectors import law_for
from tests import make

pytestmark = pytest.mark.django_db

APPLES, BEER = "0808108000", "2203001000"
QUERY = {
    "on": make.ON.isoformat(),
    "invoice_currency": "USD",
    "delivery_terms_code": "FOB",
    "external_freight": "300",
    "insurance": "0",
    "i": [f"{APPLES}~1000~KZ~ST1~900", f"{BEER}~500~DE~~~~~~~LTR-800"],
}


@pytest.fixture(autouse=True)
def _uncounted() -> None:
    cache.clear()


def paper(client: Client, language: str = "en", **changes: object) -> tuple[str, str]:
    """The text of the paper, blanks run together and taken out; and where its links lead."""
    client.cookies["django_language"] = language
    answer = client.get(reverse("calculation_pdf"), {**QUERY, **changes})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    text = " ".join(page.extract_text() for page in reader.pages)
    marks = (mark.get_object() for page in reader.pages for mark in page.get("/Annots", []))
    return run_together(text), " ".join(str(mark["/A"].get("/URI", "")) for mark in marks if "/A" in mark)


def run_together(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f]+", "", text)


def expected() -> object:
    consignment = Consignment(
        "import", "IM4", "USD",
        (
            ConsignmentItem(1, APPLES, "KZ", Decimal(1000), net_mass=Decimal(900), documents=frozenset({"ST1"})),
            ConsignmentItem(2, BEER, "DE", Decimal(500), supplementary=(("LTR", Decimal(800)),)),
        ),
        {"external_freight": Cost(Decimal(300)), "insurance": Cost(Decimal(0))},
    )  # fmt: skip
    return assess(consignment, law_for(consignment, on=make.ON))


def test_every_charge_stands_there_with_formula_rate_and_act(client: Client) -> None:
    text, _links = paper(client)
    assessment = expected()
    for charge in assessment.charges:  # type: ignore[attr-defined]
        for said in (charge.formula, charge.legal_basis, f"{charge.amount:,.2f}", charge.tax_name):
            assert run_together(said) in text, said
    for value in assessment.values:  # type: ignore[attr-defined]
        assert run_together(value.formula) in text
    assert f"{assessment.payable:,.2f}" in text  # type: ignore[attr-defined]


def test_it_says_its_date_its_terms_and_that_it_binds_nobody(client: Client) -> None:
    text, _links = paper(client)
    for said in ("23 Nov 2026", "FOB free on board", "300.00 USD", "This is an estimate by the law known on the day",
                 "1 EUR =", "National Bank", "example"):  # fmt: skip
        assert run_together(said) in text, said


def test_it_leads_back_to_the_same_calculation(client: Client) -> None:
    text, links = paper(client)
    link = links.split(" ")[0]
    assert link.startswith("http://127.0.0.1:8000/calculator/?")
    assert run_together(link) in text
    page = unescape(client.get(link.removeprefix("http://127.0.0.1:8000")).content.decode())
    assert f"{expected().payable:,.2f}" in page  # type: ignore[attr-defined]


def test_papers_and_prohibitions_are_named(client: Client) -> None:
    Measure.objects.create(
        kind="prohibition", flow="import", commodity_prefix=BEER, valid_from=make.SINCE,
        legal_act=LegalAct.objects.get(number="Order 450"), note="No such beer",
    )  # fmt: skip
    text, _links = paper(client)
    for said in ("phytosanitary certificate 851", "Prohibited: items 2 cannot be declared", "No such beer",
                 "Certificate of origin, form ST-1 (CIS) ST1"):  # fmt: skip
        assert run_together(said) in text, said


def test_what_is_still_needed_and_lacking_is_said(client: Client) -> None:
    text, _links = paper(client, i=[f"{BEER}~500~DE"], external_freight="", insurance="")
    assert run_together("Still needed:") in text
    assert run_together("Declare the quantity in l") in text
    assert run_together("the price does not hold the freight") in text


def test_it_is_written_in_the_reader_s_language(client: Client) -> None:
    text, _links = paper(client, language="ru")
    for said in ("Яблоки", "Ввозная таможенная пошлина", "23.11.2026", "фитосанитарный сертификат"):
        assert run_together(said) in text, said
    with translation.override("ru"):
        assert f"{expected().payable:,.2f}".replace(",", "").replace(".", ",") in text  # type: ignore[attr-defined]


def test_many_items_are_printed_whole(client: Client) -> None:
    text, _links = paper(client, i=[f"{APPLES}~{1000 + place}~CN~~900" for place in range(8)])
    for number in range(1, 9):
        assert run_together(f"Item {number}, commodity 0808 10 800 0") in text


def test_what_cannot_be_computed_leads_back_to_the_form(client: Client) -> None:
    answer = client.get(reverse("calculation_pdf"), {**QUERY, "i": f"{APPLES}~12x~CN"}, follow=True)
    assert answer.redirect_chain[0][0].startswith(reverse("calculator"))
    assert "This is not a number" in answer.content.decode()
    bare = client.get(reverse("calculation_pdf"), follow=True)
    assert bare.status_code == 200
    assert bare["Content-Type"].startswith("text/html")


def test_one_address_may_print_only_so_often(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "PAPERS_A_MINUTE", 1)
    answers = [client.get(reverse("calculation_pdf"), QUERY) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert "Link to this calculation" in answers[1].content.decode()
