"""From the declared content to charges: what goes in, what is stored, and that a preview writes nothing."""

from decimal import Decimal

import pytest

from declarations import assessment, selectors, services
from declarations.models import Charge, ItemValuation
from tariffs.calculation import assess
from tariffs.selectors import exchange_rate, law_for
from tests import make

pytestmark = pytest.mark.django_db


def test_charges_are_stored_with_base_rate_formula_and_legal_basis() -> None:
    made = make.assessed(items=[make.item(commodity_code="8441100000", commercial_description="Paper cutters")])
    rate = exchange_rate("USD", on=make.ON)
    assert rate is not None
    value = (1200 * rate.rate).quantize(Decimal("0.01"))
    duty, vat, fee = selectors.charges_of(made)
    assert made.customs_value == value
    assert (duty.tax_code, duty.base, duty.rate_text) == ("DUTY", value, "10%")
    assert duty.amount == (value / 10).quantize(Decimal("0.01"))
    assert (vat.tax_code, vat.base) == ("VAT", value + duty.amount)
    assert (fee.tax_code, fee.item) == ("FEE", None)
    assert all(charge.formula and charge.legal_basis for charge in (duty, vat, fee))
    assert made.payable == duty.amount + vat.amount + fee.amount


def test_stored_charges_are_what_the_pure_calculation_gives_again() -> None:
    beer = make.item(
        commodity_code="2203000100", supplementary_unit_1="LTR", supplementary_quantity_1="400", item_price="300"
    )
    made = make.assessed(items=[make.item(), beer], insurance="10", insurance_currency="EUR")
    consignment = assessment.consignment_of(made)
    again = assess(consignment, law_for(consignment, on=make.ON))
    stored = [(row.item and row.item.number, row.tax_code, row.base, row.amount) for row in selectors.charges_of(made)]
    assert sorted(stored, key=str) == sorted(
        [(charge.item, charge.tax_code, charge.base, charge.amount) for charge in again.charges], key=str
    )
    assert made.payable == again.payable


def test_the_value_of_each_item_is_stored_and_its_shares_sum_to_the_costs() -> None:
    items = [make.item(item_price="100"), make.item(item_price="200"), make.item(item_price="0.01")]
    made = make.assessed(items=items, insurance="100", insurance_currency="TJS")
    values = list(ItemValuation.objects.filter(item__declaration=made).order_by("item__number"))
    assert sum(value.insurance for value in values) == 100
    assert sum(value.customs_value for value in values) == made.customs_value
    assert all(value.formula for value in values)


def test_a_suspending_procedure_charges_to_the_guarantee() -> None:
    items = [make.item(extended_procedure="7100")]
    made = make.assessed(general_procedure="7", warehouse="W-1", items=items)
    secured = {charge.tax_code for charge in selectors.charges_of(made) if not charge.payable}
    assert secured == {"DUTY", "VAT"}
    assert made.guaranteed == sum(charge.amount for charge in selectors.charges_of(made) if not charge.payable)
    assert made.payable == sum(charge.amount for charge in selectors.charges_of(made) if charge.payable)


def test_free_trade_origin_is_free_of_duty_with_its_certificate_and_pays_without() -> None:
    papers = [*make.item()["documents"], {"code": "ST1", "reference": "KZ-77"}]
    free = make.assessed(items=[make.item(origin_country="KZ", documents=papers)])
    general = make.assessed(items=[make.item(origin_country="KZ")])
    assert free.charges.get(tax_code="DUTY").amount == 0
    assert general.charges.get(tax_code="DUTY").amount > 0


def test_a_certificate_without_a_number_proves_nothing() -> None:
    draft = make.draft(items=[make.item(documents=[{"code": "ST1"}, {"code": "380", "reference": "INV-1"}])])
    assert assessment.consignment_of(draft).items[0].documents == {"380"}


def test_a_preview_shows_what_lodging_will_charge_and_writes_nothing() -> None:
    draft = make.draft()
    preview = assessment.preview(draft, on=make.ON)
    assert not Charge.objects.exists()
    assert services.lodge(draft, on=make.ON, at=make.AT, by=make.trader()).payable == preview.payable


@pytest.mark.parametrize("changes", [{"items": [{}]}, {"invoice_currency": None}, {"insurance": "-5"}])
def test_a_draft_that_is_not_complete_is_previewed_as_far_as_it_goes(changes: dict[str, object]) -> None:
    assert assessment.preview(make.draft(**changes), on=make.ON).payable >= 0


def test_an_empty_draft_can_be_previewed() -> None:
    draft = services.create_draft(declarant=make.company(owner=make.trader()), by=make.trader(), at=make.AT)
    assert assessment.preview(draft, on=make.ON).values == ()
