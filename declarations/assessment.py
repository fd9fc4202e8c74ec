"""From the declared content to charges: calls the duty arithmetic, turns its answer into rows. No arithmetic here."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from declarations import facts
from declarations.models import Charge, Declaration, Item, ItemValuation
from declarations.selectors import Content, content_of
from lib.bulk import insert_rows
from tariffs import calculation
from tariffs.calculation import Assessment, Consignment, SharedCost, assess
from tariffs.selectors import law_for


def consignment_of(declaration: Declaration) -> Consignment:
    """The declaration as the duty arithmetic takes it."""
    return facts.consignment(content_of(declaration))


def preview(declaration: Declaration, *, on: date) -> Assessment:
    """What a draft would be charged on the day. Writes nothing; `needs` says what is missing."""
    consignment = consignment_of(declaration)
    return assess(consignment, law_for(consignment, on=on))


def apportioned(declaration: Declaration, *, on: date) -> tuple[SharedCost, ...]:
    """What falls on each item of the header's costs, as `preview` counts it."""
    consignment = consignment_of(declaration)
    return calculation.apportioned(consignment, law_for(consignment, on=on))


def store(content: Content, assessment: Assessment) -> None:
    """Write the value of each item and every charge: two statements, however many items."""
    items = content.items
    insert_rows(_valuations(items, assessment))
    insert_rows(_charges(content.declaration, items, assessment))


def _valuations(items: Sequence[Item], assessment: Assessment) -> list[ItemValuation]:
    return [
        ItemValuation(
            item=items[value.number - 1],
            price=value.price,
            external_freight=value.external_freight,
            internal_freight=value.internal_freight,
            insurance=value.insurance,
            other_cost=value.other_cost,
            deduction=value.deduction,
            customs_value=value.customs_value,
            statistical_value=value.statistical_value,
            formula=value.formula,
        )
        for value in assessment.values
    ]


def _charges(declaration: Declaration, items: Sequence[Item], assessment: Assessment) -> list[Charge]:
    return [
        Charge(
            declaration=declaration,
            item=None if charge.item is None else items[charge.item - 1],
            sequence=place,
            tax_code=charge.tax_code,
            tax_name=charge.tax_name,
            base=charge.base,
            rate_text=charge.rate_text,
            amount=charge.amount,
            payable=charge.payable,
            formula=charge.formula,
            legal_basis=charge.legal_basis,
            exchange_rates=[asdict(rate) for rate in charge.exchange_rates],
            measure_id=charge.measure_id,
            is_example=charge.is_example,
        )
        for place, charge in enumerate(assessment.charges, 1)
    ]
