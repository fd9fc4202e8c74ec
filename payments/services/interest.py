"""Interest for what was paid late, charged with the payment that was late, once for each part of it."""

from datetime import datetime

from django.utils import timezone

from declarations import services as declarations
from declarations.models import Declaration, Levy
from payments import selectors
from tariffs.calculation import Interest, InterestRateFact, Late, interest_due, late_parts
from tariffs.models import INTEREST
from tariffs.selectors import last_day_to_pay, late_rates, names_beside_taxes, national_currency


def charge_late_interest(declaration: Declaration, *, at: datetime) -> list[Levy]:
    """Charge the interest on what the ledger says was paid after its day. The declaration is locked; safe to repeat."""
    owed = selectors.owed_after_release(declaration)
    if not owed:
        return []
    late = [
        (tax, part)
        for tax, parts in owed.items()
        for part in late_parts(parts, selectors.booked_on(declaration.mrn, tax))
    ]
    if not late:
        return []
    rates, decimals = late_rates(), national_currency().decimals
    charged = [
        (tax, part, interest_due(part.amount, part.due, part.on, rates, decimals=decimals)) for tax, part in late
    ]
    rows = [
        interest_levy(declaration, interest, key=_key(declaration, tax, part), at=at, facts=_facts(tax, part, rates))
        for tax, part, interest in charged
        if interest.amount > 0
    ]
    return declarations.levy(rows)


def interest_levy(
    declaration: Declaration, interest: Interest, *, key: str, at: datetime, facts: dict[str, object]
) -> Levy:
    """Interest as a charge on the declaration."""
    return Levy(
        key=key,
        declaration=declaration,
        mrn=declaration.mrn,
        kind=Levy.Kind.INTEREST,
        tax_code=INTEREST,
        tax_name=names_beside_taxes().get(INTEREST, INTEREST),
        base=interest.base,
        rate_text=interest.rate_text,
        amount=interest.amount,
        formula=interest.formula,
        legal_basis=interest.legal_basis,
        is_example=interest.is_example,
        facts=facts | {"days": interest.days},
        due=last_day_to_pay(owed_on=timezone.localdate(at)),
        at=at,
    )


def rates_as_facts(rates: list[InterestRateFact]) -> list[dict[str, object]]:
    """The rates as they are kept with a charge, so that it can be computed anew from what it keeps."""
    return [
        {
            "percent": str(rate.percent),
            "days": rate.days,
            "valid_from": rate.valid_from,
            "valid_to": rate.valid_to,
            "legal_basis": rate.legal_basis,
            "is_example": rate.is_example,
        }
        for rate in rates
    ]


def _key(declaration: Declaration, tax: str, part: Late) -> str:
    return f"interest:{declaration.mrn}:{part.key}:{tax}:{part.due}"


def _facts(tax: str, part: Late, rates: list[InterestRateFact]) -> dict[str, object]:
    return {
        "tax": tax,
        "amount": str(part.amount),
        "due": part.due,
        "until": part.on,
        "rates": rates_as_facts(rates),
    }
