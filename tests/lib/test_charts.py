"""Charts: ticks are round and hold every value, marks stand where they should, and no label touches another."""

import itertools
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from lib import charts
from lib.charts import Series, bar_chart, column_chart, line_chart, nice_ticks

VALUES = st.decimals("-1000000", "1000000", places=2)


@given(least=VALUES, most=VALUES)
def test_ticks_are_multiples_of_1_2_or_5_and_hold_the_values(least: Decimal, most: Decimal) -> None:
    least, most = sorted((least, most))
    ticks = nice_ticks(least, most)
    assert ticks[0] <= least
    assert ticks[-1] >= most
    assert 0 in ticks
    assert 2 <= len(ticks) <= 7
    step = ticks[1] - ticks[0]
    assert {later - earlier for earlier, later in itertools.pairwise(ticks)} == {step}
    assert step.normalize().as_tuple().digits in ((1,), (2,), (5,))


def test_ticks_of_a_known_span() -> None:
    assert nice_ticks(Decimal(0), Decimal("7.3")) == [0, 2, 4, 6, 8]
    assert nice_ticks(Decimal(0), Decimal(0)) == [0, 1]
    assert nice_ticks(Decimal(0), Decimal(1), finest=Decimal(1)) == [0, 1], "there is no half of a file"
    assert [charts.written(tick) for tick in nice_ticks(Decimal(0), Decimal("0.9"))] == ["0", "0.5", "1"]


def test_a_line_is_interrupted_where_a_value_is_missing() -> None:
    values = [Decimal(0), None, Decimal(4), Decimal(8)]
    chart = line_chart("t", "d", ["a", "b", "c", "e"], [Series("s", values)])
    [line] = chart.lines
    bottom, top = charts.HEIGHT - charts.BOTTOM, charts.TOP
    assert [dot.y for dot in line.dots] == [bottom, (bottom + top) // 2, top]
    assert line.path.count("M") == 2
    assert line.path.count("L") == 1
    assert line.dots[1].text == "s, c: 4"


def test_columns_are_stacked_and_what_is_below_zero_hangs() -> None:
    series = [Series("a", [Decimal(2), Decimal(-4)]), Series("b", [Decimal(2), Decimal(0)])]
    chart = column_chart("t", "d", ["x", "y"], series)
    first, second, hanging = sorted(chart.boxes, key=lambda box: (box.x, box.shade))
    assert (first.y + first.height, second.y + second.height) == (chart.base, first.y)
    assert (first.height, hanging.height) == (second.height, 2 * first.height)
    assert hanging.y == chart.base
    assert first.x >= charts.LEFT
    assert hanging.x + hanging.width <= charts.WIDTH


@given(count=st.integers(1, 60), length=st.integers(1, 10))
def test_no_label_touches_another_or_leaves_the_drawing(count: int, length: int) -> None:
    labels = ["9" * length] * count
    chart = column_chart("t", "d", labels, [Series("s", [Decimal(1)] * count)])
    half = length * charts.LETTER / 2
    spans = [(tick.place - half, tick.place + half) for tick in chart.x_ticks]
    assert spans[-1][1] <= charts.WIDTH + 1
    assert spans[0][0] >= -1
    assert all(earlier[1] <= later[0] for earlier, later in itertools.pairwise(spans))


def test_bars_are_in_proportion_and_a_long_label_is_cut_before_the_value() -> None:
    rows = [("x" * 200, Decimal(10), "10 h"), ("short", Decimal(5), "5 h"), ("none", Decimal(0), "0 h")]
    chart = bar_chart("t", "d", rows)
    assert [bar.box.width for bar in chart.bars] == [charts.WIDTH, charts.WIDTH // 2, 1]
    long = chart.bars[0]
    assert (len(long.label) + len(long.value) + 2) * charts.LETTER <= charts.WIDTH
    assert long.label.endswith("…")
    assert chart.bars[1].label == "short"
    places = [bar.text_y for bar in chart.bars]
    assert places == sorted(set(places))
    assert chart.height >= chart.bars[-1].box.y + charts.BAR
