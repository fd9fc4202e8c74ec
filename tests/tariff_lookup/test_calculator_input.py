"""What people type wrongly into the calculator: a clear sentence beside its field, and nothing lost."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tariffs.models import ExchangeRate
from tests import make

pytestmark = pytest.mark.django_db

APPLES, PHONE = "0808108000", "8517130000"
DAY = make.ON.isoformat()
GOODS = {"0-commodity_code": APPLES, "0-item_price": "1000", "0-origin_country": "CN", "0-net_mass": "77.25"}


def page(client: Client, **typed: str) -> str:
    answer = client.get(reverse("calculator"), {"on": DAY, "go": "1", **typed})
    assert answer.status_code == 200
    return answer.content.decode()


def beside(text: str, name: str) -> str:
    """What stands under a field, up to the next one."""
    found = re.search(rf'id="error-{re.escape(name)}"(.*?)(?:<div id="error-|class="field"|$)', text, re.DOTALL)
    assert found is not None, name
    return found[1]


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("0-item_price", "12,5x", "This is not a number"),
        ("0-item_price", "1,200", "This may be read in two ways"),
        ("0-item_price", "-5", "This cannot be less than zero"),
        ("0-item_price", "9" * 20, "This number is too large"),
        ("0-item_price", "", "This field is required"),
        ("0-origin_country", "", "This field is required"),
        ("0-origin_country", "QQ", "There is no country QQ"),
        ("0-proof", "XYZ", "There is no kind of document XYZ"),
        ("0-commodity_code", "0899999999", "There is no code 0899999999 on this date"),
        ("0-commodity_code", "0808", "0808 is not a whole code"),
        ("0-commodity_code", "080810", "080810 is not a whole code"),
        ("0-commodity_code", "apples", "A commodity code has only digits"),
        ("0-commodity_code", "", "This field is required"),
        ("0-net_mass", "abc", "This is not a number"),
        ("0-gross_mass", "-1", "This cannot be less than zero"),
        ("0-national_procedure", "ABC", "There is no national code ABC"),
        ("on", "2026-02-30", "This is not a date"),
        ("on", "0026-02-03", "The year of this date cannot be right"),
        ("on", "2926-02-03", "The year of this date cannot be right"),
        ("on", "yesterday", "This is not a date"),
        ("invoice_currency", "XYZ", "There is no currency XYZ"),
        ("delivery_terms_code", "ABC", "ABC is not a delivery term of Incoterms 2020"),
        ("extended_procedure", "9999", "There is no procedure 9999"),
        ("external_freight", "1e5", "This is not a number"),
        ("external_freight_currency", "XXQ", "There is no currency XXQ"),
        ("deduction", "ten", "This is not a number"),
        ("other_cost", "-3", "This cannot be less than zero"),
    ],
)
def test_a_fault_is_named_beside_its_field_and_nothing_is_lost(
    client: Client, name: str, typed: str, sentence: str
) -> None:
    text = page(client, **{**GOODS, name: typed})
    assert sentence in beside(text, name)
    assert 'id="payable"' not in text
    if typed:
        assert f'value="{typed}"' in text
    for kept in {"1000", "77.25", APPLES} - {GOODS.get(name)}:
        assert f'value="{kept}"' in text


def test_a_code_of_six_digits_offers_the_lines_below_it_and_the_search(client: Client) -> None:
    text = beside(page(client, **{**GOODS, "0-commodity_code": "0808 10"}), "0-commodity_code")
    assert "/tariff/?q=080810" in text
    link = re.split(r'<li>\s*<a href="', text)[1].split('"')[0].replace("&amp;", "&")
    assert "0-commodity_code=0808101000" in link
    followed = client.get(link).content.decode()
    assert 'id="payable"' in followed
    assert 'value="77.25"' in followed


def test_an_unknown_code_offers_the_lines_of_what_is_known_of_it(client: Client) -> None:
    text = beside(page(client, **{**GOODS, "0-commodity_code": "0808109999"}), "0-commodity_code")
    assert "nearest lines are below 080810" in text
    assert "0-commodity_code=0808108000" in text


def test_words_are_led_to_the_search(client: Client) -> None:
    assert "/tariff/?q=green%20apples" in beside(
        page(client, **{**GOODS, "0-commodity_code": "green apples"}), "0-commodity_code"
    )


def test_a_currency_without_a_rate_on_the_date_is_named_beside_its_field(client: Client) -> None:
    make.other_law(ExchangeRate.objects.filter(currency="GBP"))
    text = page(client, **GOODS, invoice_currency="GBP")
    assert "No exchange rate of GBP is in force on 2026-11-23" in beside(text, "invoice_currency")
    text = page(client, **GOODS, invoice_currency="USD", external_freight="10", external_freight_currency="GBP")
    assert "No exchange rate of GBP is in force" in beside(text, "external_freight_currency")
    assert 'value="10"' in text


def test_the_twenty_first_item_is_refused_and_kept(client: Client) -> None:
    many = {f"{place}-{name}": text for place in range(21) for name, text in
            (("commodity_code", PHONE), ("item_price", str(7000 + place)), ("origin_country", "CN"))}  # fmt: skip
    text = page(client, **many)
    assert "At most 20 items are computed at a time" in beside(text, "20-commodity_code")
    assert "At most 20" not in beside(text, "19-commodity_code")
    assert 'value="7020"' in text
    assert 'id="payable"' not in text
    assert 'name="add"' not in text
    removed = client.get(reverse("calculator"), {**many, "on": DAY, "remove": "3"}, follow=True).content.decode()
    assert 'id="payable"' in removed
    assert 'value="7003"' not in removed


def test_codes_are_taken_in_small_letters(client: Client) -> None:
    text = page(client, **{**GOODS, "0-origin_country": "cn"}, invoice_currency="usd", delivery_terms_code="cif")
    assert 'id="payable"' in text
    assert '<option value="USD" selected>' in text


def test_a_cost_that_the_price_holds_already_is_refused(client: Client) -> None:
    assert "already holds the freight" in beside(
        page(client, **GOODS, external_freight="9", delivery_terms_code="CIF"), "external_freight"
    )
    text = page(client, **GOODS, insurance="9", delivery_terms_code="CIP")
    assert "already holds the insurance" in beside(text, "insurance")
    assert 'id="payable"' not in text
    assert 'id="payable"' in page(client, **GOODS, external_freight="9", delivery_terms_code="FOB")
    own = page(client, **GOODS, **{"working_mode": "2", "0-external_freight": "9"}, delivery_terms_code="CIF")
    assert "already holds the freight" in beside(own, "0-external_freight")


def test_a_cost_that_the_price_leaves_out_is_asked_for_until_it_is_given_be_it_as_nothing(client: Client) -> None:
    for term, asked in (("EXW", (True, True)), ("CPT", (False, True)), ("CIF", (False, False))):
        text = page(client, **GOODS, delivery_terms_code=term)
        found = ("does not hold the freight" in text, "does not hold the insurance" in text)
        assert found == asked, term
    text = page(client, **GOODS, delivery_terms_code="EXW", external_freight="0", insurance="12")
    for quiet in (text, page(client, **GOODS, delivery_terms_code="EXW", extended_procedure="1000")):
        assert "the price does not hold the" not in quiet


def test_a_shared_cost_has_no_place_where_items_have_their_own(client: Client) -> None:
    text = page(client, **GOODS, working_mode="2", other_cost="9")
    assert "write this one at the items it belongs to" in beside(text, "other_cost")


def test_deductions_leave_a_value(client: Client) -> None:
    text = page(client, **GOODS, deduction="1001")
    assert "The deductions are greater than the price" in beside(text, "0-item_price")


def test_a_paper_that_changes_nothing_is_said_to(client: Client) -> None:
    assert "This paper changes nothing" in page(client, **{**GOODS, "0-proof": "ST1"})
    assert "This paper changes nothing" not in page(client, **{**GOODS, "0-proof": "ST1", "0-origin_country": "KZ"})


def test_a_wild_address_breaks_nothing(client: Client) -> None:
    for query in (
        {"items": "9999"},
        {"items": "-1"},
        {"777-commodity_code": "1"},
        {"0-quantity_ABC": "x"},
        {"remove": "99"},
        {"²-commodity_code": "1"},
        {"items": "²"},
        {"0-commodity_code": "\x00"},
        {"i": "~" * 500},
        {"i": ["1"] * 200},
        {"i": "\x00~\x00"},
        {"i": "1~2~3~4~5~6~7~8~9~LTR-x~external_freight-"},
        {"working_mode": "9"},
        {"remove": "²"},
        {"0-commodity_code": "9" * 999},
    ):
        assert client.get(reverse("calculator"), query, follow=True).status_code == 200
        assert client.get(reverse("calculator"), query, headers={"HX-Request": "true"}, follow=True).status_code == 200
