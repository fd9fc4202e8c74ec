"""Two contents compared: items are matched by number, or by what they are where they have moved."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from declarations.selectors import changes_between, matched

TEA = {"commodity_code": "0902300009", "commercial_description": "Tea", "net_mass": "400"}
RICE = {"commodity_code": "1006309000", "commercial_description": "Rice", "net_mass": "900"}
SALT = {"commodity_code": "2501009110", "commercial_description": "Salt", "net_mass": "50"}
ITEMS = st.lists(
    st.fixed_dictionaries(
        {"commodity_code": st.sampled_from("ABC"), "net_mass": st.sampled_from("123"), "key": st.text(max_size=2)}
    ),
    max_size=6,
)


def content(*items: dict[str, Any], **header: str) -> dict[str, Any]:
    return {**header, "items": [{**item, "documents": []} for item in items]}


def said(before: dict[str, Any], after: dict[str, Any]) -> set[tuple[str, str, str, str]]:
    return {(change.box, change.where, change.before, change.after) for change in changes_between(before, after)}


def test_a_box_that_says_something_else_is_named_with_both_texts() -> None:
    changed = content({**TEA, "net_mass": "390"}, location_of_goods="North")
    assert said(content(TEA, location_of_goods="South"), changed) == {
        ("38", "1", "400", "390"),
        ("30", "", "South", "North"),
    }


def test_an_item_taken_out_does_not_change_those_behind_it() -> None:
    changes = changes_between(content(TEA, RICE, SALT), content(TEA, SALT))
    assert {(change.where, change.before, change.after) for change in changes if change.box == "32"} == {
        ("2", "2", ""),
        ("2", "3", "2"),
    }
    assert {change.moved for change in changes if change.box == "32" and change.after} == {"3"}
    assert not any(change.before == SALT["net_mass"] for change in changes), "the salt is the same"


def test_an_item_that_moved_and_changed_is_still_the_same_goods() -> None:
    changes = changes_between(content(TEA, RICE), content({**RICE, "net_mass": "800"}, TEA))
    assert ("900", "800", "2") in {(change.before, change.after, change.moved) for change in changes}


@settings(max_examples=80, deadline=None)
@given(before=ITEMS, after=ITEMS)
def test_every_row_is_matched_once_and_equal_contents_do_not_differ(before: Any, after: Any) -> None:
    pairs = matched("items", before, after)
    assert sorted(old for old, _new in pairs if old is not None) == list(range(len(before)))
    assert sorted(new for _old, new in pairs if new is not None) == list(range(len(after)))
    assert changes_between({"items": before}, {"items": before}) == []
    if changes_between({"items": before}, {"items": after}) == []:
        assert [{**row, "key": ""} for row in before] == [{**row, "key": ""} for row in after]
