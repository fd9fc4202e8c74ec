"""The calculator's page: the same numbers as an assessment, every line explained, usable without JavaScript."""

import re
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from tariffs.calculation import Consignment, ConsignmentItem, Cost, assess
from tariffs.models import LegalAct, Measure
from tariffs.selectors import law_for
from tests import make

pytestmark = pytest.mark.django_db

APPLES, BEER, PHONE = "0808108000", "2203001000", "8517130000"
DAY = make.ON.isoformat()


def calculate(client: Client, *, live: bool = False, **fields: str) -> str:
    typed = {re.sub(r"^item(\d+)__", r"\1-", name): text for name, text in fields.items()}
    query = {"on": DAY, "go": "1", **typed}
    answer = client.get(reverse("calculator"), query, headers={"HX-Request": "true"} if live else {})
    assert answer.status_code == 200
    return answer.content.decode()


def assessed(*items: ConsignmentItem, currency: str = "USD", **costs: Cost) -> Decimal:
    consignment = Consignment("import", "IM4", currency, items, costs)
    return assess(consignment, law_for(consignment, on=make.ON)).payable


def written(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def test_the_first_page_is_light(client: Client) -> None:
    query = {f"{place}-commodity_code": PHONE for place in range(20)}
    for asked in ({}, query):
        page = client.get(reverse("calculator"), asked, headers={"Accept-Encoding": "gzip"})
        assert page["Content-Encoding"] == "gzip"
        assert len(page.content) < 40_000


def test_an_empty_calculator_asks_and_blames_nobody(client: Client) -> None:
    text = client.get(reverse("calculator")).content.decode()
    assert "error" not in text.split("</header>")[1].replace("error-", "").replace("_error", "")
    assert 'name="0-commodity_code"' in text


def test_the_total_is_that_of_the_assessment(client: Client) -> None:
    text = calculate(
        client,
        item0__commodity_code=PHONE,
        item0__item_price="1000",
        item0__origin_country="CN",
        invoice_currency="USD",
    )
    assert written(assessed(ConsignmentItem(1, PHONE, "CN", Decimal(1000)))) in text


def test_costs_are_shared_and_charged_as_in_an_assessment(client: Client) -> None:
    text = calculate(
        client, item0__commodity_code=PHONE, item0__item_price="1000", item0__origin_country="CN",
        item1__commodity_code=APPLES, item1__item_price="3 000,50", item1__origin_country="CN", item1__net_mass="4000",
        invoice_currency="USD", delivery_terms_code="FOB", external_freight="400", external_freight_currency="EUR",
    )  # fmt: skip
    expected = assessed(
        ConsignmentItem(1, PHONE, "CN", Decimal(1000)),
        ConsignmentItem(2, APPLES, "CN", Decimal("3000.50"), net_mass=Decimal(4000)),
        external_freight=Cost(Decimal(400), "EUR"),
    )
    assert written(expected) in text


def test_a_rate_by_volume_asks_for_the_quantity_and_then_uses_it(client: Client) -> None:
    asked = calculate(client, item0__commodity_code=BEER, item0__item_price="1000", item0__origin_country="DE")
    assert 'name="0-quantity_LTR"' in asked
    assert "Still needed" in asked
    given = calculate(
        client,
        item0__commodity_code=BEER,
        item0__item_price="1000",
        item0__origin_country="DE",
        **{"0-quantity_LTR": "500"},
    )
    assert "Still needed" not in given
    expected = assessed(ConsignmentItem(1, BEER, "DE", Decimal(1000), supplementary=(("LTR", Decimal(500)),)))
    assert written(expected) in given


def test_every_line_opens_into_formula_exchange_rate_and_legal_act(client: Client) -> None:
    text = calculate(
        client,
        item0__commodity_code=BEER,
        item0__item_price="1000",
        item0__origin_country="DE",
        **{"0-quantity_LTR": "500"},
    )
    lines = text.split('class="opened"')[1:]
    assert len(lines) == 4
    duty, excise, vat, fee = lines
    for said in ("<details", "500 l × 0.4 EUR/l ×", "0.40 EUR/l", "0.4 EUR for each litre", "1&nbsp;EUR =",
                 "in force since", "National Bank", "Order 335"):  # fmt: skip
        assert said in excise, said
    assert "Order 450" in duty
    assert "14% of: customs value + Import duty" in vat
    assert "Tax Code, art. 264" in vat
    assert "Customs Code" in fee or "Example" in fee


def test_an_act_with_a_link_is_linked(client: Client) -> None:
    make.other_law(LegalAct.objects.filter(number="Order 335"), link="https://law.example/335")
    text = calculate(
        client,
        item0__commodity_code=BEER,
        item0__item_price="1000",
        item0__origin_country="DE",
        **{"0-quantity_LTR": "500"},
    )
    assert '<a href="https://law.example/335"' in text


def test_the_customs_value_opens_into_its_parts_and_its_formula(client: Client) -> None:
    text = calculate(
        client,
        item0__commodity_code=PHONE,
        item0__item_price="1000",
        item0__origin_country="CN",
        invoice_currency="USD",
        delivery_terms_code="FOB",
        external_freight="300",
        insurance="0",
        internal_freight="20",
        other_cost="50",
        other_cost_currency="EUR",
        deduction="10",
        deduction_currency="TJS",
    )
    consignment = Consignment(
        "import", "IM4", "USD", (ConsignmentItem(1, PHONE, "CN", Decimal(1000)),),
        {"external_freight": Cost(Decimal(300)), "internal_freight": Cost(Decimal(20)),
         "other_cost": Cost(Decimal(50), "EUR"), "deduction": Cost(Decimal(10), "TJS")},
    )  # fmt: skip
    assessment = assess(consignment, law_for(consignment, on=make.ON))
    (value,) = assessment.values
    assert value.formula in text
    for part in (value.external_freight, value.internal_freight, value.other_cost, value.deduction):
        assert part
        assert written(part) in text
    assert written(assessment.payable) in text
    assert text.count("National Bank of Tajikistan") >= 2


def test_each_tax_is_summed_over_the_items(client: Client) -> None:
    text = calculate(
        client, item0__commodity_code=PHONE, item0__item_price="1000", item0__origin_country="CN",
        item1__commodity_code=APPLES, item1__item_price="500", item1__origin_country="CN", item1__net_mass="90",
    )  # fmt: skip
    consignment = Consignment("import", "IM4", "USD", (
        ConsignmentItem(1, PHONE, "CN", Decimal(1000)),
        ConsignmentItem(2, APPLES, "CN", Decimal(500), net_mass=Decimal(90)),
    ))  # fmt: skip
    charges = assess(consignment, law_for(consignment, on=make.ON)).charges
    panel = text.split('id="payable"')[1].split("</dl>")[0]
    for tax in {charge.tax_code for charge in charges}:
        assert written(sum((c.amount for c in charges if c.tax_code == tax), Decimal(0))) in panel


def test_each_item_may_have_its_own_costs(client: Client) -> None:
    goods = {"item0__commodity_code": PHONE, "item0__item_price": "1000", "item0__origin_country": "CN"}
    empty = calculate(client, **goods, working_mode="2", delivery_terms_code="FOB")
    assert 'name="0-external_freight"' in empty
    assert 'name="0-external_freight"' not in calculate(client, **goods)
    text = calculate(
        client, **goods, working_mode="2", item0__external_freight="70", item0__external_freight_currency="EUR"
    )
    consignment = Consignment(
        "import", "IM4", "USD",
        (ConsignmentItem(1, PHONE, "CN", Decimal(1000), costs={"external_freight": Cost(Decimal(70), "EUR")}),),
        working_mode=2,
    )  # fmt: skip
    assert written(assess(consignment, law_for(consignment, on=make.ON)).payable) in text


def test_a_suspending_procedure_is_secured_and_says_so(client: Client) -> None:
    text = calculate(
        client,
        item0__commodity_code=PHONE,
        item0__item_price="1000",
        item0__origin_country="CN",
        extended_procedure="7100",
    )
    assert "To be secured by a guarantee" in text
    assert "secured, not paid" in text


def test_a_special_treatment_frees_of_duty_and_tax(client: Client) -> None:
    text = calculate(
        client,
        item0__commodity_code=PHONE,
        item0__item_price="1000",
        item0__origin_country="CN",
        item0__national_procedure="001",
    )
    item = ConsignmentItem(1, PHONE, "CN", Decimal(1000), national_procedure="001")
    assert written(assessed(item)) in text


def test_a_date_ahead_is_said_to_be_ahead(client: Client) -> None:
    goods = {"item0__commodity_code": PHONE, "item0__item_price": "1000", "item0__origin_country": "CN"}
    assert "This date is in the future" in calculate(client, **goods, on="2031-01-01")
    assert "This date is in the future" not in calculate(client, **goods, on="2026-02-01")


def test_papers_that_the_goods_need_are_named_with_note_and_act(client: Client) -> None:
    text = calculate(
        client, item0__commodity_code=APPLES, item0__item_price="10", item0__origin_country="CN", item0__net_mass="5",
        item1__commodity_code=PHONE, item1__item_price="10", item1__origin_country="CN",
    )  # fmt: skip
    papers = text.split('id="papers"')[1]
    assert "Phytosanitary certificate" in papers
    assert "Items: 1)" in papers
    assert "plant protection service" in papers
    assert "An invoice" in papers
    assert "A transport document" in papers


def test_a_prohibition_is_said_loudly(client: Client) -> None:
    Measure.objects.create(
        kind="prohibition", flow="import", commodity_prefix=PHONE, valid_from=make.SINCE,
        legal_act=LegalAct.objects.get(number="Order 450"), note="No such telephones",
    )  # fmt: skip
    text = calculate(client, item0__commodity_code=PHONE, item0__item_price="10", item0__origin_country="CN")
    notice = text.split('role="alert"')[1].split("</div>")[0]
    assert "cannot be declared" in notice
    assert "No such telephones" in notice
    assert "Order 450" in notice


def test_the_law_is_that_of_the_date(client: Client) -> None:
    goods = {"item0__commodity_code": PHONE, "item0__item_price": "1000", "item0__origin_country": "CN"}
    assert "14%" in calculate(client, **goods, on="2026-12-31")
    assert "13%" in calculate(client, **goods, on="2027-01-01")


def test_while_one_types_an_empty_field_is_no_fault_yet_but_a_wrong_one_is(client: Client) -> None:
    part = calculate(client, live=True, item0__commodity_code=APPLES, item0__item_price="12x")
    assert "<html" not in part
    assert "This is not a number" in part
    assert "This field is required" not in part


def test_items_are_added_and_taken_away_without_script(client: Client) -> None:
    query = {
        "items": "2",
        "0-commodity_code": PHONE,
        "0-item_price": "1",
        "1-commodity_code": BEER,
        "1-item_price": "2",
    }
    added = client.get(reverse("calculator"), {**query, "add": "1"}).content.decode()
    assert 'name="2-commodity_code"' in added
    assert f'value="{BEER}"' in added
    removed = client.get(reverse("calculator"), {**query, "remove": "0"})
    assert parse_qs(urlsplit(removed.headers["Location"]).query) == {"0-commodity_code": [BEER], "0-item_price": ["2"]}


def test_no_field_keeps_the_browser_from_sending_a_form_that_is_not_full_yet(client: Client) -> None:
    form = client.get(reverse("calculator"), {"items": "2"}).content.decode().split('id="calculator"')[1]
    assert " required" not in form.split("</form>")[0]


def test_the_queries_do_not_grow_with_the_items(client: Client, django_assert_max_num_queries: object) -> None:
    for count in (1, 8):
        query = {"go": "1"}
        for place in range(count):
            query |= {f"{place}-commodity_code": PHONE, f"{place}-item_price": "10", f"{place}-origin_country": "CN"}
        with django_assert_max_num_queries(32):  # type: ignore[operator]
            client.get(reverse("calculator"), query)
