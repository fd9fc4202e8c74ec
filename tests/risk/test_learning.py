"""Features from the past alone, and the figures by which a model is judged: units, without a database."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest

from risk.learning import figures
from risk.learning.features import FEATURES, Memory
from risk.learning.lines import Line, by_day
from tests.risk import make as risk


def feature(row: list[float], name: str) -> float:
    return row[FEATURES.index(name)]


def test_a_feature_knows_earlier_days_alone() -> None:
    """The outcome of a line moves no feature of its own day or of an earlier one, and moves those of later days."""
    lines = risk.lines(60)
    ordered = [line for day in by_day(lines) for line in day]
    changed = next(place for place, line in enumerate(ordered) if line.on == ordered[30].on)
    turned = [replace(line, wrong=not line.wrong) if place == changed else line for place, line in enumerate(ordered)]
    before, after = Memory().rows_then_learn(ordered), Memory().rows_then_learn(turned)
    until = sum(line.on <= ordered[changed].on for line in ordered)
    assert repr(before[:until]) == repr(after[:until])
    assert all(repr(old) != repr(new) for old, new in zip(before[until:], after[until:], strict=True))


def test_what_is_not_known_is_missing_and_not_small() -> None:
    row = Memory().row(Line(file="F", on=1))
    assert math.isnan(feature(row, "mass"))
    assert math.isnan(feature(row, "wrong:code"))
    assert math.isnan(feature(row, "apart:code"))
    assert feature(row, "lines") == 1
    assert len(row) == len(FEATURES) == len(set(FEATURES))


def test_a_line_that_nobody_looked_at_is_seen_and_proves_nothing() -> None:
    memory, line = Memory(), Line(file="F", on=1, code="0902300009", mass=10.0, price=300.0)
    memory.learn(line)
    row = memory.row(line)
    assert feature(row, "seen:code") == pytest.approx(math.log(2))
    assert math.isnan(feature(row, "wrong:code"))
    memory.learn(replace(line, wrong=True))
    assert feature(memory.row(line), "wrong:code") == 1.0
    assert feature(memory.row(replace(line, price=75.0)), "apart:code") == pytest.approx(math.log(0.25))


def test_a_memory_comes_back_from_what_is_kept_of_it() -> None:
    memory = Memory()
    memory.rows_then_learn(risk.lines(20))
    line = risk.lines(21)[20]
    assert repr(Memory.of_data(memory.as_data()).row(line)) == repr(memory.row(line))


def test_the_first_share_holds_the_highest_scores() -> None:
    scores, wrong = [0.1, 0.9, 0.8, 0.2], [True, True, False, False]
    assert figures.first(scores, wrong, 0.25).precision == 1.0
    assert figures.first(scores, wrong, 0.5).precision == 0.5
    assert figures.first([], [], 0.5).precision is None
    assert figures.auc(scores, wrong) == 0.5
    assert figures.auc([0.5, 0.5], [True, False]) == 0.5
    assert figures.auc([0.5], [True]) is None


def test_a_rank_grows_with_the_score_and_a_shifted_month_is_told() -> None:
    values = [float(number) for number in range(1000)]
    cuts = figures.quantiles(values, 100)
    ranks = [figures.percentile(value, cuts) for value in (-1.0, 250.0, 949.5, 2000.0)]
    assert ranks == pytest.approx([0, 25.5, 95, 99], abs=1)
    assert all(low < high for low, high in pairwise(ranks))
    edges = figures.edges(values)
    then = figures.shares(values, edges)
    assert sum(then) == pytest.approx(1)
    assert figures.stability(then, then) == 0
    assert figures.stability(then, figures.shares([*values[:950], *values[:50]], edges)) < 0.25
    assert figures.stability(then, figures.shares([value + 500 for value in values], edges)) > 0.25
    assert figures.stability(then, figures.shares([math.nan] * 10, edges)) > 0.25
