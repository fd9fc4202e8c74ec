"""The calculator's endpoint: restrictions, papers, options, the link, faults with pointers, all as its schema says."""

import os
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from lib.public_api import PublicThrottle
from tariffs.models import ExchangeRate, LegalAct, Measure, Quota
from tests import make

pytestmark = pytest.mark.django_db

APPLES, BEER, CHICKEN, PHONE = "0808108000", "2203001000", "0207141009", "8517130000"
QUOTA = "090207"


@pytest.fixture(autouse=True)
def _no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PublicThrottle, "rate", "100000/min")


def item(code: str = PHONE, **more: Any) -> dict[str, Any]:
    return {"commodity_code": code, "item_price": "1000", "origin_country": "CN", **more}


def post(client: Client, *items: dict[str, Any], **body: Any) -> Any:
    asked = {"on": make.ON.isoformat(), "items": list(items), **body}
    return client.post(reverse("api_calculator"), asked, content_type="application/json")


def calculated(client: Client, *items: dict[str, Any], **body: Any) -> dict[str, Any]:
    answer = post(client, *items, **body)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def faults(client: Client, *items: dict[str, Any], **body: Any) -> dict[str, str]:
    """Pointer to sentence."""
    answer = post(client, *items, **body)
    assert answer.status_code == 422, answer.content
    return {fault["pointer"]: fault["sentence"] for fault in answer.json()["violations"]}


# What it gives ------------------------------------------------------------------------------------------------
def test_a_restriction_names_its_papers_items_note_and_act(client: Client) -> None:
    papers = calculated(client, item(APPLES, net_mass="5"), item())["papers"]
    (asked,) = papers["restrictions"]
    assert [paper["code"] for paper in asked["documents"]] == ["851"]
    assert (asked["prohibited"], asked["items"]) == (False, [1])
    assert "plant protection" in asked["note"]
    assert asked["legal_basis"]
    assert "380" in [paper["code"] for paper in papers["invoice"]]
    assert "730" in [paper["code"] for paper in papers["transport"]]


def test_a_prohibition_is_a_restriction_without_papers(client: Client) -> None:
    Measure.objects.create(
        kind="prohibition", flow="import", commodity_prefix=PHONE, valid_from=make.SINCE, note="No such telephones",
        legal_act=LegalAct.objects.get(number="Order 450"),
    )  # fmt: skip
    (banned,) = calculated(client, item())["papers"]["restrictions"]
    assert (banned["prohibited"], banned["documents"], banned["note"]) == (True, [], "No such telephones")


def test_options_of_an_item_and_alternatives_of_the_consignment(client: Client) -> None:
    make.other_law(Quota.objects.filter(number=QUOTA), volume=5)
    found = calculated(
        client, item(CHICKEN, origin_country="BR", net_mass="2000"), item(APPLES, origin_country="KZ", net_mass="90")
    )
    general, quota = found["items"][0]["options"]
    assert (general["quota"], general["current"], general["total"]) == (None, True, found["items"][0]["total"])
    assert (quota["quota"]["number"], quota["quota"]["balance"], quota["quota"]["unit"]) == (QUOTA, "5", "TNE")
    assert quota["covered"] == "2"
    papers = {other["document"]: other for other in found["alternatives"]}
    assert papers["ST1"]["items"] == [2]
    assert papers[""]["quota"]["number"] == QUOTA
    taken = calculated(
        client,
        item(CHICKEN, origin_country="BR", net_mass="2000", quota_code=QUOTA),
        item(APPLES, origin_country="KZ", net_mass="90"),
    )
    assert taken["payable"] == papers[""]["payable"]
    assert {charge["part"] for charge in taken["items"][0]["charges"]} == {"within", "whole"}


def test_the_link_shows_the_same_number(client: Client) -> None:
    body = calculated(
        client,
        item(BEER, origin_country="DE", quantities={"HLT": "5"}),
        item(item_price="70.5", national_procedure="001"),
        invoice_currency="EUR",
        delivery_terms_code="FOB",
        external_freight="30",
        external_freight_currency="USD",
    )
    link = urlsplit(body["link"])
    page = client.get(f"{link.path}?{link.query}").content.decode()
    whole, _dot, fraction = body["payable"].partition(".")
    assert f"{int(whole):,}.{fraction}" in page.split('id="payable"')[1].split("</p>")[0]


def test_a_calculation_too_long_for_the_page_has_no_link(client: Client) -> None:
    assert calculated(client, *[item()] * 20)["link"]
    assert calculated(client, *[item()] * 21)["link"] == ""
    assert post(client, *[item()] * 100).status_code == 400


def test_sums_by_tax_and_the_exchange_rates_of_the_value(client: Client) -> None:
    body = calculated(client, item(), item(APPLES, net_mass="5"), external_freight="9", external_freight_currency="EUR")
    assert [tax["tax"] for tax in body["totals"]] == ["FEE", "DUTY", "VAT"]
    assert {rate["currency"] for rate in body["exchange_rates"]} == {"USD", "EUR"}


