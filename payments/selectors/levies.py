"""Charges after the assessment computed anew from what each keeps: the auditor's proof that they are what they say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from declarations.models import Levy
from lib.money import apportion
from tariffs.calculation import InterestRateFact, ServiceFeeFact, fee_due, interest_due
from tariffs.selectors import national_currency

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Differing:
    """A charge that comes to another sum than it says."""

    levy: Levy
    computed: Decimal


def differing_levies() -> Iterator[Differing]:
    """Every charge whose sum does not follow from what it keeps."""
    decimals = national_currency().decimals
    for levy in Levy.objects.order_by("pk").iterator(chunk_size=_AT_ONCE):
        computed = recomputed(levy, decimals=decimals)
        if computed != levy.amount:
            yield Differing(levy, computed)


def recomputed(levy: Levy, *, decimals: int) -> Decimal:
    """What the charge comes to by the figures it was computed from."""
    facts = levy.facts
    if levy.kind == Levy.Kind.CALLED:
        weights = [Decimal(amount) for amount in facts["suspended"].values()]
        shares = apportion(Decimal(facts["called"]), weights, decimals)
        by_tax: dict[str, Decimal] = dict(zip(facts["suspended"], shares, strict=True))
        return by_tax[levy.tax_code]
    if levy.kind == Levy.Kind.FEE:
        fee = ServiceFeeFact(
            amount=Decimal(facts["amount"]),
            unit=facts["unit"],
            free=facts["free"],
            for_kg=facts["for_kg"],
            least=Decimal(facts["least"]),
        )
        return fee_due(fee, Decimal(facts["quantity"]), Decimal(facts["mass"]), decimals=decimals).amount
    due, until = date.fromisoformat(facts["due"]), date.fromisoformat(facts["until"])
    rates = [_rate(kept) for kept in facts["rates"]]
    return interest_due(Decimal(facts["amount"]), due, until, rates, decimals=decimals).amount


def _rate(kept: dict[str, Any]) -> InterestRateFact:
    return InterestRateFact(
        percent=Decimal(kept["percent"]),
        days=kept["days"],
        valid_from=date.fromisoformat(kept["valid_from"]),
        valid_to=date.fromisoformat(kept["valid_to"]) if kept["valid_to"] else None,
        legal_basis=kept["legal_basis"],
        is_example=kept["is_example"],
    )
