"""The general rate beside what may be claimed instead: a paper, a preference, a quota; each applied by one link."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from tariff_lookup.estimates import Claim, Estimate, Option, estimate
from tariffs.calculation import Consignment, ConsignmentItem, assess
from tariffs.models import LegalAct, Measure, Quota
from tariffs.selectors import law_for
from tests import make

pytestmark = pytest.mark.django_db

APPLES, CHICKEN, RICE, PHONE = "0808108000", "0207141009", "1006309800", "8517130000"
QUOTA = "090207"


def consignment(*items: ConsignmentItem, procedure: str = "4000") -> Consignment:
    return Consignment("import", "IM4", "USD", tuple(replace(item, extended_procedure=procedure) for item in items))


def apples(number: int = 1, origin: str = "KZ", **more: object) -> ConsignmentItem:
    return ConsignmentItem(number, APPLES, origin, Decimal(1000), net_mass=Decimal(900), **more)  # type: ignore[arg-type]


def chicken(number: int = 1, tonnes: str = "2", **more: object) -> ConsignmentItem:
    mass = Decimal(tonnes) * 1000
    return ConsignmentItem(number, CHICKEN, "BR", mass * 2, net_mass=mass, **more)  # type: ignore[arg-type]


def weighed(*items: ConsignmentItem, proofs: dict[int, str] | None = None, on: date = make.ON) -> Estimate:
    return estimate(consignment(*items), proofs=proofs or {}, on=on)


def total(*items: ConsignmentItem, number: int = 1) -> Decimal:
    """What item `number` is charged, by the law and the arithmetic alone."""
    found = consignment(*items)
    charges = assess(found, law_for(found, on=make.ON)).charges
    return sum((charge.amount for charge in charges if charge.item == number), Decimal(0))


def by_claim(options: tuple[Option, ...]) -> dict[Claim, Option]:
    return {option.claim: option for option in options}


def rate(rate_text: str, **conditions: object) -> Measure:
    act = LegalAct.objects.get(number="Order 450")
    found: Measure = Measure.objects.create(
        tax_code="DUTY", rate_text=rate_text, legal_act=act, valid_from=make.SINCE, **conditions
    )
    return found


# Papers -------------------------------------------------------------------------------------------------------
def test_a_paper_that_would_save_is_beside_the_general_rate() -> None:
    (item,) = weighed(apples()).items
    options = by_claim(item.options)
    proven = total(apples(documents=frozenset({"ST1"})))
    assert options[Claim()].is_current
    assert (options[Claim("ST1")].total, options[Claim("ST1")].saved) == (proven, total(apples()) - proven)
    assert not options[Claim("ST1")].is_current


def test_goods_of_another_origin_have_no_choice() -> None:
    assert weighed(apples(origin="CN")).items[0].options == ()


def test_a_paper_that_is_held_is_current_and_the_general_rate_stands_beside_it() -> None:
    answer = weighed(apples(), proofs={1: "ST1"})
    options = by_claim(answer.items[0].options)
    assert options[Claim("ST1")].is_current
    assert options[Claim()].total == total(apples())
    assert answer.alternatives == ()


def test_an_alternative_is_for_each_item_that_it_helps() -> None:
    answer = weighed(apples(1), apples(2, origin="CN"), apples(3, origin="RU"))
    (other,) = answer.alternatives
    assert (other.claim, other.items) == (Claim("ST1"), (1, 3))
    without, proven = total(apples()), total(apples(documents=frozenset({"ST1"})))
    assert other.saved == 2 * (without - proven)
    assert other.payable == answer.assessment.payable - other.saved


def test_a_preference_goes_with_its_paper_and_one_without_a_paper_is_a_choice_too() -> None:
    rate("1%", commodity_prefix=PHONE, origin="CN", preference="300", document_code="865")
    rate("2%", commodity_prefix=PHONE, origin="CN", preference="110")
    phone = ConsignmentItem(1, PHONE, "CN", Decimal(1000))
    options = by_claim(weighed(phone).items[0].options)
    assert set(options) == {Claim(), Claim("865", "300"), Claim("", "110")}
    with_paper = weighed(phone, proofs={1: "865"})
    assert with_paper.consignment.items[0].preference == "300"
    assert by_claim(with_paper.items[0].options)[Claim("865", "300")].is_current
    claimed = weighed(replace(phone, preference="110"))
    assert by_claim(claimed.items[0].options)[Claim("", "110")].is_current


def test_a_rate_that_excludes_the_goods_is_no_choice() -> None:
    rate("1%", commodity_prefix="8517", origin="CN", document_code="865", excluded_commodities=[PHONE])
    assert weighed(ConsignmentItem(1, PHONE, "CN", Decimal(1000))).items[0].options == ()


def test_an_idle_paper_is_noticed() -> None:
    assert weighed(apples(origin="CN"), proofs={1: "ST1"}).items[0].idle_paper
    assert weighed(apples(), proofs={1: "861"}).items[0].idle_paper
    assert not weighed(apples(), proofs={1: "ST1"}).items[0].idle_paper


# Quotas -------------------------------------------------------------------------------------------------------
def test_a_quota_is_beside_the_general_rate_with_its_balance() -> None:
    option = by_claim(weighed(chicken()).items[0].options)[Claim(quota=QUOTA)]
    assert option.quota is not None
    assert option.draw is not None
    assert option.quota.balance == 20_000
    assert option.draw.drawn == 2
    assert option.total == total(chicken(quota_code=QUOTA))
    assert option.saved == total(chicken()) - total(chicken(quota_code=QUOTA)) > 0


def test_a_quota_with_little_left_covers_a_part() -> None:
    make.other_law(Quota.objects.filter(number=QUOTA), volume=Decimal("0.5"))
    option = by_claim(weighed(chicken()).items[0].options)[Claim(quota=QUOTA)]
    assert option.draw is not None
    assert (option.draw.drawn, option.draw.asked) == (Decimal("0.5"), Decimal(2))
    assert total(chicken(quota_code=QUOTA)) == option.total


def test_items_that_share_a_quota_are_weighed_alone_and_together() -> None:
    make.other_law(Quota.objects.filter(number=QUOTA), volume=Decimal(3))
    answer = weighed(chicken(1), chicken(2))
    for item in answer.items:
        alone = by_claim(item.options)[Claim(quota=QUOTA)]
        assert alone.draw is not None
        assert alone.draw.drawn == 2
    (together,) = answer.alternatives
    both = consignment(chicken(1, quota_code=QUOTA), chicken(2, quota_code=QUOTA))
    assert together.payable == assess(both, law_for(both, on=make.ON)).payable
    assert together.saved < sum(by_claim(item.options)[Claim(quota=QUOTA)].saved or 0 for item in answer.items)


def test_a_quota_is_weighed_even_while_it_cannot_be_computed() -> None:
    without_mass = replace(chicken(), net_mass=Decimal(0))
    option = by_claim(weighed(without_mass).items[0].options)[Claim(quota=QUOTA)]
    assert (option.total, option.saved) == (None, None)


def test_a_quota_is_that_of_the_date() -> None:
    make.other_law(Quota.objects.filter(number=QUOTA, valid_from=date(2027, 1, 1)), volume=Decimal(77))
    answer = estimate(consignment(chicken()), proofs={}, on=date(2027, 5, 1))
    found = by_claim(answer.items[0].options)[Claim(quota=QUOTA)].quota
    assert found is not None
    assert found.balance == 77


def test_the_choices_take_no_more_queries_for_more_items(django_assert_max_num_queries: object) -> None:
    for count in (1, 12):
        items = [apples(number) if number % 2 else chicken(number) for number in range(1, count + 1)]
        with django_assert_max_num_queries(26):  # type: ignore[operator]
            weighed(*items)


# The page -----------------------------------------------------------------------------------------------------
def page(client: Client, *items: str, **head: str) -> str:
    query = {"on": make.ON.isoformat(), "invoice_currency": "USD", "i": list(items), **head}
    return unescape(client.get(reverse("calculator"), query).content.decode())


def links(text: str) -> list[str]:
    return [part.split('"')[0] for part in text.split('button--small no-print" href="')[1:]]


def test_one_click_applies_a_paper_and_one_takes_it_away(client: Client) -> None:
    text = page(client, f"{APPLES}~1000~KZ~~900")
    assert "you save" in text
    (apply,) = links(text)
    applied = unescape(client.get(apply).content.decode())
    assert '<option value="ST1" selected>' in applied
    assert "you save" not in applied
    (back,) = links(applied)
    assert "ST1" not in back
    assert f"{total(apples()):,.2f}" in unescape(client.get(back).content.decode())


def test_one_click_applies_a_quota_and_its_field_appears(client: Client) -> None:
    text = page(client, f"{CHICKEN}~4000~BR~~2000")
    assert "20,000 t are left in it" in text
    assert 'name="0-quota_code"' in text
    (apply,) = links(text)
    applied = unescape(client.get(apply).content.decode())
    assert f'<option value="{QUOTA}" selected>' in applied
    assert f"{total(chicken(quota_code=QUOTA)):,.2f}" in applied
    assert "from the quota" in applied


def test_a_quota_for_other_goods_is_refused_beside_its_field(client: Client) -> None:
    text = page(client, f"{APPLES}~1000~CN~~900~~~~{QUOTA}")
    assert f"Quota {QUOTA} is not open" in text.split('id="error-0-quota_code"')[1].split("</div>")[0]
    assert f'value="{QUOTA}" selected' in text


def test_a_quota_in_part_is_two_lines(client: Client) -> None:
    make.other_law(Quota.objects.filter(number=QUOTA), volume=Decimal("0.5"))
    text = page(client, f"{CHICKEN}~4000~BR~~2000~~~~{QUOTA}")
    assert "from the quota" in text
    assert "beyond the quota" in text
    assert "It covers 0.5 of 2 t" in text
