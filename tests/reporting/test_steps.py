"""Steps follow each other without a gap and add up to the release time; the narrowest target holds."""

import itertools
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from reporting.calculation import AWAITED, Promise, Visit, best_promise, kept, steps_of
from reporting.models import Awaited, Step
from tests.make import AT

HOURS = st.integers(0, 40).map(lambda number: AT + timedelta(hours=number))
STRETCH = st.tuples(HOURS, HOURS).map(lambda pair: (min(pair), max(pair)))
WHAT = st.sampled_from(["office", "answer", "consent", "money"])


@st.composite
def visits(draw: st.DrawFn) -> Visit:
    opened, closed = draw(STRETCH)
    moments = sorted([opened, *draw(st.lists(HOURS, max_size=4)), closed])
    waits = [(draw(WHAT), since, until) for since, until in itertools.pairwise(moments)]
    return Visit(
        opened_at=opened, closed_at=closed, automatic=draw(st.booleans()), waits=waits,
        taken_at=draw(st.none() | HOURS), decided_at=draw(st.none() | HOURS), paid_at=draw(st.none() | HOURS),
        examined=draw(st.lists(STRETCH, max_size=2)), at_laboratory=draw(st.lists(STRETCH, max_size=2)),
    )  # fmt: skip


@given(visit=visits(), more=st.lists(visits(), max_size=2))
def test_steps_cover_the_time_from_lodging_to_the_end_once(visit: Visit, more: list[Visit]) -> None:
    chain = sorted([visit, *more], key=lambda each: each.closed_at)
    parts = steps_of(AT, chain)
    end = chain[-1].closed_at
    assert sum((part.until - part.since for part in parts), timedelta()) == end - AT
    assert all(earlier.until == later.since for earlier, later in itertools.pairwise(parts))
    assert all(part.since < part.until for part in parts)
    assert all(earlier.step != later.step for earlier, later in itertools.pairwise(parts))


def test_every_step_says_for_whom_it_waits() -> None:
    assert set(AWAITED) == set(Step.values)
    assert set(AWAITED.values()) == set(Awaited.values)


def told(*visits: Visit) -> list[tuple[str, str, float]]:
    return [(part.step, part.awaits, (part.until - part.since) / timedelta(hours=1)) for part in steps_of(AT, visits)]


def test_the_time_at_the_office_is_divided_by_what_was_stamped() -> None:
    hours = [AT + timedelta(hours=number) for number in range(12)]
    file = Visit(
        opened_at=hours[1], closed_at=hours[11], automatic=False,
        waits=[("office", hours[1], hours[7]), ("answer", hours[7], hours[9]), ("office", hours[9], hours[11])],
        taken_at=hours[2], decided_at=hours[10], examined=[(hours[3], hours[6])],
        at_laboratory=[(hours[4], hours[5])],
    )  # fmt: skip
    assert told(file) == [
        ("lane", "office", 1), ("queue", "office", 1), ("check", "office", 1), ("examination", "office", 1),
        ("laboratory", "agency", 1), ("examination", "office", 1), ("check", "office", 1), ("answer", "trader", 2),
        ("check", "office", 1), ("release", "office", 1),
    ]  # fmt: skip


def test_a_file_without_an_officer_waits_for_the_money_and_an_amendment_goes_on() -> None:
    hours = [AT + timedelta(hours=number) for number in range(9)]
    first = Visit(opened_at=hours[1], closed_at=hours[3], automatic=True, waits=[("office", hours[1], hours[3])])
    second = Visit(opened_at=hours[4], closed_at=hours[8], automatic=True, paid_at=hours[7])
    assert told(first, second) == [
        ("lane", "office", 1), ("release", "office", 2), ("lane", "office", 1), ("money", "money", 3),
        ("release", "office", 1),
    ]  # fmt: skip


def test_the_narrowest_target_holds_the_office_before_the_lane_before_the_regime() -> None:
    promises = [
        Promise("", "", "", 48), Promise("", "green", "IM 4", 4), Promise("TJ01", "", "", 24),
        Promise("", "", "EX 1", 6),
    ]  # fmt: skip

    def hours(office: str, lane: str, regime: str) -> int | None:
        found = best_promise(promises, office_code=office, lane=lane, regime=regime)
        return found.hours if found else None

    assert hours("TJ01", "green", "IM 4") == 24
    assert hours("TJ02", "green", "IM 4") == 4
    assert hours("TJ02", "red", "EX 1") == 6
    assert hours("TJ02", "red", "IM 4") == 48
    assert best_promise(promises[1:3], office_code="", lane="", regime="") is None
    assert (kept(timedelta(hours=4), 4), kept(timedelta(hours=4, seconds=1), 4), kept(timedelta(), None)) == (
        True, False, None,
    )  # fmt: skip
