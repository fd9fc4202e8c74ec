"""Revenue is counted from the ledger in the background: again where a day grew, never twice, and drawn for pages."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum

from lib.money import Currency
from payments import selectors, services
from payments.models import Revenue, RevenueChart
from payments.selectors import revenue as reads
from payments.services import revenue_charts
from tests import make

pytestmark = pytest.mark.django_db
LATER = make.AT + timedelta(hours=3)


def counted() -> dict[str, Decimal]:
    return dict(Revenue.objects.values_list("tax_code").annotate(Sum("amount")))


def test_a_day_is_counted_by_tax_office_and_regime_and_again_only_when_it_grew() -> None:
    first = make.paid()
    assert services.count_revenue(at=LATER) == [make.ON]
    assert counted() == selectors.charged_by_tax(first)
    assert set(Revenue.objects.values_list("day", "office_code", "regime")) == {(make.ON, make.OFFICE, "IM 4")}
    assert services.count_revenue(at=LATER) == []
    second = make.paid()
    assert services.count_revenue(at=LATER + timedelta(hours=1)) == [make.ON]
    both = selectors.charged_by_tax(second)
    assert counted() == {tax: amount + both[tax] for tax, amount in selectors.charged_by_tax(first).items()}
    assert reads.counted_at() == LATER + timedelta(hours=1)


def test_a_closed_day_is_counted_once_more_and_days_before_it_are_left_alone() -> None:
    make.paid()
    night = make.AT + timedelta(days=1)
    services.close_days(at=night)
    assert services.count_revenue(at=night) == [make.ON], "the first time every day is counted"
    assert services.count_revenue(at=night, since=make.ON) == []
    assert services.count_revenue(at=night) == []


@pytest.mark.parametrize("by", reads.BY)
def test_a_table_sums_what_was_counted(by: str) -> None:
    paid = make.paid()
    services.count_revenue(at=LATER)
    lines = reads.revenue_by(by, reads.default_filters(by, on=make.ON))
    assert reads.total_of(lines) == paid.payable
    assert all(line.name for line in lines)


def test_charts_are_drawn_in_each_language_and_again_when_they_would_say_something_else() -> None:
    make.paid()
    services.count_revenue(at=LATER)
    assert len(revenue_charts.draw_charts(on=make.ON, at=LATER)) == RevenueChart.objects.count() == 15
    assert revenue_charts.draw_charts(on=make.ON, at=LATER) == []
    svg = reads.chart_of("office", language="ru").svg  # type: ignore[union-attr]
    assert svg.startswith("<svg")
    assert 'fill="var(--accent)"' in svg
    assert make.OFFICE in svg
    assert "style=" not in svg
    assert "<style" not in svg


def test_many_bars_end_in_one_for_the_rest_and_large_sums_are_written_short() -> None:
    lines = [reads.Line(str(number), f"<Office> {number}", Decimal(50_000_000 - number)) for number in range(30)]
    svg = revenue_charts.drawing("office", lines, Currency("TJS", 2))
    assert "…" in svg
    assert "10⁶ TJS" in svg
    assert "<Office>" not in svg
