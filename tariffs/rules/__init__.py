"""What speaks against a change set. Each rule has a code and returns the faults of the rows it finds wrong.

docs/tariff-changes.md lists the codes. The rules read whole tables at once, so that a set of 27,000 rows takes seconds.
"""

from customs_portal.lib.violations import Violation
from tariffs.rules import travel
from tariffs.rules.lines import nomenclature
from tariffs.rules.overlap import t401_overlap
from tariffs.rules.proposals import Case, Proposal
from tariffs.rules.references import references
from tariffs.rules.shape import (
    t405_no_rate_and_t417_kind,
    t409_season_broken,
    t410_code_too_long,
    t414_action,
    t417_quota,
)

__all__ = ["Case", "Proposal", "violations"]

_RULES = (
    travel.t407_day_has_passed,
    travel.t408_empty,
    travel.t406_changed_since,
    travel.t412_another_set,
    travel.t415_before_the_day,
    travel.t416_in_force_today,
    travel.t418_ends_before_it_begins,
    travel.t419_twice,
    travel.t451_to_decide,
    t405_no_rate_and_t417_kind,
    t409_season_broken,
    t410_code_too_long,
    t414_action,
    t417_quota,
    t401_overlap,
    references,
    nomenclature,
)


def violations(case: Case) -> list[Violation]:
    """Everything the rules find, in the order of the rules."""
    return [fault for rule in _RULES for fault in rule(case)]
