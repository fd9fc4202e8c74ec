"""The calculator and the assessment of a declaration are one: the same charges, to the last letter of their formulas.

Consignments are made up over the whole demonstration country: every code, procedures that pay and that secure, all
delivery terms and working modes, any currency, all kinds of cost, proofs of origin, reliefs, quotas with little left.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from declarations import services
from declarations.models import Charge
from lib.public_api import PublicThrottle
from tariff_lookup.estimates import Estimate, estimate
from tariffs.models import ScanRule
from tests import make
from tests.tariff_lookup.consignments import MadeUp, leave_little_in_quotas, made_up

pytestmark = pytest.mark.django_db

BATCHES, IN_A_BATCH = 10, 10
Line = tuple[int | None, str, Decimal, str, Decimal, bool, str]


@pytest.fixture(autouse=True)
def _no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PublicThrottle, "rate", "100000/min")


def with_quantities(found: MadeUp) -> MadeUp:
    """The consignment with a quantity in each unit that its codes and rates ask for, and only quotas open to it."""
    bare = estimate(found.consignment(), proofs=found.proofs(), on=found.on)
    for place, (goods, item) in enumerate(zip(found.goods, bare.items, strict=True)):
        units = {*item.units, *({goods.unit} - {"", "KGM"})}
        goods.quota = "" if item.misses_quota else goods.quota
        goods.quantities = {unit: str(37 + place) + ".5" for unit in units}
    return found


def lines_estimated(answer: Estimate) -> list[Line]:
    return [
        (charge.item, charge.tax_code, charge.base, charge.rate_text, charge.amount, charge.payable, charge.formula)
        for charge in answer.assessment.charges
    ]


def lines_answered(body: dict[str, Any]) -> list[Line]:
    by_item = [(item["number"], charge) for item in body["items"] for charge in item["charges"]]
    return [
        (
            number, charge["tax"], Decimal(charge["base"]), charge["rate"], Decimal(charge["amount"]),
            charge["payable"], charge["formula"],
        )
        for number, charge in [*by_item, *((None, charge) for charge in body["charges"])]
    ]  # fmt: skip


def lines_charged(found: MadeUp) -> tuple[list[Line], Decimal, Decimal]:
    """What the lodged declaration is charged, with what it pays and secures."""
    at = datetime(found.on.year, found.on.month, found.on.day, 9, tzinfo=UTC)
    draft = services.create_draft(declarant=make.company(), by=make.trader(), at=at, data=found.declaration())
    lodged = services.lodge(draft, on=found.on, at=at, by=make.trader())
    rows = Charge.objects.filter(declaration=lodged).select_related("item").order_by("sequence")
    lines: list[Line] = [
        (
            None if row.item is None else row.item.number, row.tax_code, row.base, row.rate_text, row.amount,
            row.payable, row.formula,
        )
        for row in rows
    ]  # fmt: skip
    return lines, lodged.payable, lodged.guaranteed


@pytest.mark.parametrize("batch", range(BATCHES))
def test_calculator_estimate_and_assessment_agree_charge_for_charge(client: Client, batch: int) -> None:
    make.company(owner=make.trader())
    make.other_law(ScanRule.objects.all())  # scans are not what is compared
    leave_little_in_quotas(batch)
    for seed in range(batch * IN_A_BATCH, (batch + 1) * IN_A_BATCH):
        found = with_quantities(made_up(seed))
        estimated = estimate(found.consignment(), proofs=found.proofs(), on=found.on)
        answer = client.post(reverse("api_calculator"), found.request(), content_type="application/json")
        assert answer.status_code == 200, (seed, answer.content)
        body = answer.json()
        charged, payable, guaranteed = lines_charged(found)
        assert lines_estimated(estimated) == charged, seed
        assert lines_answered(body) == charged, seed
        assert (Decimal(body["payable"]), Decimal(body["guaranteed"])) == (payable, guaranteed), seed
        assert body["complete"], seed


def test_what_is_made_up_covers_the_country() -> None:
    everything = [made_up(seed) for seed in range(BATCHES * IN_A_BATCH)]
    goods = [goods for found in everything for goods in found.goods]
    assert len(everything) >= 100
    assert {found.mode for found in everything} == {0, 1, 2}
    assert len({found.procedure for found in everything}) >= 8
    assert len({found.currency for found in everything}) >= 10
    assert len({found.term for found in everything}) == 11
    assert len({one.code for one in goods}) >= 60
    assert sum(bool(one.quota) for one in goods) >= 30
    assert {one.proof for one in goods} == {"", "ST1", "861"}
    assert {name for found in everything for name in found.costs} == {
        "external_freight", "internal_freight", "insurance", "other_cost", "deduction",
    }  # fmt: skip
