"""The sample of an audit: same seed, same sample; by value each large file is certain; by lot every lane is there."""

import random
from dataclasses import replace
from decimal import Decimal

from clearance.sampling import CERTAIN, LOT, VALUE, Filed, draw, hash_of, projected

LANES = ("green", "blue", "yellow", "red")
FRAME = [Filed(f"26TJ{n:014d}", LANES[n % 4], Decimal(1000 + n * 37 % 911)) for n in range(400)]
FRAME[7] = replace(FRAME[7], value=Decimal(500_000))


def test_the_same_seed_draws_the_same_files_in_whatever_order_they_come() -> None:
    first = draw(FRAME, seed="a1", by_value=10, by_lot=2)
    mixed = random.Random(5).sample(FRAME, len(FRAME))
    assert draw(mixed, seed="a1", by_value=10, by_lot=2) == first
    other = draw(FRAME, seed="a2", by_value=10, by_lot=2)
    assert [each.filed.mrn for each in other.drawn] != [each.filed.mrn for each in first.drawn]
    assert first.frame_hash == other.frame_hash == hash_of(mixed)
    assert hash_of([replace(FRAME[0], value=Decimal(1)), *FRAME[1:]]) != first.frame_hash


def test_what_is_drawn_and_why() -> None:
    sample = draw(FRAME, seed="a1", by_value=10, by_lot=2)
    how = {each.filed.mrn: each.how for each in sample.drawn}
    assert sample.count == 400
    assert sample.interval == sample.value / 10
    assert how[FRAME[7].mrn] == CERTAIN
    lots = [each for each in sample.drawn if each.how == LOT]
    assert {lane: [each.filed.lane for each in lots].count(lane) for lane in LANES} == dict.fromkeys(LANES, 2)
    assert sum(1 for each in sample.drawn if each.how == VALUE) <= 10
    assert len(how) == len(sample.drawn), "no file twice"


def test_a_file_is_hit_as_often_as_it_is_large() -> None:
    hits = {"small": 0, "large": 0}
    frame = [Filed("1", "blue", Decimal(100)), Filed("2", "blue", Decimal(300)), Filed("3", "blue", Decimal(600))]
    for seed in range(2000):
        drawn = draw(frame, seed=str(seed), by_value=1, by_lot=0).drawn
        hits["small"] += drawn[0].filed.mrn == "1"
        hits["large"] += drawn[0].filed.mrn == "3"
        assert len(drawn) == 1
    assert 150 < hits["small"] < 250
    assert 1120 < hits["large"] < 1280


def test_frames_with_nothing_in_them() -> None:
    assert draw([], seed="a", by_value=5, by_lot=5).drawn == []
    worthless = [replace(each, value=Decimal(0)) for each in FRAME[:8]]
    assert [each.how for each in draw(worthless, seed="a", by_value=5, by_lot=1).drawn] == [LOT] * 4


def test_what_the_frame_would_come_to() -> None:
    findings = [(CERTAIN, Decimal(500), Decimal(50)), (VALUE, Decimal(200), Decimal(10)), (LOT, Decimal(9), Decimal(9))]
    assert projected(findings, interval=Decimal(400)) == Decimal(50) + Decimal(400) * 10 / 200
