"""The calculator: the same numbers as an assessment, a link that can be shared, and nothing lost on bad input."""

from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from tariffs.calculation import Consignment, ConsignmentItem, Cost, assess
from tariffs.selectors import law_for
from tests import make

pytestmark = pytest.mark.django_db

APPLES, BEER, PHONE = "0808108000", "2203001000", "8517130000"
DAY = make.ON.isoformat()


def calculate(client: Client, *, live: bool = False, **fields: str) -> str:
    typed = {name.replace("item", "").replace("__", "-"): text for name, text in fields.items()}
    query = {"on": DAY, "go": "1", **typed}
    answer = client.get(reverse("calculator"), query, headers={"HX-Request": "true"} if live else {})
    assert answer.status_code == 200
    return answer.content.decode()


def assessed(*items: ConsignmentItem, currency: str = "USD", **costs: Cost) -> Decimal:
    consignment = Consignment("import", "IM4", currency, items, costs)
    return assess(consignment, law_for(consignment, on=make.ON)).payable


def written(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def test_an_empty_calculator_asks_and_blames_nobody(client: Client) -> None:
    text = client.get(reverse("calculator")).content.decode()
    assert "error" not in text.split("</header>")[1].replace("error-", "").replace("_error", "")
    assert 'name="0-code"' in text


def test_the_total_is_that_of_the_assessment(client: Client) -> None:
    text = calculate(client, item0__code=PHONE, item0__value="1000", item0__origin="CN", currency="USD")
    assert written(assessed(ConsignmentItem(1, PHONE, "CN", Decimal(1000)))) in text


def test_costs_are_shared_and_charged_as_in_an_assessment(client: Client) -> None:
    text = calculate(
        client, item0__code=PHONE, item0__value="1000", item0__origin="CN",
        item1__code=APPLES, item1__value="3 000,50", item1__origin="CN", item1__net_mass="4000",
        currency="USD", delivery_term="FOB", freight="400", freight_currency="EUR",
    )  # fmt: skip
    expected = assessed(
        ConsignmentItem(1, PHONE, "CN", Decimal(1000)),
        ConsignmentItem(2, APPLES, "CN", Decimal("3000.50"), net_mass=Decimal(4000)),
        external_freight=Cost(Decimal(400), "EUR"),
    )
    assert written(expected) in text


def test_a_rate_by_volume_asks_for_the_quantity_and_then_uses_it(client: Client) -> None:
    asked = calculate(client, item0__code=BEER, item0__value="1000", item0__origin="DE")
    assert 'name="0-quantity_LTR"' in asked
    assert "Still needed" in asked
    given = calculate(client, item0__code=BEER, item0__value="1000", item0__origin="DE", **{"0-quantity_LTR": "500"})
    assert "Still needed" not in given
    expected = assessed(ConsignmentItem(1, BEER, "DE", Decimal(1000), supplementary=(("LTR", Decimal(500)),)))
    assert written(expected) in given


def test_every_line_opens_into_formula_exchange_rate_and_legal_act(client: Client) -> None:
    text = calculate(client, item0__code=BEER, item0__value="1000", item0__origin="DE", **{"0-quantity_LTR": "500"})
    for expected in ("0.4 EUR/l", "1 EUR =", "in force since", "Order 335", "Tax Code, art. 264"):
        assert expected in text


def test_a_proof_of_origin_that_would_save_is_offered_and_one_that_is_held_is_used(client: Client) -> None:
    goods = {"item0__code": APPLES, "item0__value": "1000", "item0__origin": "KZ", "item0__net_mass": "900"}
    without = calculate(client, **goods)
    assert "you save" in without
    assert "ST-1" in without
    assert "you save" not in calculate(client, **goods, item0__proof="ST1")
    assert "you save" not in calculate(client, **{**goods, "item0__origin": "CN"})


def test_the_paper_saves_what_it_says(client: Client) -> None:
    item = ConsignmentItem(1, APPLES, "KZ", Decimal(1000), net_mass=Decimal(900))
    proven = ConsignmentItem(1, APPLES, "KZ", Decimal(1000), net_mass=Decimal(900), documents=frozenset({"ST1"}))
    text = calculate(
        client, item0__code=APPLES, item0__value="1000", item0__origin="KZ", item0__net_mass="900"
    ).replace("\N{NO-BREAK SPACE}", " ")
    assert written(assessed(item) - assessed(proven)) in text


def test_the_law_is_that_of_the_date(client: Client) -> None:
    goods = {"item0__code": PHONE, "item0__value": "1000", "item0__origin": "CN"}
    assert "14%" in calculate(client, **goods, on="2026-12-31")
    assert "13%" in calculate(client, **goods, on="2027-01-01")


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("item0__value", "12,5x", "This is not a number"),
        ("item0__value", "1,200", "This may be read in two ways"),
        ("item0__value", "-5", "This cannot be less than zero"),
        ("item0__value", "", "This field is required"),
        ("item0__code", "0808999999", "No goods are declared under this code"),
        ("item0__code", "0808", "No goods are declared under this code"),
        ("item0__code", "apples", "A commodity code has only digits"),
        ("item0__net_mass", "abc", "This is not a number"),
        ("on", "2026-02-30", "This is not a date"),
        ("freight", "1e5", "This is not a number"),
    ],
)
def test_bad_input_is_named_beside_its_field_and_nothing_is_lost(
    client: Client, field: str, text: str, sentence: str
) -> None:
    goods = {"item0__code": APPLES, "item0__value": "1000", "item0__origin": "CN", "item0__net_mass": "77.25"}
    page = calculate(client, **{**goods, field: text})
    name = field.replace("item", "").replace("__", "-")
    beside = page.split(f'id="error-{name}"')[1].split("</div>")[0]
    assert sentence in beside
    if text:
        assert f'value="{text}"' in page
    assert field == "item0__net_mass" or 'value="77.25"' in page
    assert 'id="payable"' not in page


