"""The rules a declaration must satisfy to be lodged, by section of the document. They return violations."""

from declarations.facts import Case
from declarations.rules import general, goods, papers, parties, procedures, tariff, transport, value
from declarations.rules.rule import REGISTRY, Rule
from lib.violations import Violation
from tariffs.calculation import Assessment

MOST_SHOWN = 1_000
SECTIONS = (general, parties, transport, value, procedures, goods, papers, tariff)


def violations(case: Case, assessed: Assessment) -> list[Violation]:
    """Everything that is wrong, in the order of the rules' codes; at most a thousand faults."""
    found: list[Violation] = []
    for entry in ordered():
        for pointer, sentence in entry.judge(case, assessed):
            found.append(Violation(entry.code, pointer, sentence))
            if len(found) == MOST_SHOWN:
                return found
    return found


def ordered() -> list[Rule]:
    """All rules by code."""
    return [REGISTRY[code] for code in sorted(REGISTRY)]


__all__ = ["REGISTRY", "SECTIONS", "Rule", "ordered", "violations"]
