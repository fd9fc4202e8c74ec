"""The two books of a declaration's rules, and how they walk through it.

Rules of the case look at what was declared and what it is compared to; rules of the assessment at what was computed.
"""

from collections.abc import Iterator

from declarations.facts import Case
from declarations.models import Item, ItemDocument
from lib.pointers import pointer_to
from lib.rules import RuleBook
from tariffs.calculation import Assessment

OF_CASE: RuleBook[[Case]] = RuleBook()
OF_ASSESSMENT: RuleBook[[Assessment]] = RuleBook()


def items(case: Case) -> Iterator[tuple[str, Item]]:
    """Each item with the pointer to it: `items[0]`."""
    for place, item in enumerate(case.content.items):
        yield pointer_to("items", place), item


def papers(case: Case) -> Iterator[tuple[str, ItemDocument]]:
    """Each document of each item with the pointer to it: `items[0].documents[1]`."""
    for place, documents in enumerate(case.content.documents):
        for number, document in enumerate(documents):
            yield pointer_to("items", place, "documents", number), document


def missing(case: Case, value: object, pointer: str) -> bool:
    """Whether nothing at all was written; of a text that could not be read D007 speaks."""
    return value in ("", None) and pointer not in case.content.declaration.held
