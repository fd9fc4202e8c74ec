"""How much of an SMS a text takes."""

import pytest

from lib.short_messages import parts, shortened


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("a" * 69 + "ж", 1),
        ("a" * 70 + "ж", 2),
        ("ж" * 134, 2),
        ("ж" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_parts_are_counted_by_alphabet(text: str, expected: int) -> None:
    assert parts(text) == expected


def test_a_text_is_on_one_line_and_no_longer_than_it_may_be() -> None:
    assert shortened("1\N{NO-BREAK SPACE}200,50\nTJS’s") == "1 200,50 TJS's"
    long = shortened("word " * 60)
    assert len(long) <= 160
    assert long.endswith("word wo...")
