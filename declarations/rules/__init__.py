"""The rules a declaration must satisfy to be lodged, by section of the document. They return violations."""

from heapq import merge
from itertools import islice

from declarations.facts import Case
from declarations.rules import general, goods, papers, parties, procedures, scans, stock, tariff, transport, value
from declarations.rules.rule import OF_ASSESSMENT, OF_CASE
from lib.violations import Violation
from tariffs.calculation import Assessment

MOST_SHOWN = 1_000
SECTIONS = (general, parties, transport, value, procedures, stock, goods, papers, scans, tariff)


def violations(case: Case, assessed: Assessment) -> list[Violation]:
    """Everything that is wrong, in the order of the rules' codes; at most a thousand faults."""
    found = merge(OF_CASE.faults(case), OF_ASSESSMENT.faults(assessed), key=lambda fault: fault.code)
    return list(islice(found, MOST_SHOWN))


__all__ = ["OF_ASSESSMENT", "OF_CASE", "SECTIONS", "violations"]
