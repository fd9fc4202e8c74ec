"""Scoring: the order of lanes, each comparison, the random share."""

from decimal import Decimal

import pytest

from risk.scoring import Condition, CriterionFact, Facts, ItemFacts, holds, is_drawn, score


def item(number: int, code: str, origin: str, unit_value: str) -> ItemFacts:
    return ItemFacts(
        number,
        {"item.commodity_code": code, "item.origin_country": origin, "item.unit_value": Decimal(unit_value)},
    )


TEA, BEER = item(1, "0902300000", "CN", "3.5"), item(2, "2203000100", "DE", "9")
FACTS = Facts(office="TJ01", header={"header.export_country": "CN"}, items=(TEA, BEER))


def criterion(code: str, lane: str, *conditions: Condition, pk: int = 1, **more: object) -> CriterionFact:
    return CriterionFact(pk=pk, code=code, lane=lane, conditions=conditions, **more)  # type: ignore[arg-type]


CHINA = Condition("header.export_country", "=", ("CN",))


def test_the_highest_lane_wins_red_before_yellow_before_blue_before_green() -> None:
    lanes = ["green", "blue", "yellow", "red"]
    for count in range(1, 5):
        criteria = [criterion(lane, lane, CHINA) for lane in lanes[:count]]
        assert score(FACTS, criteria, "x").lane == lanes[count - 1]
        assert score(FACTS, criteria[::-1], "x").lane == lanes[count - 1]


def test_without_a_hit_the_lane_is_green() -> None:
    missed = criterion("A", "red", Condition("header.export_country", "=", ("TR",)))
    assert score(FACTS, [missed], "x") == score(FACTS, [], "x")
    assert score(FACTS, [missed], "x").lane == "green"


def test_conditions_on_an_item_must_hold_on_the_same_item() -> None:
    of_china = Condition("item.origin_country", "=", ("CN",))
    beer_of_china = [Condition("item.commodity_code", "starts_with", ("2203",)), of_china]
    tea_of_china = [Condition("item.commodity_code", "starts_with", ("0902",)), of_china]
    assert score(FACTS, [criterion("A", "red", *beer_of_china)], "x").hits == ()
    assert score(FACTS, [criterion("A", "red", *tea_of_china)], "x").hits[0].items == (1,)


def test_a_criterion_of_another_office_does_not_look() -> None:
    here = criterion("A", "red", CHINA, offices=frozenset({"TJ01"}))
    there = criterion("B", "red", CHINA, offices=frozenset({"TJ02"}))
    assert [hit.code for hit in score(FACTS, [here, there], "x").hits] == ["A"]


@pytest.mark.parametrize(
    ("op", "values", "declared", "expected"),
    [
        ("=", ("CN",), "CN", True),
        ("=", ("CN",), "TR", False),
        ("!=", ("CN",), "TR", True),
        ("!=", ("CN",), "CN", False),
        ("!=", ("CN",), None, True),
        ("in", ("CN", "TR"), "TR", True),
        ("in", ("CN", "TR"), "UZ", False),
        ("in", ("CN", "TR"), None, False),
        ("not_in", ("CN", "TR"), "UZ", True),
        ("not_in", ("CN", "TR"), "TR", False),
        ("not_in", ("ST1",), frozenset({"380", "ST1"}), False),
        ("not_in", ("ST1",), frozenset({"380"}), True),
        ("starts_with", ("2203", "2204"), "2204100000", True),
        ("starts_with", ("2203", "2204"), "2208100000", False),
        ("contains", ("TEA",), "BLACK TEA", True),
        ("contains", ("TEA",), "COFFEE", False),
        ("empty", (), None, True),
        ("empty", (), "X", False),
        ("filled", (), "X", True),
        ("filled", (), None, False),
        ("=", ("YES",), True, True),
        ("=", ("YES",), False, False),
    ],
)
def test_comparisons_of_texts(op: str, values: tuple[str, ...], declared: object, expected: bool) -> None:
    assert holds(Condition("f", op, values), declared) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("op", "declared", "expected"),
    [
        ("<", "1.99", True), ("<", "2", False), ("<=", "2", True), ("<=", "2.01", False),
        (">", "2.01", True), (">", "2", False), (">=", "2", True), (">=", "1.99", False),
        ("=", "2.00", True), ("=", "3", False), ("!=", "3", True), ("!=", "2.0", False),
    ],
)  # fmt: skip
def test_comparisons_of_numbers(op: str, declared: str, expected: bool) -> None:
    assert holds(Condition("f", op, number=Decimal(2)), Decimal(declared)) is expected


def test_what_is_not_declared_is_not_small() -> None:
    assert not holds(Condition("f", "<", number=Decimal(2)), None)


def test_a_unit_value_below_a_floor_is_found_on_its_item_with_the_figure() -> None:
    low = criterion("LOW", "red", Condition("item.unit_value", "<", number=Decimal(5)))
    (hit,) = score(FACTS, [low], "x").hits
    assert hit.items == (1,)
    assert hit.reasons[0].found == "3.5"


def test_the_same_draw_always_gives_the_same_lane() -> None:
    half = criterion("HALF", "red", CHINA, share=Decimal(50))
    for draw in ("a", "b", "c"):
        assert len({score(FACTS, [half], draw).lane for _ in range(5)}) == 1
    assert len({score(FACTS, [half], str(number)).lane for number in range(50)}) == 2


def test_a_hit_that_is_not_drawn_is_kept_and_leaves_the_lane() -> None:
    never = criterion("NEVER", "red", CHINA, share=Decimal(0))
    result = score(FACTS, [never], "x")
    assert (result.lane, result.hits[0].selected) == ("green", False)
    assert score(FACTS, [criterion("EVER", "red", CHINA)], "x").hits[0].selected


@pytest.mark.parametrize("share", ["2", "25", "100"])
def test_the_share_drawn_is_the_share_asked_for(share: str) -> None:
    drawn = sum(is_drawn(f"MRN{number}", "RANDOM", Decimal(share)) for number in range(10_000))
    assert abs(drawn - int(share) * 100) <= 150


def test_two_criteria_draw_apart() -> None:
    first = {number for number in range(2000) if is_drawn(str(number), "A", Decimal(20))}
    second = {number for number in range(2000) if is_drawn(str(number), "B", Decimal(20))}
    assert first != second
