"""The law of what is charged beside duties and taxes: interest for late payment, terms to pay in, fees for services."""

from datetime import date, timedelta

from lib.languages import in_language
from tariffs.calculation import InterestRateFact
from tariffs.models import INTEREST, InterestRate, ServiceFee
from tariffs.selectors.measures import legal_basis


def late_rates() -> list[InterestRateFact]:
    """Every rate of interest for late payment, of all days."""
    rows = InterestRate.objects.filter(code=InterestRate.LATE).select_related("legal_act").order_by("valid_from")
    return [
        InterestRateFact(
            percent=row.percent,
            days=row.days,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            legal_basis=legal_basis(row.legal_act),
            is_example=row.is_example,
        )
        for row in rows
    ]


def last_day_to_pay(*, owed_on: date) -> date:
    """Until when what became due after release on that day bears no interest."""
    row = InterestRate.objects.on(owed_on).filter(code=InterestRate.LATE).first()
    return owed_on + timedelta(days=row.term_days if row else 0)


def service_fees(*, on: date) -> list[ServiceFee]:
    """Fees for services in force on the day."""
    return list(ServiceFee.objects.on(on).select_related("legal_act").order_by("code"))


def service_fee(code: str, *, on: date) -> ServiceFee | None:
    """The fee for a service as it is in force on the day."""
    found: ServiceFee | None = ServiceFee.objects.on(on).filter(code=code).select_related("legal_act").first()
    return found


def names_beside_taxes() -> dict[str, str]:
    """The names of interest and of every fee for a service that ever was, in the reader's language, by code."""
    rates = InterestRate.objects.filter(code=InterestRate.LATE).order_by("valid_from")
    names = [(INTEREST, in_language(row)) for row in rates]
    return dict(names) | {row.code: in_language(row) for row in ServiceFee.objects.order_by("valid_from")}