def test_costs_that_the_price_leaves_out_are_pointed_at(client: Client) -> None:
    body = calculated(client, item(), delivery_terms_code="FOB", insurance="0")
    assert [one["pointer"] for one in body["lacking"]] == ["external_freight"]


def test_what_is_needed_is_pointed_at_where_the_request_lacks_it(client: Client) -> None:
    Measure.objects.create(
        tax_code="DUTY", commodity_prefix=PHONE, rate_text="1 USD/kg gross", valid_from=make.SINCE, additive=True,
        legal_act=LegalAct.objects.get(number="Order 450"),
    )  # fmt: skip
    make.other_law(ExchangeRate.objects.filter(currency="GBP"))
    body = calculated(
        client, item(BEER, origin_country="DE"), item(), external_freight="5", external_freight_currency="GBP"
    )
    assert not body["complete"]
    pointers = {need["pointer"] for need in body["needs"]}
    assert pointers == {"items[0].quantities.LTR", "items[1].gross_mass", "external_freight_currency"}


def test_words_are_in_the_asker_s_language(client: Client) -> None:
    asked = {"on": make.ON.isoformat(), "items": [item()]}
    answer = client.post(
        reverse("api_calculator"), asked, content_type="application/json", headers={"Accept-Language": "ru"}
    )
    assert answer.json()["charges"][0]["name"] == "Сбор за таможенное оформление"


# What it refuses ----------------------------------------------------------------------------------------------
def test_faults_point_at_their_fields_all_at_once(client: Client) -> None:
    found = faults(
        client,
        item("080810", item_price="-1", net_mass="x", quantities={"LTR": "many", "QQQ": "1"}),
        item("0899999999", origin_country="QQ"),
        invoice_currency="XYZ", on="2026-02-30", delivery_terms_code="CIF", external_freight="5",
    )  # fmt: skip
    assert set(found) == {
        "invoice_currency",
        "on",
        "external_freight",
        "items[0].commodity_code",
        "items[0].item_price",
        "items[0].net_mass",
        "items[0].quantities.LTR",
        "items[0].quantities.QQQ",
        "items[1].commodity_code",
        "items[1].origin_country",
    }
    assert APPLES in found["items[0].commodity_code"]


def test_a_quota_for_other_goods_and_too_great_deductions_are_refused(client: Client) -> None:
    assert set(faults(client, item(quota_code=QUOTA))) == {"items[0].quota_code"}
    assert set(faults(client, item(), deduction="5000")) == {"items[0].item_price"}


def test_own_costs_of_an_item_are_read_where_costs_are_not_shared(client: Client) -> None:
    own = calculated(client, item(external_freight="70", external_freight_currency="EUR"), working_mode="2")
    shared = calculated(client, item(), external_freight="70", external_freight_currency="EUR")
    assert own["customs_value"] == shared["customs_value"]
    assert own["customs_value"] != calculated(client, item())["customs_value"]
    assert set(faults(client, item(), external_freight="70", working_mode="2")) == {"external_freight"}


# Its schema ---------------------------------------------------------------------------------------------------
def test_a_text_with_two_readings_is_asked_about_and_a_number_is_none(client: Client) -> None:
    for doubtful in ("1.000", "1,000", "12.500"):
        assert "two ways" in faults(client, item(item_price=doubtful))["items[0].item_price"]
        assert "two ways" in faults(client, item(quantities={"LTR": doubtful}))["items[0].quantities.LTR"]
    sums = [calculated(client, item(item_price=price))["payable"] for price in (1.125, "1.1250", "1125.00", 1125)]
    assert sums[0] == sums[1] != sums[2] == sums[3]


def test_the_answer_is_as_the_schema_says(client: Client) -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    path = schema["paths"][reverse("api_calculator")]["post"]
    reference = path["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    body = calculated(
        client,
        item(BEER, origin_country="DE"),
        item(CHICKEN, origin_country="BR", net_mass="20"),
        item(APPLES, origin_country="KZ"),
        delivery_terms_code="FOB",
    )
    name = reference.rpartition("/")[2]
    components = _with_nulls(schema["components"])
    jsonschema.validate(body, {"$ref": f"#/components/schemas/{name}", "components": components})
    described = schema["components"]["schemas"][name]["properties"]
    assert set(described) == set(body)


def _with_nulls(schema: Any) -> Any:
    """The schema with `nullable`, which OpenAPI 3.0 has and JSON Schema has not, written as JSON Schema writes it."""
    if isinstance(schema, dict):
        inner = {key: _with_nulls(value) for key, value in schema.items()}
        return {"anyOf": [inner, {"type": "null"}]} if schema.get("nullable") is True else inner
    return [_with_nulls(value) for value in schema] if isinstance(schema, list) else schema


def test_the_schema_of_the_calculator_raises_no_warning(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("spectacular", "--validate", "--file", os.devnull)
    assert "alculat" not in capsys.readouterr().err
