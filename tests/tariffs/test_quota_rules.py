"""Rules of the arithmetic of quotas: which quantity counts, what is asked for, how an item is divided."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tariffs.calculation import BEYOND, WHOLE, WITHIN, Assessment, ConsignmentItem, Draw, Law, Need, QuotaFact
from tests.tariffs.test_quotas import fact, item, judged, law, lines

D = Decimal


def amounts(result: Assessment) -> list[str]:
    return [str(amount) for _rate, _base, amount in lines(result)]


# Who draws ----------------------------------------------------------------------------------------------------
def test_an_item_without_a_rate_of_the_quota_draws_nothing() -> None:
    usual = replace(law("900"), measures={1: (fact(1, "DUTY", "15%", WHOLE), fact(2, "DUTY", "1%", BEYOND))})
    assert judged(under=usual).draws == ()
    assert judged(under=replace(usual, measures={})).draws == ()


def test_an_item_that_claims_no_quota_pays_the_usual_rate_alone() -> None:
    assert lines(judged(item(quota_code=""), under=law("900"))) == [("15%", D(1500), D("225.00"))]


def test_an_item_after_one_that_draws_nothing_still_draws() -> None:
    under = law("900", items=3)
    assert [draw.item for draw in judged(item(1, quota_code=""), item(2), under=under).draws] == [2]
    assert [draw.item for draw in judged(item(1, net="0"), item(2), under=under).draws] == [2]


# Which quantity counts ----------------------------------------------------------------------------------------
def asked(goods: ConsignmentItem, under: Law) -> Decimal:
    return judged(goods, under=under).draws[0].asked


@pytest.mark.parametrize("net", ["600", "0.5"])
def test_the_net_mass_goes_before_a_declared_quantity_of_mass(net: str) -> None:
    assert asked(item(net=net, supplementary=(("TNE", D(7)),)), law("900")) == D(net)


def test_without_a_net_mass_the_quantity_in_the_unit_of_the_quota_counts() -> None:
    assert asked(item(net="0", supplementary=(("NAR", D(3)), ("TNE", D(7)), ("KGM", D(1)))), law("9000")) == 1


def test_a_quantity_is_converted_into_the_unit_of_the_quota() -> None:
    assert asked(item(supplementary=(("HLT", D(2)),)), law("900", unit="LTR")) == 200


def test_units_that_the_country_does_not_define_have_their_usual_factors() -> None:
    assert asked(item(net="600"), replace(law("900", unit="TNE"), unit_factors={})) == D("0.6")
    assert asked(item(net="600"), replace(law("900", unit="TNE"), unit_factors={"TNE": ("KGM", D(100))})) == 6


def test_a_quota_may_count_in_a_unit_that_nobody_else_knows() -> None:
    result = judged(item(supplementary=(("OURS", D(5)),)), under=law("900", unit="OURS"))
    assert result.draws == (Draw(1, "Q", "OURS", D(5), D(5), D(900)),)
    assert result.charges[0].formula.startswith("quota Q, 5 of 5 OURS: ")


def test_half_of_the_smallest_quantity_counts_as_one() -> None:
    assert asked(item(net="0.0005"), law("900", unit="TNE")) == D("0.000001")


# What is asked for --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("unit", "need"),
    [
        ("TNE", Need("T003", "items[0].net_mass", "Quota Q needs the net mass.")),
        (
            "HLT",
            Need(
                "T001",
                "items[0].supplementary_quantity_3",
                "Declare the quantity in hl (unit HLT).",
                {"unit": "HLT", "symbol": "hl"},
            ),
        ),
        (
            "OURS",
            Need(
                "T001",
                "items[0].supplementary_quantity_3",
                "Declare the quantity in OURS (unit OURS).",
                {"unit": "OURS", "symbol": "OURS"},
            ),
        ),
    ],
)
def test_the_quantity_that_a_quota_counts_is_asked_for(unit: str, need: Need) -> None:
    full = item(net="0", supplementary=(("NAR", D(1)), ("PR", D(1)), ("MTK", D(1))))
    assert judged(full, under=law("900", unit=unit)).needs == (need,)


# Two parts ----------------------------------------------------------------------------------------------------
def test_the_gross_mass_is_divided_as_the_net_mass_is() -> None:
    goods = replace(item(), gross_mass=D(660))
    assert amounts(judged(goods, under=law("400", quota="1 TJS/kg gross", usual="2 TJS/kg gross"))) == [
        "440.00",
        "440.00",
    ]


def split(pieces: str, *, balance: str = "300", rate: str = "1000000 TJS/pcs") -> list[str]:
    goods = item(supplementary=(("NAR", D(pieces)),))
    return amounts(judged(goods, under=law(balance, quota=rate, usual=rate)))


def test_a_divided_quantity_has_six_decimals_and_half_of_the_last_goes_to_the_quota() -> None:
    assert split("1", balance="200") == ["333333.00", "666667.00"]
    assert split("0.000005") == ["3.00", "2.00"]


def test_a_quantity_too_small_to_be_divided_into_two_is_divided_more_finely() -> None:
    assert split("0.000001", rate="10000000 TJS/pcs") == ["5.00", "5.00"]


def test_a_base_is_divided_with_all_its_decimals() -> None:
    under = law("200")
    finer = replace(under, taxes=(replace(under.taxes[0], base_adjustment=D("0.1234")),))
    assert [base for _rate, base, _amount in lines(judged(under=finer))] == [D("500.0411"), D("1000.0823")]


def test_a_base_is_divided_into_whole_units_where_the_currency_has_no_decimals() -> None:
    under = replace(law("200"), decimals=0)
    assert [str(base) for _rate, base, _amount in lines(judged(item(price="1000"), under=under))] == ["333", "667"]


def test_each_part_is_charged_at_its_own_rate_and_named_so() -> None:
    parts = [charge.part for charge in judged(under=law("400")).charges]
    assert parts == [WITHIN, BEYOND, WHOLE]


def test_quotas_that_items_name_are_drawn_upon_apart() -> None:
    both = replace(law("400", items=2), quotas={name: QuotaFact(name, name, "KGM", D(900), D(400)) for name in "QR"})
    drawn = judged(item(1), item(2, quota_code="R"), under=both).draws
    assert [(draw.number, draw.drawn) for draw in drawn] == [("Q", 400), ("R", 400)]