def test_a_cost_that_the_price_holds_already_is_refused(client: Client) -> None:
    goods = {"item0__code": PHONE, "item0__value": "1000", "item0__origin": "CN", "freight": "100"}
    assert "already holds the freight" in calculate(client, **goods, delivery_term="CIF")
    assert "already holds the freight" not in calculate(client, **goods, delivery_term="FOB")


def test_terms_without_freight_remind_of_it(client: Client) -> None:
    goods = {"item0__code": PHONE, "item0__value": "1000", "item0__origin": "CN"}
    assert "does not hold the freight" in calculate(client, **goods, delivery_term="FOB")
    assert "does not hold the freight" not in calculate(client, **goods, delivery_term="CIF")


def test_while_one_types_an_empty_field_is_no_fault_yet_but_a_wrong_one_is(client: Client) -> None:
    part = calculate(client, live=True, item0__code=APPLES, item0__value="12x")
    assert "<html" not in part
    assert "This is not a number" in part
    assert "This field is required" not in part


def test_the_address_is_the_calculation_and_can_be_shared(client: Client) -> None:
    query = {"0-code": PHONE, "0-value": "1000", "0-origin": "CN", "0-proof": "", "currency": "EUR", "items": "1"}
    answer = client.get(reverse("calculator"), query, headers={"HX-Request": "true"})
    link = answer.headers["HX-Replace-Url"]
    assert parse_qs(urlsplit(link).query) == {
        "0-code": [PHONE], "0-value": ["1000"], "0-origin": ["CN"], "currency": ["EUR"],
    }  # fmt: skip
    assert 'id="payable"' in client.get(link).content.decode()


def test_items_are_added_and_taken_away_without_script(client: Client) -> None:
    query = {"items": "2", "0-code": PHONE, "0-value": "1", "1-code": BEER, "1-value": "2"}
    added = client.get(reverse("calculator"), {**query, "add": "1"}).content.decode()
    assert 'name="2-code"' in added
    assert f'value="{BEER}"' in added
    removed = client.get(reverse("calculator"), {**query, "remove": "0"})
    assert parse_qs(urlsplit(removed.headers["Location"]).query) == {"0-code": [BEER], "0-value": ["2"]}


def test_no_field_keeps_the_browser_from_sending_a_form_that_is_not_full_yet(client: Client) -> None:
    form = client.get(reverse("calculator"), {"items": "2"}).content.decode().split('id="calculator"')[1]
    assert " required" not in form.split("</form>")[0]


def test_a_wild_address_breaks_nothing(client: Client) -> None:
    for query in ({"items": "9999"}, {"items": "-1"}, {"777-code": "1"}, {"0-quantity_ABC": "x"}, {"remove": "99"},
                  {"²-code": "1"}, {"items": "²"}, {"0-code": "\x00"}):  # fmt: skip
        assert client.get(reverse("calculator"), query, follow=True).status_code == 200


def test_the_queries_do_not_grow_with_the_items(client: Client, django_assert_max_num_queries: object) -> None:
    for count in (1, 8):
        query = {"go": "1"}
        for place in range(count):
            query |= {f"{place}-code": PHONE, f"{place}-value": "10", f"{place}-origin": "CN"}
        with django_assert_max_num_queries(32):  # type: ignore[operator]
            client.get(reverse("calculator"), query)
