"""Which measures apply to an item: seasons, exclusions, procedures, preferences, additive rates, restrictions."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lib.codes import beginnings
from tariffs.calculation import Assessment, Consignment, ConsignmentItem, Law, assess
from tariffs.models import LegalAct, Measure, Quota
from tariffs.selectors import forget, in_season, law_for
from tests import make, plans

pytestmark = pytest.mark.django_db
D = Decimal
ON = make.ON
SUMMER, WINTER = date(2026, 7, 15), date(2026, 12, 20)
GRAPES, TYRES, HIDES, TOFFEE, POULTRY = "0806101000", "4011209000", "4101200000", "1704907100", "0207141009"
CODE = "9503007000"
Make = Callable[..., Measure]


@pytest.fixture
def measure() -> Make:
    """Writes a measure of toys; `measure(rate_text="1%", origin="TR")`."""

    def write(**columns: Any) -> Measure:
        plain = {"tax_code": "DUTY", "commodity_prefix": CODE[:4], "rate_text": "1%", "valid_from": date(2022, 1, 1)}
        if columns.get("kind", "rate") != "rate":
            plain = {"commodity_prefix": CODE[:4], "flow": "import", "valid_from": date(2022, 1, 1)}
        act = LegalAct.objects.get(number="Example")
        return Measure.objects.create(**{**plain, "legal_act": act, **columns})

    return write


def item(code: str = CODE, **changes: Any) -> ConsignmentItem:
    return ConsignmentItem(
        **{
            "number": 1, "commodity_code": code, "origin_country": "TR", "item_price": D(1000), "gross_mass": D(110),
            "net_mass": D(100), **changes,
        }
    )  # fmt: skip


def law(*items: ConsignmentItem, on: date = ON, flow: str = "import") -> Law:
    return law_for(Consignment(flow, "4", "TJS", items or (item(),)), on=on)


def result(*items: ConsignmentItem, on: date = ON, flow: str = "import") -> Assessment:
    consignment = Consignment(flow, "4", "TJS", items or (item(),))
    return assess(consignment, law_for(consignment, on=on))


def rates(goods: ConsignmentItem, tax: str = "DUTY", *, on: date = ON, flow: str = "import") -> list[str]:
    found = law(goods, on=on, flow=flow).measures[goods.number]
    return sorted(fact.rate_text for fact in found if fact.tax_code == tax)


# Seasons ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("first", "last", "day", "within"),
    [
        ("06-01", "10-31", date(2026, 5, 31), False),
        ("06-01", "10-31", date(2026, 6, 1), True),
        ("06-01", "10-31", date(2026, 10, 31), True),
        ("06-01", "10-31", date(2026, 11, 1), False),
        ("11-15", "02-15", date(2026, 11, 14), False),
        ("11-15", "02-15", date(2026, 11, 15), True),
        ("11-15", "02-15", date(2027, 1, 1), True),
        ("11-15", "02-15", date(2027, 2, 15), True),
        ("11-15", "02-15", date(2027, 2, 16), False),
        ("02-29", "02-29", date(2028, 2, 29), True),
        ("02-29", "02-29", date(2027, 2, 28), False),
        ("", "", date(2026, 1, 1), True),
    ],
)
def test_a_season_counts_from_its_first_to_its_last_day_and_may_run_over_the_new_year(
    first: str, last: str, day: date, within: bool
) -> None:
    assert in_season(first, last, on=day) is within


def test_a_seasonal_rate_goes_before_the_general_one_within_its_season_only(measure: Make) -> None:
    measure(rate_text="3%", season_from="06-01", season_to="10-31")
    assert rates(item(), on=SUMMER) == ["3%"]
    assert rates(item(), on=WINTER) == ["10%"]


def test_the_seasons_of_the_demonstration_country_apply() -> None:
    assert rates(item(GRAPES), on=date(2026, 9, 1)) == ["15% min 0.12 EUR/kg"]
    assert rates(item(GRAPES), on=date(2026, 7, 1)) != ["15% min 0.12 EUR/kg"]
    assert rates(item("0805210000"), on=WINTER) == ["Free"]


# Exclusions ---------------------------------------------------------------------------------------------------
def test_an_excluded_commodity_is_outside_the_measure(measure: Make) -> None:
    measure(rate_text="4%", origin="TR", excluded_commodities=["950300"])
    assert rates(item()) == ["10%"]
    assert rates(item("9503999999")) == ["4%"]


def test_an_excluded_country_or_group_is_outside_the_measure(measure: Make) -> None:
    measure(rate_text="4%", season_from="01-01", season_to="12-31", excluded_origins=["TR", "CISFT"])
    assert [rates(item(origin_country=origin)) for origin in ("TR", "KZ", "CN")] == [["10%"], ["10%"], ["4%"]]


# Precedence ---------------------------------------------------------------------------------------------------
def test_the_longest_prefix_wins_among_equals_and_a_chapter_is_inherited(measure: Make) -> None:
    measure(commodity_prefix="95", rate_text="5%")
    assert rates(item("9503999999")) == ["5%"]
    measure(commodity_prefix="9503", rate_text="6%")
    assert rates(item("9503999999")) == ["6%"]
    assert rates(item()) == ["10%"]


def test_each_condition_goes_before_the_next_weaker_one(measure: Make) -> None:
    goods = item(origin_country="KZ", documents=frozenset({"861"}), national_procedure="003", quota_code="Q-1")
    Quota.objects.create(
        number="Q-1", volume=D(5000), unit="KGM", valid_from=date(2026, 1, 1),
        legal_act=LegalAct.objects.get(number="Example"),
    )  # fmt: skip
    weakest_first = [
        {"rate_text": "2%"},
        {"rate_text": "3%", "season_from": "01-01", "season_to": "12-31"},
        {"rate_text": "4%", "origin": "CISFT"},
        {"rate_text": "5%", "origin": "KZ"},
        {"rate_text": "6%", "document_code": "861"},
        {"rate_text": "7%", "quota_number": "Q-1"},
        {"rate_text": "8%", "procedure": "40"},
        {"rate_text": "9%", "procedure": "4000"},
        {"rate_text": "1%", "national_procedure": "003"},
    ]
    for columns in weakest_first:
        measure(**columns)
        (within,) = [fact.rate_text for fact in law(goods).measures[1] if fact.tax_code == "DUTY"][:1]
        if columns["rate_text"] != "2%":
            assert within == columns["rate_text"]
        else:
            assert within == "10%", "the national code has a longer prefix"


def test_a_relief_by_national_procedure_leaves_the_other_items_as_they_are() -> None:
    found = result(item(national_procedure="002"), item(number=2))
    amounts = {(charge.item, charge.tax_code): charge.amount for charge in found.charges}
    assert amounts[1, "DUTY"] == amounts[1, "VAT"] == 0
    assert (amounts[2, "DUTY"], amounts[2, "VAT"]) == (D("100.00"), D("154.00"))


def test_a_preference_needs_its_proof() -> None:
    assert rates(item(origin_country="KZ")) == ["10%"]
    assert rates(item(origin_country="KZ", documents=frozenset({"ST1"}))) == ["Free"]
    assert rates(item(origin_country="TR", documents=frozenset({"ST1"}))) == ["10%"]


def test_an_additive_measure_comes_on_top_of_the_others(measure: Make) -> None:
    measure(rate_text="2%", additive=True)
    assert rates(item()) == ["10%", "2%"]
    charges = [charge for charge in result().charges if charge.tax_code == "DUTY"]
    assert [charge.amount for charge in charges] == [D("100.00"), D("20.00")]
    (vat,) = [charge for charge in result().charges if charge.tax_code == "VAT"]
    assert vat.base == D("1120.00")


def test_an_additional_duty_spares_the_countries_and_codes_it_excludes() -> None:
    assert "0.05 EUR/kg" in rates(item(TOFFEE))
    assert "0.05 EUR/kg" not in rates(item(TOFFEE, origin_country="RU"))
    assert "0.05 EUR/kg" not in rates(item("1704100000"))


def test_an_anti_dumping_duty_is_a_tax_of_its_own_for_one_origin_and_counts_into_the_base_of_vat() -> None:
    found = {charge.tax_code: charge for charge in result(item(TYRES, origin_country="CN")).charges}
    assert found["ADD"].amount == D("148.00")
    assert found["VAT"].base == D("1000.00") + found["DUTY"].amount + D("148.00")
    assert rates(item(TYRES, origin_country="TR"), "ADD") == []


def test_export_duty_is_charged_on_export_alone() -> None:
    hides = item(HIDES, extended_procedure="1000", origin_country="TJ")
    assert rates(hides, "XDUTY", flow="export") == ["20% min 0.2 EUR/kg"]
    assert rates(hides, "DUTY", flow="export") == []
    assert rates(item(HIDES), "XDUTY") == []


def test_reduced_vat_is_a_longer_prefix() -> None:
    assert rates(item("1101001509"), "VAT") == ["7%"]


# Restrictions -------------------------------------------------------------------------------------------------
def test_restrictions_come_with_their_papers_their_note_and_their_act(measure: Make) -> None:
    measure(kind="restriction", document_code="851", alternative_documents=["852"], note="Ask early")
    measure(kind="prohibition", flow="both", excluded_commodities=["950300"])
    (fact,) = law().restrictions[1]
    assert (fact.documents, fact.note, fact.prohibited) == (("851", "852"), "Ask early", False)
    assert fact.legal_basis.startswith("Example · ")
    assert [one.prohibited for one in law(item("9503999999")).restrictions[1]] == [False, True]


def test_a_restriction_is_of_its_flow_origin_season_and_procedure(measure: Make) -> None:
    measure(kind="restriction", document_code="851", origin="TR", procedure="40", season_from="01-01",
            season_to="06-30")  # fmt: skip
    spring = date(2026, 3, 1)
    assert law(on=spring).restrictions
    assert not law(on=SUMMER).restrictions
    assert not law(item(origin_country="CN"), on=spring).restrictions
    assert not law(item(extended_procedure="7100"), on=spring).restrictions
    assert not law(on=spring, flow="export").restrictions


def test_every_restriction_of_the_way_up_applies(measure: Make) -> None:
    measure(kind="restriction", document_code="851", commodity_prefix="95")
    measure(kind="restriction", document_code="852", commodity_prefix=CODE)
    assert {fact.documents for fact in law().restrictions[1]} == {("851",), ("852",)}


def test_a_restriction_is_no_rate_and_is_not_charged(measure: Make) -> None:
    before = result()
    measure(kind="restriction", document_code="851")
    assert result().charges == before.charges


# Speed --------------------------------------------------------------------------------------------------------
def test_the_measures_of_all_items_come_with_one_query_whether_one_or_999() -> None:
    codes = [POULTRY, GRAPES, TYRES, TOFFEE, "0405101900"]

    def queries(count: int) -> int:
        items = tuple(item(codes[n % 5], number=n, quota_code="090207") for n in range(1, count + 1))
        forget()
        with CaptureQueriesContext(connection) as caught:
            law(*items)
        assert sum('FROM "tariffs_measure"' in query["sql"] for query in caught) == 1
        return len(caught)

    queries(1)
    assert queries(1) == queries(999)


READERS: dict[str, Callable[[], object]] = {
    "the calculation": lambda: (forget(), law()),
    "an estimate": lambda: list(Measure.objects.covering(beginnings(CODE), on=ON)),
    "the page of a line": lambda: list(Measure.objects.not_ended(beginnings(CODE), on=ON)),
}


@pytest.mark.parametrize("reader", READERS)
def test_what_ended_long_ago_is_not_even_read(reader: str, measure: Make) -> None:
    ended = measure(valid_to=date(2022, 1, 1))
    days = (date(1990, 1, 1) + timedelta(days=n) for n in range(3_000))
    columns = {field.attname: getattr(ended, field.attname) for field in Measure._meta.fields if not field.primary_key}
    Measure.objects.bulk_create(Measure(**{**columns, "valid_from": day, "valid_to": day}) for day in days)
    plans.analyze("tariffs_measure")
    with CaptureQueriesContext(connection) as caught:
        READERS[reader]()
    (query,) = [one["sql"] for one in caught if 'FROM "tariffs_measure"' in one["sql"]]
    assert 1 <= plans.rows_taken_up(query, table="tariffs_measure") < 300


# The page of a line -------------------------------------------------------------------------------------------
def page(client: Client, code: str, **query: str) -> str:
    answer = client.get(reverse("commodity", args=[code]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_tells_seasons_exclusions_and_where_a_measure_is_inherited_from(client: Client) -> None:
    text = page(client, GRAPES, on="2026-09-01")
    assert "in season on this date" in text
    assert "Each year from 1\u00a0August to 15\u00a0November" in text
    assert "inherited from" in text
    assert "not in season on this date" in page(client, GRAPES, on="2026-12-01")
    text = page(client, TOFFEE)
    assert "Not for goods from: CIS free-trade area" in " ".join(text.split())
    assert reverse("commodity", args=["170410"]) in text


def test_the_page_shows_restrictions_and_prohibitions_with_their_notes(client: Client) -> None:
    text = page(client, POULTRY)
    assert "Restrictions" in text
    assert "veterinary certificate" in text
    text = page(client, "2524100000")
    assert "Prohibited" in text
    assert "Crocidolite asbestos may not be brought in" in text


def test_the_page_tells_what_was_before_and_links_to_the_law_of_that_day(client: Client, measure: Make) -> None:
    assert "Earlier measures" not in page(client, CODE)
    measure(rate_text="12%", commodity_prefix=CODE, valid_to=date(2021, 12, 31), valid_from=date(2020, 1, 1))
    text = page(client, CODE)
    assert "Earlier measures" in text
    assert "?on=2021-12-31" in text
    assert "12%" in text


def test_the_page_tells_a_rate_that_follows_and_one_that_ends(client: Client, measure: Make) -> None:
    measure(rate_text="1%", commodity_prefix=CODE, origin="TR", valid_to=date(2026, 12, 31))
    measure(rate_text="2%", commodity_prefix=CODE, origin="TR", valid_from=date(2027, 1, 1))
    measure(rate_text="3%", commodity_prefix=CODE, origin="UZ", valid_to=date(2027, 3, 31))
    text = " ".join(page(client, CODE, on="2026-11-23").split())
    assert "1% → <strong>2%</strong>" in text
    assert "<strong>3%</strong> no longer applies" in text
    assert "1 Apr 2027" in text.replace("\u00a0", " ")


def test_the_api_tells_every_kind_of_measure(client: Client) -> None:
    found = client.get(reverse("api_commodity", args=[POULTRY]), {"on": "2026-11-23"}).json()
    assert {one["kind"] for one in found["measures"]} == {"rate", "restriction"}
    (quota,) = found["quotas"]
    assert (quota["number"], quota["balance"]) == ("090207", "20000.000000")
    assert [change["rate_before"] for change in found["coming"] if change["measure"]["tax"] == "VAT"] == ["14%"]
    grapes = client.get(reverse("api_commodity", args=[GRAPES]), {"on": "2026-11-23"}).json()["measures"]
    assert {(one["season_from"], one["in_season"]) for one in grapes} >= {("08-01", False), ("", True)}
