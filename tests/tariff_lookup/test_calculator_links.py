"""The address is the calculation: short, whole, and every form of it that was ever shared stays good."""

import dataclasses
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from declarations.boxes import BY_FIELD
from tariff_lookup.api.calculator_schema import CalculationSerializer, ItemSerializer
from tariff_lookup.forms import calculator, unpacked
from tariff_lookup.forms.calculation_links import packed, without_item
from tariff_lookup.forms.consignment_item import FIXED, ItemForm, item_choices
from tariffs.calculation import ConsignmentItem
from tariffs.selectors import code_lists
from tests import make

APPLES, BEER, PHONE = "0808108000", "2203001000", "8517130000"
NUMBERS = st.integers(0, 10**9).map(str) | st.decimals("0.01", "9999", places=2).map(str)
ITEMS = st.fixed_dictionaries(
    {
        "commodity_code": st.from_regex(r"\A[0-9]{10}\Z"),
        "item_price": NUMBERS,
        "origin_country": st.from_regex(r"\A[A-Z]{2}\Z"),
    },
    optional={
        "proof": st.sampled_from(["ST1", "861"]),
        "net_mass": NUMBERS,
        "gross_mass": NUMBERS,
        "national_procedure": st.sampled_from(["001"]),
        "preference": st.sampled_from(["300"]),
        "quota_code": st.sampled_from(["090207", "09.02-07"]),
        "quantity_LTR": NUMBERS,
        "quantity_MIL": NUMBERS,
        "external_freight": NUMBERS,
        "other_cost": NUMBERS,
        "other_cost_currency": st.sampled_from(["EUR", "TJS"]),
    },
)


@given(
    head=st.dictionaries(st.sampled_from(["on", "invoice_currency", "working_mode"]), NUMBERS),
    items=st.lists(ITEMS, max_size=20),
)
def test_what_is_packed_is_unpacked_to_the_same(head: dict[str, str], items: list[dict[str, str]]) -> None:
    long = {(name, text) for name, text in unpacked(packed(head, items)) if text}
    expected = set(head.items())
    expected |= {(f"{place}-{name}", text) for place, item in enumerate(items) for name, text in item.items()}
    assert long == expected


def test_an_item_packed_stands_behind_those_in_the_long_form() -> None:
    assert ("1-commodity_code", PHONE) in unpacked([("i", f"{PHONE}~5"), ("0-commodity_code", APPLES)])


def test_an_item_taken_away_lets_the_others_move_up() -> None:
    pairs = [("on", "x"), ("0-commodity_code", "a"), ("1-commodity_code", "b"), ("2-commodity_code", "c")]
    assert list(without_item(pairs, 1)) == [("on", "x"), ("0-commodity_code", "a"), ("1-commodity_code", "c")]


@pytest.mark.django_db
def test_the_address_is_the_calculation_and_can_be_shared(client: Client) -> None:
    typed = {
        "0-commodity_code": "0808 10 800 0",
        "0-item_price": "1 000,50",
        "0-origin_country": "kz",
        "0-proof": "ST1",
        "0-net_mass": "900",
        "1-commodity_code": BEER,
        "1-item_price": "70",
        "1-origin_country": "DE",
        "1-quantity_LTR": "300",
        "invoice_currency": "EUR",
        "external_freight": "0",
        "extended_procedure": "4000",
        "working_mode": "0",
        "insurance": "",
        "insurance_currency": "USD",
        "items": "2",
        "go": "1",
        "on": make.ON.isoformat(),
        "utm_source": "letter",
    }
    answer = client.get(reverse("calculator"), typed, headers={"HX-Request": "true"})
    link = answer.headers["HX-Replace-Url"]
    assert parse_qsl(urlsplit(link).query) == [
        ("on", "2026-11-23"),
        ("invoice_currency", "EUR"),
        ("external_freight", "0"),
        ("i", f"{APPLES}~1000.5~KZ~ST1~900"),
        ("i", f"{BEER}~70~DE~~~~~~~LTR-300"),
    ]
    whole = client.get(reverse("calculator"), typed).content.decode()
    shared = client.get(link).content.decode()
    assert whole.split('id="result"')[1] == shared.split('id="result"')[1]
    assert f'data-copy="http://127.0.0.1:8000{link.replace("&", "&amp;")}"' in shared


@pytest.mark.django_db
def test_the_date_stays_in_the_address_so_that_the_law_stays_too(client: Client) -> None:
    goods = {"0-commodity_code": PHONE, "0-item_price": "1000", "0-origin_country": "CN"}
    link = client.get(reverse("calculator"), goods, headers={"HX-Request": "true"}).headers["HX-Replace-Url"]
    assert "on=2" in link


@pytest.mark.django_db
def test_what_cannot_be_read_yet_stays_in_the_address_as_it_is_typed(client: Client) -> None:
    typed = {"0-commodity_code": "app les", "0-item_price": "12x", "1-commodity_code": "", "items": "2"}
    link = client.get(reverse("calculator"), typed, headers={"HX-Request": "true"}).headers["HX-Replace-Url"]
    assert parse_qsl(urlsplit(link).query) == [("0-commodity_code", "app les"), ("0-item_price", "12x")]


@pytest.mark.django_db
def test_twenty_items_fit_a_qr_code(client: Client) -> None:
    query = {"on": make.ON.isoformat(), "i": [f"{APPLES}~12345.67~KZ~ST1~12345.678"] * 20}
    link = client.get(reverse("calculator"), query, headers={"HX-Request": "true"}).headers["HX-Replace-Url"]
    assert len(link) < 1_100


# One vocabulary -----------------------------------------------------------------------------------------------
OWN_WORDS = {"on", "items", "quantities", "proof"}


@pytest.mark.django_db
def test_the_calculator_speaks_the_words_of_the_box_table() -> None:
    header, item = set(BY_FIELD["header"]), set(BY_FIELD["item"])
    forms = calculator(None, places=[0], today=make.ON)
    own = ItemForm({}, place=0, choices=item_choices(code_lists(on=make.ON)), own_costs=True)
    assert set(forms.head.fields) - OWN_WORDS <= header | {"extended_procedure"}
    assert set(own.fields) - OWN_WORDS <= item
    assert set(FIXED) - OWN_WORDS <= item
    assert set(CalculationSerializer().fields) == set(forms.head.fields) | {"items"}
    assert set(ItemSerializer().fields) == set(own.fields) | {"quantities"}
    facts = {each.name for each in dataclasses.fields(ConsignmentItem)}
    assert facts - {"number", "documents", "supplementary", "costs"} <= item
