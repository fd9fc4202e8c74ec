"""Rules: a code and a function; what they find carries the code."""

from collections.abc import Iterator

import pytest

from lib.rules import Finding, RuleBook
from lib.violations import Violation

BOOK: RuleBook[[int]] = RuleBook()


@BOOK.rule("X2")
def it_is_small(number: int) -> Iterator[Finding]:
    if number > 9:
        yield "number", "Too great."


@BOOK.rule("X1")
def it_is_even_and_positive(number: int) -> Iterator[Violation]:
    if number % 2:
        yield Violation("X1", "number", "Odd.")
    if number < 0:
        yield Violation("X3", "number", "Negative.")


def test_a_book_is_read_in_the_order_of_its_codes() -> None:
    assert [(rule.code, rule.name) for rule in BOOK] == [("X1", "it is even and positive"), ("X2", "it is small")]
    assert [fault.code for fault in BOOK.faults(11)] == ["X1", "X2"]
    assert [fault.code for fault in BOOK.faults(-1)] == ["X1", "X3"]
    assert list(BOOK.faults(2)) == []


def test_a_code_is_given_once() -> None:
    with pytest.raises(AssertionError):
        BOOK.rule("X1")(it_is_small)
