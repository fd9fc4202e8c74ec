"""Scoring: the order of lanes, each comparison, the random share."""

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from risk.scoring import (
    Compiled,
    Condition,
    CriterionFact,
    Facts,
    ItemFacts,
    alternatives_of,
    holds,
    is_drawn,
    is_of_item,
    score,
)


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


CODES, LANDS = ("0902300009", "0902100000", "2203000100", "8517130000"), ("CN", "TR", "DE", None)


def some_conditions(luck: Random) -> tuple[Condition, ...]:
    made = [
        Condition("item.commodity_code", "starts_with", (luck.choice(CODES)[: luck.choice((2, 4, 10))],)),
        Condition("item.commodity_code", "in_list", entries=frozenset({luck.choice(CODES)[:4]}), begins=True),
        Condition("item.commodity_code", "between", ("0901", luck.choice(("0902", "22")))),
        Condition("item.origin_country", luck.choice(("in", "not_in", "=")), (luck.choice(LANDS[:3]) or "", "UZ")),
        Condition("item.unit_value", "between", number=Decimal(luck.randint(0, 5)), upto=Decimal(6)),
        Condition("header.export_country", luck.choice(("=", "!=")), (luck.choice(LANDS[:3]) or "",)),
        Condition("item.origin_country", "empty"),
    ]
    return tuple(replace(each, group=luck.choice("AB ").strip()) for each in luck.sample(made, luck.randint(0, 4)))


def met_plainly(facts: Facts, conditions: tuple[Condition, ...]) -> set[int] | None:
    """What the words say: of one alternative everything holds, on the header and on one item together."""
    found: set[int] = set()
    is_met = False
    for together in alternatives_of(conditions):
        of_item = [each for each in together if is_of_item(each.field)]
        header = all(holds(each, facts.header.get(each.field)) for each in together if each not in of_item)
        items = {
            item.number for item in facts.items if all(holds(each, item.values.get(each.field)) for each in of_item)
        }
        if header and (items or not of_item):
            is_met, found = True, found | (items if of_item else set())
    return found if is_met else None


def test_criteria_that_were_made_ready_meet_what_the_words_say() -> None:
    luck = Random(7)
    criteria = [criterion(f"C{n}", "red", *some_conditions(luck), pk=n) for n in range(150)]
    ready = Compiled(criteria)
    for _each in range(60):
        items = tuple(
            ItemFacts(n, {name: value for name, value in {
                "item.commodity_code": luck.choice(CODES), "item.origin_country": luck.choice(LANDS),
                "item.unit_value": Decimal(luck.randint(0, 9)),
            }.items() if value is not None})
            for n in range(1, luck.randint(2, 5))
        )  # fmt: skip
        facts = Facts("TJ01", {"header.export_country": luck.choice(LANDS[:3]) or ""}, items)
        expected = {each.code: met for each in criteria if (met := met_plainly(facts, each.conditions)) is not None}
        assert {hit.code: set(hit.items) for hit in score(facts, ready, "x").hits} == expected
