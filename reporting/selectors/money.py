"""Revenue for the director: month by month and tax by tax, as the payments desk has counted it from the ledger."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from lib.figures import ZERO
from payments.selectors import Filters, default_filters, names_of


@dataclass(frozen=True)
class Collected:
    """Months, the oldest first; for each tax its name, its sum in each month and in all; sums of the months."""

    months: list[date]
    taxes: list[tuple[str, list[Decimal], Decimal]]
    sums: list[Decimal]

    @property
    def total(self) -> Decimal:
        return sum(self.sums, ZERO)


def collected(*, office: str, on: date) -> Collected:
    """What was booked as revenue in the last months, the largest tax first."""
    usual = default_filters("month", on=on)
    rows = Filters(first=usual.first, last=usual.last, office=office).rows()
    by_month = rows.annotate(month=TruncMonth("day")).values_list("month", "tax_code").annotate(amount=Sum("amount"))
    found: dict[str, dict[date, Decimal]] = defaultdict(dict)
    for month, tax, amount in by_month.order_by("month", "tax_code"):
        found[tax][month] = amount
    months = sorted({month for amounts in found.values() for month in amounts})
    names = names_of("tax") if found else {}
    taxes = [
        (names.get(tax, tax), [amounts.get(month, ZERO) for month in months], sum(amounts.values(), ZERO))
        for tax, amounts in found.items()
    ]
    taxes.sort(key=lambda each: (-each[2], each[0]))
    return Collected(months, taxes, [sum((row[1][place] for row in taxes), ZERO) for place in range(len(months))])
