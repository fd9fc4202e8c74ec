"""What holds for every rate: printing and reading, amounts that never fall and are never negative, refusals."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tariffs.calculation import ConsignmentItem, ExchangeRateFact, Law
from tariffs.calculation.duty import Goods, amount_of
from tariffs.calculation.value import Exchange
from tariffs.rates import (
    COMPONENTS,
    CONTENTS,
    MASS_KINDS,
    MAX_LENGTH,
    RATE_UNITS,
    UNIT_SYMBOLS,
    Component,
    Fixed,
    Free,
    Max,
    Min,
    Percent,
    Rate,
    RateUnreadable,
    Specific,
    Step,
    Sum,
    parse,
    text_of,
)
from tariffs.wording import in_words, unreadable

D = Decimal
ON = date(2026, 11, 23)

amounts = st.decimals(min_value=0, max_value=10**6, places=4, allow_nan=False, allow_infinity=False)
currencies = st.sampled_from(["EUR", "USD", "TJS"])
masses = st.sampled_from(["KGM", "TNE", "GRM"])
units = st.sampled_from([unit.code for unit in (*RATE_UNITS, *MASS_KINDS)])
counts = st.sampled_from([D(1), D(100), D(1000), D("0.5"), D(3)])
leaves = st.one_of(
    st.just(Free()),
    st.builds(Percent, amounts),
    st.builds(Fixed, amounts, currencies),
    st.builds(Specific, amounts, currencies, units, counts),
    st.builds(Specific, amounts, currencies, masses, counts, st.just(True)),
    st.builds(Specific, amounts, currencies, st.just("KGM"), counts, st.just(False), st.sampled_from(sorted(CONTENTS))),
    st.builds(Component, st.sampled_from(sorted(COMPONENTS))),
)


def combined(inner: st.SearchStrategy[Rate]) -> st.SearchStrategy[Rate]:
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(Sum, parts), st.builds(Max, parts), st.builds(Min, parts))


def stepped(inner: st.SearchStrategy[Rate]) -> st.SearchStrategy[Rate]:
    bounds = st.lists(amounts, min_size=1, max_size=3, unique=True).map(sorted)
    return st.tuples(bounds, st.lists(inner, min_size=3, max_size=3)).map(
        lambda pair: Step(tuple(zip(pair[0], pair[1], strict=False)))
    )


# A table of steps may fall where the law says so: it is no part of what is tried for never falling.
rising = st.recursive(leaves, combined, max_leaves=5)
rates = st.recursive(leaves, lambda inner: st.one_of(combined(inner), stepped(inner)), max_leaves=5)


@pytest.mark.parametrize("language", ["en", "ru"])
@given(rate=rates)
def test_printing_and_reading_returns_the_same_rate_and_prints_the_same_again(rate: Rate, language: str) -> None:
    text = text_of(rate, language=language)
    if len(text) <= MAX_LENGTH:
        assert parse(text) == rate
        assert text_of(parse(text), language=language) == text


@given(rates)
def test_every_rate_can_be_said_in_words(rate: Rate) -> None:
    assert in_words(rate, base="value")


@given(st.data(), rates, st.sampled_from(["en", "ru"]))
def test_a_spoilt_text_is_read_or_refused_and_nothing_else(data: st.DataObject, rate: Rate, language: str) -> None:
    text = text_of(rate, language=language)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 3))
        put = data.draw(st.text("0123456789.,;:%+()/ €£-abEUkgmлкгзаMINAX\u00a0٣₂", max_size=3))
        text = text[:place] + put + text[place + cut :]
    judge(text)


@given(st.text(max_size=60))
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    judge(text)


def outcome(text: str) -> Rate | RateUnreadable:
    try:
        return parse(text)
    except RateUnreadable as refusal:
        return refusal


def judge(text: str) -> None:
    found = outcome(text)
    if isinstance(found, RateUnreadable):
        assert 0 <= found.position <= len(text)
        assert found.expected in str(found)
        assert unreadable(found)
        return
    for language in ("en", "ru"):
        printed = text_of(found, language=language)
        assert len(printed) > MAX_LENGTH or parse(printed) == found


# Amounts ------------------------------------------------------------------------------------------------------
LAW = Law(
    ON, "TJS", 2, {code: ExchangeRateFact(code, D("9.3017"), ON) for code in ("EUR", "USD")}, (), {}, frozenset(), {}
)
sizes = st.decimals(min_value="0.01", max_value=10**6, places=3)
percentages = st.decimals(min_value=0, max_value=50, places=2)
MASSES = ("KGM", "TNE", "GRM")


def amount(rate: Rate, base: D, net: D, gross: D, declared: Mapping[str, D]) -> D:
    item = ConsignmentItem(1, "1704", "TR", D(1), gross_mass=gross, net_mass=net, supplementary=tuple(declared.items()))
    goods = Goods(LAW, Exchange(LAW), base, "base", item)
    with localcontext() as context:
        context.prec = 60
        found = amount_of(rate, goods)
    assert goods.needs == []
    return found.exact


@given(rising, sizes, sizes, sizes, percentages, sizes, st.sampled_from(sorted(set(UNIT_SYMBOLS) - set(MASSES))))
def test_more_value_or_more_of_any_quantity_never_costs_less_and_nothing_is_below_zero(
    rate: Rate, base: D, net: D, quantity: D, percentage: D, more: D, unit: str
) -> None:
    declared = {code: percentage if code in CONTENTS else quantity for code in UNIT_SYMBOLS if code not in MASSES}
    increased = declared | {unit: declared[unit] + (percentage if unit in CONTENTS else more)}
    plain = amount(rate, base, net, net, declared)
    assert plain >= 0
    assert plain <= amount(rate, base + more, net, net, declared)
    assert plain <= amount(rate, base, net + more, net, declared)
    assert plain <= amount(rate, base, net, net + more, declared)
    assert plain <= amount(rate, base, net, net, increased)


@given(rates, sizes)
def test_where_nothing_is_declared_everything_that_is_missing_is_asked_for(rate: Rate, base: D) -> None:
    goods = Goods(LAW, Exchange(LAW), base, "base", ConsignmentItem(1, "1704", "TR", D(1)))
    found = amount_of(rate, goods)
    assert found.exact >= 0
    if isinstance(rate, Specific):
        assert {need.code for need in goods.needs} == (
            ({"T004"} if rate.gross else {"T003"} if rate.unit in MASSES else {"T001"})
            | ({"T009"} if rate.content else set())
        )
    if isinstance(rate, Component):
        assert {need.code for need in goods.needs} == {"T003", {"E": "T006", "S": "T007", "F": "T008"}[kind(rate)]}


def kind(rate: Component) -> str:
    return "E" if rate.code.startswith("EA") else rate.code[2]


def test_a_percentage_above_a_hundred_is_asked_for_again_and_nothing_at_all_may_be_stated() -> None:
    item = ConsignmentItem(1, "1704", "TR", D(1), net_mass=D(100), supplementary=(("P1Z", D(101)), ("AEA", D(0))))
    goods = Goods(LAW, Exchange(LAW), D(1), "base", item)
    amount_of(parse("0.4 EUR DTN Z"), goods)
    assert [need.code for need in goods.needs] == ["T009"]
    sugarless = replace(item, supplementary=(("P1Z", D(0)), ("AEA", D(0))))
    goods = Goods(LAW, Exchange(LAW), D(1), "base", sugarless)
    assert amount_of(parse("0.4 EUR DTN Z + EA"), goods).exact == 0
    assert goods.needs == []
