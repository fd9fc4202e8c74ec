"""What a rule is: a code, and a function that points at what is wrong and says what to do.

Rules look at a `Case` and the `Assessment` of it. They return values; they neither raise nor write.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from declarations.facts import Case
from declarations.models import Item, ItemDocument
from lib.pointers import pointer_to
from tariffs.calculation import Assessment

Finding = tuple[str, str]
Judge = Callable[[Case, Assessment], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A coded rule. `judge` yields pointer and sentence of each fault."""

    code: str
    judge: Judge

    @property
    def name(self) -> str:
        """The rule in words: the function's name."""
        return self.judge.__name__.replace("_", " ")


REGISTRY: dict[str, Rule] = {}


def rule(code: str) -> Callable[[Judge], Judge]:
    """Enter a function into the registry under its code."""

    def enter(judge: Judge) -> Judge:
        assert code not in REGISTRY, f"{code} is given twice"
        REGISTRY[code] = Rule(code, judge)
        return judge

    return enter


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
