"""Pointers into lists: written and read in one place."""

import pytest

from lib.pointers import as_id, field_of, part_of, place_in, pointer_to, steps_of, without_row


@pytest.mark.parametrize(
    ("pointer", "steps"),
    [
        ("net_mass", ("net_mass",)),
        ("items[2]", ("items", 2)),
        ("items[2].documents[1].reference", ("items", 2, "documents", 1, "reference")),
        ("items[0].quantities.LTR", ("items", 0, "quantities", "LTR")),
    ],
)
def test_a_pointer_is_read_as_it_was_written(pointer: str, steps: tuple[str | int, ...]) -> None:
    assert steps_of(pointer) == steps
    assert pointer_to(*steps) == pointer


@pytest.mark.parametrize(
    "text", ["", "items[", "items[x]", "items[1]x", "a b", "items[1234567890]", "items.[1]", "é[٣]"]
)
def test_a_text_that_is_no_pointer_has_no_steps(text: str) -> None:
    assert steps_of(text) == ()
    assert field_of(text) == ""


def test_what_a_pointer_names() -> None:
    assert place_in("items[2].net_mass", "items") == 2
    assert place_in("containers[2].identity", "items") is None
    assert place_in("items", "items") is None
    assert field_of("items[2].documents[1].reference") == "reference"
    assert field_of("items[2]") == ""
    assert part_of("items[2].net_mass") == "items"
    assert as_id("items[2].documents[1].reference") == "items-2-documents-1-reference"


def test_rows_behind_a_removed_one_move_up() -> None:
    pointers = ["lrn", "items[0].net_mass", "items[1].net_mass", "items[2].documents[0].code", "items[12].x"]
    assert without_row(pointers, part="items", removed=1) == {
        "lrn": "lrn",
        "items[0].net_mass": "items[0].net_mass",
        "items[2].documents[0].code": "items[1].documents[0].code",
        "items[12].x": "items[11].x",
    }
    assert without_row(["items[2].documents[3].code"], part="items[2].documents", removed=0) == {
        "items[2].documents[3].code": "items[2].documents[2].code"
    }
