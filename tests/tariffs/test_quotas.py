"""Tariff quotas: what the balance covers pays the quota's rate, the rest the usual one, and nothing is overdrawn."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tariff_changes.services.law_lock import may_write_law
from tariffs.calculation import (
    BEYOND,
    WHOLE,
    WITHIN,
    Assessment,
    Consignment,
    ConsignmentItem,
    Draw,
    Law,
    MeasureFact,
    QuotaFact,
    TaxFact,
    assess,
)
from tariffs.models import Quota, QuotaDraw
from tariffs.rates import parse
from tariffs.selectors import draws_by_day, law_for, quota_balances, quota_on
from tariffs.services import quotas
from tests import make

D = Decimal
ON, AT = make.ON, make.AT
POULTRY, NUMBER = "0207141009", "090207"
UNITS = {"TNE": ("KGM", D(1000)), "KGM": ("KGM", D(1)), "HLT": ("LTR", D(100))}
DUTY = TaxFact("DUTY", "Import duty", 20, "item", True, (), D(0), 2, True, "Order 450")
VAT = TaxFact("VAT", "VAT", 40, "item", True, ("DUTY",), D(0), 2, True, "Tax Code")


# Arithmetic ---------------------------------------------------------------------------------------------------
def fact(pk: int, tax: str, text: str, part: str) -> MeasureFact:
    return MeasureFact(pk, tax, parse(text), text, "Act", part=part)


def law(balance: str, *, items: int = 1, unit: str = "KGM", quota: str = "5%", usual: str = "15%") -> Law:
    own = (fact(1, "DUTY", quota, WITHIN), fact(2, "DUTY", usual, BEYOND), fact(3, "VAT", "10%", WHOLE))
    return Law(
        ON, "TJS", 2, {}, (DUTY, VAT), dict.fromkeys(range(1, items + 1), own), unit_factors=UNITS,
        quotas={"Q": QuotaFact("Q", "Sugar", unit, D(1000), D(balance))}, quota_items=frozenset({1}),
    )  # fmt: skip


def item(number: int = 1, *, price: str = "1500", net: str = "600", **changes: object) -> ConsignmentItem:
    plain = ConsignmentItem(number, "1701991009", "TR", D(price), D(net), D(net), quota_code="Q")
    return replace(plain, **changes)  # type: ignore[arg-type]


def judged(*items: ConsignmentItem, under: Law) -> Assessment:
    return assess(Consignment("import", "4", "TJS", items or (item(),)), under)


def lines(result: Assessment, tax: str = "DUTY", number: int = 1) -> list[tuple[str, Decimal, Decimal]]:
    found = [charge for charge in result.charges if (charge.tax_code, charge.item) == (tax, number)]
    return [(charge.rate_text, charge.base, charge.amount) for charge in found]


def test_a_balance_that_covers_the_item_gives_it_the_rate_of_the_quota() -> None:
    result = judged(under=law("600"))
    assert lines(result) == [("5%", D(1500), D("75.00"))]
    assert result.draws == (Draw(1, "Q", "KGM", D(600), D(600), D(600)),)
    assert result.charges[0].formula.startswith("quota Q, 600 of 600 kg: ")


def test_an_empty_quota_leaves_the_usual_rate() -> None:
    result = judged(under=law("0"))
    assert lines(result) == [("15%", D(1500), D("225.00"))]
    assert result.draws[0].drawn == 0


def test_a_balance_that_covers_a_part_makes_two_lines_whose_formulas_show_the_split() -> None:
    result = judged(under=law("400"))
    assert lines(result) == [("5%", D("1000.00"), D("50.00")), ("15%", D("500.00"), D("75.00"))]
    within, beyond = (charge.formula.replace("\u00a0", " ") for charge in result.charges[:2])
    assert within == "quota Q, 400 of 600 kg: 1 000.00 [of 1 500.00] × 5% = 50.00 TJS"
    assert beyond == "beyond quota Q, 200 of 600 kg: 500.00 [of 1 500.00] × 15% = 75.00 TJS"
    assert lines(result, "VAT") == [("10%", D("1625.00"), D("162.50"))]


def test_a_specific_rate_is_charged_on_the_quantity_of_each_part() -> None:
    result = judged(under=law("400", quota="1 TJS/kg", usual="10% min 3 TJS/kg"))
    assert [amount for _rate, _base, amount in lines(result)] == [D("400.00"), D("600.00")]


def test_a_quota_in_tonnes_counts_kilograms_and_one_in_hectolitres_counts_litres() -> None:
    assert judged(under=law("0.4", unit="TNE")).draws[0].drawn == D("0.4")
    wine = item(supplementary=(("LTR", D(250)),))
    assert judged(wine, under=law("2", unit="HLT")).draws == (Draw(1, "Q", "HLT", D("2.5"), D(2), D(2), " [250 l]"),)


def test_a_quantity_that_is_not_declared_is_asked_for() -> None:
    (need,) = judged(under=law("2", unit="HLT")).needs
    assert (need.code, need.pointer) == ("T001", "items[0].supplementary_quantity_1")
    (need,) = judged(item(net="0"), under=law("2")).needs
    assert (need.code, need.pointer) == ("T003", "items[0].net_mass")


def test_items_share_the_balance_in_their_order() -> None:
    items = [item(number) for number in (1, 2, 3)]
    result = judged(*items, under=law("900", items=3))
    assert [draw.drawn for draw in result.draws] == [D(600), D(300), D(0)]
    assert [[rate for rate, _base, _amount in lines(result, number=n)] for n in (1, 2, 3)] == [
        ["5%"], ["5%", "15%"], ["15%"],
    ]  # fmt: skip


def test_an_item_that_names_no_quota_draws_nothing() -> None:
    assert judged(item(quota_code=""), under=law("900")).draws == ()


quantities = st.decimals("0.000001", "1000000", places=6)
prices = st.decimals("0.01", "1000000", places=2)


@given(price=prices, net=quantities, balance=quantities, pieces=quantities)
def test_the_two_parts_sum_to_the_whole_exactly(price: D, net: D, balance: D, pieces: D) -> None:
    goods = item(price=str(price), net=str(net), supplementary=(("NAR", pieces),))
    rate = "10% + 2 TJS/pcs"
    result = judged(goods, under=law(str(balance), quota=rate, usual=rate))
    duty = [charge for charge in result.charges if charge.tax_code == "DUTY"]
    assert result.needs == ()
    assert sum(charge.base for charge in duty) == price
    assert len(duty) == (2 if balance < net else 1)
    exact = price / 10 + pieces * 2
    assert abs(sum(charge.amount for charge in duty) - exact) <= D("0.015")


@given(balance=quantities, nets=st.lists(quantities, min_size=1, max_size=6))
def test_items_never_draw_more_than_the_balance_nor_less_than_they_could(balance: D, nets: Iterable[D]) -> None:
    items = [item(number, net=str(net)) for number, net in enumerate(nets, 1)]
    draws = judged(*items, under=law(str(balance), items=len(items))).draws
    asked = sum(one.asked for one in draws)
    assert sum(one.drawn for one in draws) == min(asked, balance)
    assert all(0 <= one.drawn <= one.asked for one in draws)


# The tables ---------------------------------------------------------------------------------------------------
def quota() -> Quota:
    return Quota.objects.on(ON).get(number=NUMBER)


def drawing(quantity: str, number: int = 1) -> Draw:
    return Draw(number, NUMBER, "TNE", D(quantity), D(quantity), D(20000))


def declared(net: str, *, quota_code: str = NUMBER, **changes: object) -> Consignment:
    goods = ConsignmentItem(1, POULTRY, "BR", D(50000), D(net), D(net), quota_code=quota_code)
    return Consignment("import", "4", "TJS", (replace(goods, **changes),))  # type: ignore[arg-type]


@pytest.mark.django_db
def test_the_law_of_an_item_that_names_a_quota_holds_both_rates_and_the_balance() -> None:
    quotas.draw([drawing("19999")], drawn_for="A/1", on=ON, at=AT)
    found = law_for(declared("3000"), on=ON)
    assert found.quotas[NUMBER].balance == 1
    assert {(one.part, one.rate_text) for one in found.measures[1] if one.tax_code == "DUTY"} == {
        (WITHIN, "5%"), (BEYOND, "15% min 0.2 EUR/kg"),
    }  # fmt: skip
    assert found.quota_items == {1}
    result = assess(declared("3000"), found)
    assert result.draws == (Draw(1, NUMBER, "TNE", D(3), D(1), D(1)),)
    assert [charge.part for charge in result.charges if charge.tax_code == "DUTY"] == [WITHIN, BEYOND]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [{"quota_code": "999999"}, {"quota_code": ""}, {"commodity_code": "0201300008"}, {"extended_procedure": "7100"}],
    ids=["unknown", "none", "other goods", "other procedure"],
)
def test_a_quota_that_is_not_for_the_item_changes_nothing(changes: dict[str, str]) -> None:
    found = law_for(declared("3000", **changes), on=ON)
    assert {one.part for one in found.measures[1]} == {WHOLE} or changes == {"extended_procedure": "7100"}
    assert found.quota_items == frozenset()
    assert assess(declared("3000", **changes), found).draws == ()


@pytest.mark.django_db
def test_a_relief_goes_before_a_quota_and_draws_nothing() -> None:
    goods = declared("3000", national_procedure="002")
    found = law_for(goods, on=ON)
    assert found.quota_items == {1}
    assert assess(goods, found).draws == ()


@pytest.mark.django_db
def test_a_quota_of_another_period_has_a_balance_of_its_own() -> None:
    quotas.draw([drawing("20000")], drawn_for="A/1", on=ON, at=AT)
    assert quota().balance == 0
    assert law_for(declared("3000"), on=date(2027, 2, 1)).quotas[NUMBER].balance == 20000


@pytest.mark.django_db
def test_what_was_drawn_is_given_back_once() -> None:
    quotas.draw([drawing("5"), drawing("7", 2)], drawn_for="A/1", on=ON, at=AT)
    quotas.draw([drawing("9")], drawn_for="B/1", on=ON, at=AT)
    assert quota().drawn == 21
    for _again in range(2):
        quotas.give_back(drawn_for="A/1", at=AT)
        assert quota().drawn == 9
    assert sorted(QuotaDraw.objects.filter(drawn_for="A/1").values_list("quantity", flat=True)) == [-7, -5, 5, 7]


@pytest.mark.django_db
def test_the_database_refuses_an_overdraft_and_a_gift() -> None:
    quotas.draw([drawing("19999")], drawn_for="A/1", on=ON, at=AT)
    for quantity in (D("1.000001"), D("-19999.000001")):
        with pytest.raises(IntegrityError, match="quota_never_overdrawn"), transaction.atomic():
            QuotaDraw.objects.create(quota=quota(), drawn_for="B/1", item=1, quantity=quantity, at=AT)
    QuotaDraw.objects.create(quota=quota(), drawn_for="B/1", item=1, quantity=D(1), at=AT)
    assert quota().balance == 0


@pytest.mark.django_db
def test_a_volume_cannot_fall_below_what_is_drawn_and_only_draws_change_what_is_drawn() -> None:
    stale = quota()
    quotas.draw([drawing("100")], drawn_for="A/1", on=ON, at=AT)
    stale.volume = D(150)
    with may_write_law():
        stale.save()
    assert (quota().volume, quota().drawn) == (150, 100)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.other_law(Quota.objects.filter(pk=stale.pk), volume=D(99))


@pytest.mark.django_db
@pytest.mark.usefixtures("as_owner")
def test_draws_are_append_only() -> None:
    quotas.draw([drawing("5")], drawn_for="A/1", on=ON, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        QuotaDraw.objects.update(quantity=D(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        QuotaDraw.objects.all().delete()


# For everyone -------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_balances_show_the_used_share_and_the_last_draw() -> None:
    quotas.draw([drawing("5000")], drawn_for="A/1", on=ON, at=AT)
    quotas.draw([drawing("1")], drawn_for="B/1", on=ON, at=AT.replace(hour=12))
    (found,) = quota_balances([NUMBER], on=ON)
    assert (found.balance, found.used_percent, found.last_draw) == (14999, D(25), AT.replace(hour=12))
    assert quota_balances(["999"], on=ON) == []
    assert {one.quota.number for one in quota_balances(on=ON)} == {"090207", "091006", "091701"}
    assert quota_balances(on=date(2020, 1, 1)) == []


@pytest.mark.django_db
def test_a_quota_that_is_all_but_used_up_is_not_shown_as_used_up() -> None:
    quotas.draw([drawing("19999.999999")], drawn_for="A/1", on=ON, at=AT)
    (found,) = quota_balances([NUMBER], on=ON)
    assert (found.used_percent, found.is_exhausted) == (D("99.9"), False)


@pytest.mark.django_db
def test_draws_are_summed_by_day() -> None:
    first, second = datetime(2026, 11, 20, 9, tzinfo=UTC), datetime(2026, 11, 21, 9, tzinfo=UTC)
    quotas.draw([drawing("5"), drawing("6", 2)], drawn_for="A/1", on=ON, at=first)
    quotas.draw([drawing("7")], drawn_for="B/1", on=ON, at=second)
    quotas.give_back(drawn_for="A/1", at=second)
    days = [(day.day.day, day.drawn, day.given_back, day.balance) for day in draws_by_day(quota())]
    assert days == [(21, 7, 11, 19993), (20, 11, 0, 19989)]


@pytest.mark.django_db
def test_anyone_sees_the_quotas_and_nobody_sees_who_drew(client: Client) -> None:
    quotas.draw([drawing("5000")], drawn_for="26TJSECRET/1", on=ON, at=AT)
    listed = client.get(reverse("quotas"), {"on": "2026-11-23"}).content.decode()
    assert "Poultry meat" in listed
    assert '<meter class="meter" min="0" max="100" value="75"' in listed
    shown = client.get(reverse("quota", args=[NUMBER]), {"on": "2026-11-23"}).content.decode()
    assert "23 Nov 2026" in shown.replace("\u00a0", " ")
    assert "SECRET" not in listed + shown
    assert client.get(reverse("quota", args=["123"])).status_code == 404
    earlier = client.get(reverse("quotas"), {"on": "2001-01-01"}).content.decode()
    assert "No tariff quota is open on this date" in earlier


@pytest.mark.django_db
def test_a_quota_shows_its_last_period_where_it_has_none_on_the_date() -> None:
    found = quota_on(NUMBER, on=date(2020, 1, 1))
    assert found is not None
    assert found.quota.valid_from == date(2030, 1, 1)


@pytest.mark.django_db
def test_the_page_and_the_api_of_a_line_show_its_quota(client: Client) -> None:
    quotas.draw([drawing("5000")], drawn_for="A/1", on=ON, at=AT)
    text = client.get(reverse("commodity", args=[POULTRY]), {"on": "2026-11-23"}).content.decode()
    assert reverse("quota", args=[NUMBER]) in text
    assert "15,000\u00a0t" in text.replace("&nbsp;", "\u00a0")
    (found,) = client.get(reverse("api_commodity", args=[POULTRY]), {"on": "2026-11-23"}).json()["quotas"]
    assert (found["drawn"], found["balance"], found["used_percent"]) == ("5000.000000", "15000.000000", "25.0")
    listed = client.get(reverse("api_quotas"), {"on": "2026-11-23"}).json()
    assert [one["number"] for one in listed] == ["090207", "091006", "091701"]


@pytest.mark.django_db
def test_the_quota_pages_take_the_same_queries_however_many_quotas(
    client: Client, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        client.get(reverse("quotas"))
