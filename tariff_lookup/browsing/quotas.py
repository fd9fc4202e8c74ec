"""Tariff quotas as everyone may see them: balances, and the rates that goods pay within them."""

from collections.abc import Sequence
from datetime import date

from tariff_lookup.browsing.rows import MeasureRow, QuotaRows, Wording
from tariffs.models import Measure, Tax
from tariffs.selectors import QuotaBalance, measures_with_quota, quota_balances


def open_quotas(*, on: date) -> list[QuotaRows]:
    """Every quota in force on the date with its balance and the rates it is for."""
    balances = quota_balances(on=on)
    measures = measures_with_quota([row.quota.number for row in balances], on=on)
    words = _words([measure for found in measures.values() for measure in found], on=on)
    return [QuotaRows(row, words.rows(measures.get(row.quota.number, ()))) for row in balances]


def rates_within(balance: QuotaBalance, *, on: date) -> tuple[MeasureRow, ...]:
    """The rates that goods pay within one quota on a date of its period; none on another."""
    number = balance.quota.number
    measures = measures_with_quota([number], on=max(on, balance.quota.valid_from)).get(number, [])
    return _words(measures, on=on).rows(measures)


def _words(measures: Sequence[Measure], *, on: date) -> Wording:
    taxes = Tax.objects.on(on).select_related("legal_act")
    return Wording(measures, taxes=list(taxes), path=(), on=on)
