"""What a rule is: a code, and a function that points at what is wrong and says what to do.

Rules are given what they judge and nothing else. They return values; they neither raise nor write.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, ParamSpec, TypeVar

from lib.violations import Violation

Finding = tuple[str, str]
Given = ParamSpec("Given")
Judge = TypeVar("Judge", bound=Callable[..., Iterable[Finding | Violation]])


@dataclass(frozen=True, slots=True)
class Rule(Generic[Given]):
    """A coded rule. `judge` yields pointer and sentence of each fault.

    A judge that reads whole tables once for several kindred codes yields violations, which carry their own.
    """

    code: str
    judge: Callable[Given, Iterable[Finding | Violation]]

    @property
    def name(self) -> str:
        """The rule in words: the function's name."""
        return self.judge.__name__.replace("_", " ")

    def faults(self, *given: Given.args, **named: Given.kwargs) -> Iterator[Violation]:
        """What the rule finds wrong, under its code."""
        for found in self.judge(*given, **named):
            yield found if isinstance(found, Violation) else Violation(self.code, *found)


class RuleBook(Generic[Given]):
    """Rules that are given the same things, by code."""

    def __init__(self) -> None:
        self._rules: dict[str, Rule[Given]] = {}

    def rule(self, code: str) -> Callable[[Judge], Judge]:
        """Enter a function under its code."""

        def enter(judge: Judge) -> Judge:
            assert code not in self._rules, f"{code} is given twice"
            self._rules[code] = Rule(code, judge)
            return judge

        return enter

    def __iter__(self) -> Iterator[Rule[Given]]:
        return iter(sorted(self._rules.values(), key=lambda rule: rule.code))

    def faults(self, *given: Given.args, **named: Given.kwargs) -> Iterator[Violation]:
        """What the rules find wrong, in the order of their codes."""
        for rule in self:
            yield from rule.faults(*given, **named)
