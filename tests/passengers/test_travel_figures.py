"""Published figures: whole days, percentiles, and no count from which a person could be guessed."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from passengers import services
from passengers.models import TravelChart, TravelFigures
from passengers.selectors.figures import LEAST, Line, protected
from passengers.services import chart, figures
from tests import make
from tests.passengers import travelling as way
from tests.passengers.test_travel_leaving import bought, cash, crossed, leaving

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "told")]


def test_a_day_is_counted_by_post_way_and_direction_and_again_without_doubling() -> None:
    paid = bought("1500")
    crossed(way.sent(way.draft(carries=["money"], money=[cash("5000")])))
    refused = services.present(leaving(cash("9000")), post=way.POST, by=make.officer(), at=make.AT, on=make.ON)
    refused = services.examine(refused, by=make.officer(), at=make.AT)
    services.retain(refused, reason="Too much", by=make.officer(), at=make.AT)
    figures.count_day(make.ON, at=make.AT)
    assert figures.count_day(make.ON, at=make.AT) == 2
    entry, leaves = TravelFigures.objects.order_by("direction")
    paid.refresh_from_db()
    assert (entry.declared, entry.payers, entry.paid, entry.red, entry.hits) == (2, 1, paid.paid, 1, 0)
    assert (leaves.declared, leaves.hits, leaves.minutes) == (1, 1, [])


def line(name: str, declared: int, **more: Any) -> Line:
    return Line(name, declared, **more)


def test_few_are_put_together_and_a_lone_cell_takes_the_next_with_it() -> None:
    lines = protected([line("A", 50, red=20), line("B", 9, red=3), line("C", 3, red=1), line("D", 2, red=2)])
    assert [(each.name, each.declared, each.red, each.together) for each in lines] == [
        ("A", 50, 20, 1), ("B", 9, None, 1), ("", 5, None, 2),
    ]  # fmt: skip
    alone = protected([line("A", 50, red=20), line("B", 9, red=3)])
    assert [each.red for each in alone] == [None, None]
    assert [each.red for each in protected([line("A", 50, red=20), line("B", 9, red=0)])] == [20, 0]


COUNTS = st.integers(0, 12)


@given(st.lists(st.tuples(COUNTS, COUNTS, COUNTS), max_size=8))
def test_no_published_count_lies_between_one_and_four(rows: list[tuple[int, int, int]]) -> None:
    lines = [line(f"P{place}", a + b + c, payers=a, red=b, hits=c) for place, (a, b, c) in enumerate(rows) if a + b + c]
    total = sum(each.declared for each in lines)
    shown = protected(lines)
    assert sum(each.declared for each in shown) == (total if total >= LEAST else 0)
    for each in shown:
        cells = [each.declared, each.payers, each.red, each.hits]
        assert all(cell is None or cell == 0 or cell >= LEAST for cell in cells)
        assert (each.paid is None) == (each.payers is None)


@pytest.mark.parametrize(
    ("minutes", "median", "p90"),
    [([1, 2, 3, 4], None, None), ([1, 2, 3, 4, 50], 3, 50), (list(range(1, 101)), 50, 90)],
)
def test_percentiles(minutes: list[int], median: int | None, p90: int | None) -> None:
    found = line("A", 200, minutes=minutes)
    assert (found.median, found.p90) == (median, p90)


def counted() -> None:
    for place, (post, declared) in enumerate([("TJ01", 40), ("TJ04", 20), ("TJ03", 2)]):
        TravelFigures.objects.create(
            day=make.ON - timedelta(days=1 + place), post=post, way="air", direction="entry", declared=declared,
            payers=declared // 4, paid=declared * 100, red=declared // 2, hits=0, minutes=[5] * declared,
            counted_at=make.AT,
        )  # fmt: skip


@pytest.mark.parametrize("by", ["post", "way", "day"])
def test_the_page_and_its_table(client: Client, by: str) -> None:
    counted()
    page = client.get(reverse("travel_statistics"), {"by": by}).content.decode()
    assert "<table" in page
    answer = client.get(reverse("travel_statistics"), {"by": by, "format": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert sum(int(row["declared"]) for row in rows) == 62
    assert all(int(row["declared"]) >= LEAST for row in rows)


def test_the_chart_is_drawn_in_each_language_when_something_changed(client: Client) -> None:
    counted()
    assert chart.draw_charts(on=make.ON, at=make.AT) == 9
    assert chart.draw_charts(on=make.ON, at=make.AT) == 0
    drawn = TravelChart.objects.get(days=30, language="ru").svg
    assert "currentColor" in drawn
    assert "style=" not in drawn
    assert "<svg" in client.get(reverse("travel_statistics")).content.decode()


def test_nothing_is_told_of_too_few(client: Client) -> None:
    assert "Too few travelled" in client.get(reverse("travel_statistics")).content.decode()


@pytest.mark.parametrize("name", ["travel_privacy", "travel_law", "travel_statistics"])
@pytest.mark.parametrize("language", ["en", "ru", "tg"])
def test_the_public_pages_open_for_everybody(client: Client, name: str, language: str) -> None:
    client.cookies["django_language"] = language
    assert client.get(reverse(name)).status_code == 200
