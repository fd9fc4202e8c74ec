"""The public tariff pages: open to anyone, on any date, in any language."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tariff_changes.services.law_lock import may_write_law
from tariffs.models import Commodity, ExchangeRate, Measure, Section
from tests import make

pytestmark = pytest.mark.django_db

APPLES = "0808108000"
BEER = "2203001000"


def page(client: Client, code: str, **query: str) -> str:
    answer = client.get(reverse("commodity", args=[code]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_tree_shows_every_section_and_chapter(client: Client) -> None:
    text = client.get(reverse("tariff")).content.decode()
    for section in Section.objects.all():
        assert section.roman in text
    assert reverse("commodity", args=["08"]) in text


@pytest.mark.parametrize(("code", "below"), [("08", "0808"), ("0808", "080810"), ("080810", APPLES)])
def test_a_line_shows_the_lines_below_it_and_the_way_to_it(client: Client, code: str, below: str) -> None:
    text = page(client, code)
    assert reverse("commodity", args=[below]) in text
    assert reverse("tariff") in text


def test_a_heading_shows_the_duty_of_its_lines(client: Client) -> None:
    rate = Measure.objects.on(make.ON).get(tax_code="DUTY", commodity_prefix=APPLES, origin="").rate_text
    assert rate in page(client, "0808")


def test_a_declarable_line_shows_each_tax_with_its_rate_in_words_and_its_legal_act(client: Client) -> None:
    text = page(client, BEER)
    for expected in ("Import duty", "Excise", "Value added tax", "0.40 EUR/l", "14%"):
        assert expected in text
    assert "0.40 EUR for each litre" in text or "0.4 EUR for each litre" in text
    assert "Order 335" in text
    assert "14% of: customs value + Import duty + Excise" in text


def test_an_example_rate_is_labelled_as_example(client: Client) -> None:
    assert "example, not published law" in page(client, APPLES)


def test_the_page_says_what_a_proof_of_origin_saves_and_which_paper_it_is(client: Client) -> None:
    text = page(client, APPLES)
    assert "Pay less with a proof of origin" in text
    assert "ST-1" in text


def test_the_law_is_that_of_the_date_asked_for(client: Client) -> None:
    assert "13% of:" in page(client, BEER, on="2027-01-01")
    assert "13% of:" not in page(client, BEER, on="2026-12-31")


def test_what_changes_next_is_told(client: Client) -> None:
    assert "13%" in page(client, BEER, on="2026-11-23")


def test_goods_of_a_country_show_only_measures_that_fit_it(client: Client) -> None:
    assert "Pay less with a proof of origin" in page(client, APPLES, origin="KZ")
    assert "Pay less with a proof of origin" not in page(client, APPLES, origin="CN")


def test_a_date_that_cannot_be_read_is_named_beside_its_field(client: Client) -> None:
    text = page(client, APPLES, on="2026-13-45")
    assert "This is not a date" in text
    assert "2026-13-45" in text


def test_a_code_with_dots_leads_to_the_plain_one(client: Client) -> None:
    for written in ("0808.10", "٠٨٠٨١٠"):
        answer = client.get(reverse("commodity", args=[written]))
        assert answer.headers["Location"] == reverse("commodity", args=["080810"])


@pytest.mark.parametrize("code", ["7701", "0808999999", "abc", "1", "٧٧"])
def test_a_code_that_never_was_is_not_found(client: Client, code: str) -> None:
    assert client.get(reverse("commodity", args=[code]), follow=True).status_code == 404


def test_a_code_that_is_not_in_force_on_the_date_says_when_it_is(client: Client) -> None:
    with may_write_law():
        Commodity.objects.filter(code=APPLES).update(valid_to=make.ON - timedelta(days=1))
    answer = client.get(reverse("commodity", args=[APPLES]), {"on": make.ON.isoformat()})
    assert answer.status_code == 404
    assert "not in force on" in answer.content.decode()


def test_names_come_in_the_readers_language_and_fall_back_to_another(client: Client) -> None:
    client.cookies["django_language"] = "ru"
    assert "Яблоки" in page(client, APPLES)
    assert Commodity.objects.get(code="080810").description in page(client, "080810")


def test_the_calculator_link_carries_code_and_origin(client: Client) -> None:
    assert f"0-commodity_code={APPLES}&amp;0-origin_country=KZ" in page(client, APPLES, origin="KZ")


def test_a_heading_takes_the_same_queries_with_few_lines_and_with_many(
    client: Client, django_assert_max_num_queries: object
) -> None:
    for code in ("0808", "8517", "2204", "84"):
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            page(client, code)


def test_a_line_takes_a_bounded_number_of_queries(client: Client, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        page(client, BEER)


def test_exchange_rates_are_those_in_force_on_the_date(client: Client) -> None:
    dollar = ExchangeRate.objects.on(make.ON).get(currency="USD")
    text = client.get(reverse("exchange_rates"), {"on": make.ON.isoformat()}).content.decode()
    assert format(dollar.rate.normalize(), "f") in text
    earlier = client.get(reverse("exchange_rates"), {"on": "1999-01-01"}).content.decode()
    assert "No rates are in force on this date" in earlier


def test_the_history_of_a_currency_shows_each_rate_it_had(client: Client) -> None:
    text = client.get(reverse("exchange_rate_history", args=["USD"])).content.decode()
    assert format(ExchangeRate.objects.filter(currency="USD").latest("valid_from").rate.normalize(), "f") in text
    assert client.get(reverse("exchange_rate_history", args=["XXX"])).status_code == 404


def test_exchange_rates_take_the_same_queries_for_one_currency_and_for_all(
    client: Client, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        client.get(reverse("exchange_rates"))


def test_notes_of_section_chapter_and_heading_stand_on_every_line_below_them(client: Client) -> None:
    page = client.get(reverse("commodity", args=["2203000100"])).content.decode()
    assert "Alcoholic strength by volume is measured at 20 °C." in page
    assert "Notes to the section" not in client.get(reverse("commodity", args=["4901100000"])).content.decode()
    answer = client.get(reverse("api_commodity", args=["8517130000"])).json()
    assert [note["code"] for note in answer["notes"]] == ["XVI"]
    russian = client.get(reverse("commodity", args=["2203"]), headers={"Accept-Language": "ru"}).content.decode()
    assert "Крепость измеряют" in russian
