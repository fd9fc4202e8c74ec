"""The machine door of the tariff: open to anyone, the same numbers as the page, faults as values."""

from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.numbers import with_one_reading
from lib.public_api import PublicThrottle
from tariffs.calculation import Consignment, ConsignmentItem, Cost, assess
from tariffs.selectors import law_for
from tests import make

pytestmark = pytest.mark.django_db

CODES = ("0808108000", "2203001000", "8517130000", "0902300009", "8703221099")


@pytest.fixture(autouse=True)
def _no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PublicThrottle, "rate", "100000/min")


def calculate(client: Client, **body: object) -> dict[str, object]:
    answer = client.post(reverse("api_calculator"), {"on": "2026-11-23", **body}, content_type="application/json")
    assert answer.status_code == 200, answer.content
    found: dict[str, object] = answer.json()
    return found


def test_search_groups_lines_by_heading(client: Client) -> None:
    groups = client.get(reverse("api_tariff_search"), {"q": "яблоки"}).json()["groups"]
    assert groups[0]["heading"]["code"] == "0808"
    assert "080810" in [line["code"] for line in groups[0]["lines"]]


def test_a_line_tells_its_measures_with_rate_words_and_act(client: Client) -> None:
    found = client.get(reverse("api_commodity", args=["2203001000"]), {"on": "2026-11-23"}).json()
    excise = next(measure for measure in found["measures"] if measure["tax"] == "EXCISE")
    assert excise["rate"] == "0.40 EUR/l"
    assert "litre" in excise["rate_in_words"]
    assert excise["legal_act"].startswith("Order 335")
    assert [line["code"] for line in found["path"]] == ["22", "2203", "220300", "2203001000"]


def test_a_heading_tells_the_lines_below(client: Client) -> None:
    found = client.get(reverse("api_commodity", args=["0808"])).json()
    assert "080810" in [line["code"] for line in found["below"]]


def test_exchange_rates_on_a_date(client: Client) -> None:
    found = client.get(reverse("api_exchange_rates"), {"on": "2026-11-23"}).json()
    assert found["national_currency"] == "TJS"
    assert "USD" in [rate["currency"] for rate in found["rates"]]


@pytest.mark.parametrize(
    ("name", "query"), [("api_exchange_rates", {"on": "tomorrow"}), ("api_tariff_search", {"q": "x" * 300})]
)
def test_a_bad_question_is_a_fault_with_its_pointer(client: Client, name: str, query: dict[str, str]) -> None:
    answer = client.get(reverse(name), query)
    assert answer.status_code == 400
    assert answer.json()["violations"][0]["pointer"] == next(iter(query))


def test_a_code_that_is_not_there_is_not_found(client: Client) -> None:
    assert client.get(reverse("api_commodity", args=["7701"])).status_code == 404


def test_the_calculator_says_what_it_still_needs(client: Client) -> None:
    found = calculate(client, items=[{"commodity_code": "2203001000", "item_price": "100", "origin_country": "DE"}])
    assert found["complete"] is False
    assert found["needs"][0]["unit"] == "LTR"  # type: ignore[index]


def test_the_calculator_refuses_with_every_fault_at_its_place(client: Client) -> None:
    body = {
        "invoice_currency": "EUR",
        "items": [
            {"commodity_code": "8517130000", "item_price": "1", "origin_country": "CN"},
            {"commodity_code": "12", "item_price": "1x", "origin_country": "??"},
        ],
    }
    answer = client.post(reverse("api_calculator"), body, content_type="application/json")
    assert answer.status_code == 422
    pointers = {violation["pointer"] for violation in answer.json()["violations"]}
    assert pointers == {"items[1].commodity_code", "items[1].item_price", "items[1].origin_country"}


@pytest.mark.parametrize(
    "body", [{}, {"items": []}, {"items": "x"}, {"items": [{}]}, {"items": [{"commodity_code": {}}]}]
)
def test_a_body_of_the_wrong_shape_is_refused(client: Client, body: dict[str, object]) -> None:
    answer = client.post(reverse("api_calculator"), body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["violations"]


AMOUNTS = st.decimals("0.01", "999999.99", places=2)
ITEMS = st.lists(
    st.fixed_dictionaries(
        {
            "commodity_code": st.sampled_from(CODES), "item_price": AMOUNTS,
            "origin_country": st.sampled_from(["CN", "KZ", "DE", "RU"]),
            "net_mass": st.decimals("0.001", "50000", places=3), "litres": st.decimals("0.1", "5000", places=1),
            "proof": st.sampled_from(["", "ST1"]),
        }
    ),
    min_size=1,
    max_size=4,
)  # fmt: skip


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=ITEMS, currency=st.sampled_from(["USD", "EUR", "TJS", "RUB"]), freight=AMOUNTS)
def test_the_machine_door_gives_the_numbers_of_the_assessment(
    client: Client, items: list[dict[str, object]], currency: str, freight: Decimal
) -> None:
    consignment = Consignment(
        "import", "IM4", currency,
        tuple(
            ConsignmentItem(
                number, str(item["commodity_code"]), str(item["origin_country"]), Decimal(str(item["item_price"])),
                net_mass=Decimal(str(item["net_mass"])),
                documents=frozenset({str(item["proof"])} - {""}),
                supplementary=tuple((unit, Decimal(str(item["litres"]))) for unit in ("CMQ", "LTR", "NAR")),
            )
            for number, item in enumerate(items, 1)
        ),
        {"external_freight": Cost(freight)},
    )  # fmt: skip
    expected = assess(consignment, law_for(consignment, on=make.ON))
    found = calculate(
        client,
        invoice_currency=currency,
        external_freight=with_one_reading(str(freight)),
        items=[
            {
                **{
                    name: with_one_reading(str(item[name]))
                    for name in ("commodity_code", "item_price", "origin_country", "net_mass", "proof")
                },
                "quantities": dict.fromkeys(("LTR", "NAR", "CMQ"), with_one_reading(str(item["litres"]))),
            }
            for item in items
        ],
    )
    assert Decimal(str(found["payable"])) == expected.payable
    amounts = [Decimal(charge["amount"]) for item in found["items"] for charge in item["charges"]]  # type: ignore[attr-defined]
    assert amounts == [charge.amount for charge in expected.charges if charge.item is not None]


def test_one_address_may_ask_only_so_often(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(PublicThrottle, "rate", "2/min")
    answers = [client.get(reverse("api_exchange_rates")).status_code for _ in range(3)]
    cache.clear()
    assert answers == [200, 200, 429]
