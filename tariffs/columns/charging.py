"""The tables of what is charged beside duties and taxes: interest, fees for services."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from lib.cells import decimal, matching, or_empty, whole
from lib.figures import ZERO
from tariffs.columns.shared import ACT, EXAMPLE, TAX_CODE, choice, days, names, notes
from tariffs.columns.table import LawColumn, Table
from tariffs.models import InterestRate, ServiceFee

_END = (*notes(400), EXAMPLE, replace(ACT, first=True), *days(first=True))
_KIND = matching(InterestRate.LATE, _("Write LATE: interest for late payment."))

INTEREST_RATE = Table(
    "interest_rate",
    InterestRate._meta.verbose_name or "",
    InterestRate,
    "interest_rates.csv",
    (
        LawColumn("code", _KIND, first=True),
        LawColumn("percent", decimal, first=True),
        LawColumn("days", whole, first=True, hint=_("1: a day; 365: a year.")),
        LawColumn("term_days", or_empty(whole, 0), required=False, usual="0", first=True),
        *names(),
        *_END,
    ),
    public="interest_rates",
    title=_("Interest for late payment"),
    order=("code",),
)

SERVICE_FEE = Table(
    "service_fee",
    ServiceFee._meta.verbose_name or "",
    ServiceFee,
    "service_fees.csv",
    (
        LawColumn("code", TAX_CODE, first=True),
        LawColumn("amount", decimal, first=True),
        choice("unit", ServiceFee.Unit.choices, first=True),
        LawColumn("free", or_empty(whole, 0), required=False, usual="0", first=True),
        LawColumn("for_kg", or_empty(whole, 0), required=False, usual="0", hint=_("0: whatever the mass.")),
        LawColumn("least", or_empty(decimal, ZERO), required=False, usual="0"),
        *names(),
        *_END,
    ),
    public="service_fees",
    title=_("Fees for services of customs"),
    order=("code",),
)

CHARGING = (INTEREST_RATE, SERVICE_FEE)
