"""What speaks against a change set. Each rule has a code and returns the faults of the rows it finds wrong.

docs/tariff-changes.md lists the codes. The rules read whole tables at once, so that a set of 27,000 rows takes seconds.
"""

from lib.pointers import pointer_to
from lib.rules import Rule
from lib.violations import Violation
from tariff_changes.rules import travel
from tariff_changes.rules.judged import Case, JudgedRow
from tariff_changes.rules.lines import nomenclature
from tariff_changes.rules.overlap import t401_overlap
from tariff_changes.rules.references import references
from tariff_changes.rules.shape import (
    t405_no_rate_and_t417_kind,
    t409_season_broken,
    t410_code_too_long,
    t414_action,
    t417_quota,
)
from tariff_changes.rules.travellers import t417_allowance

__all__ = ["Case", "JudgedRow", "file_faults", "load_faults", "violations"]

_RULES: tuple[Rule[[Case]], ...] = (
    Rule("T407", travel.t407_day_has_passed),
    Rule("T408", travel.t408_empty),
    Rule("T406", travel.t406_changed_since),
    Rule("T412", travel.t412_another_set),
    Rule("T415", travel.t415_before_the_day),
    Rule("T416", travel.t416_in_force_today),
    Rule("T418", travel.t418_ends_before_it_begins),
    Rule("T419", travel.t419_twice),
    Rule("T451", travel.t451_to_decide),
    Rule("T405", t405_no_rate_and_t417_kind),
    Rule("T409", t409_season_broken),
    Rule("T410", t410_code_too_long),
    Rule("T414", t414_action),
    Rule("T417", t417_quota),
    Rule("T417", t417_allowance),
    Rule("T401", t401_overlap),
    Rule("T403", references),
    Rule("T402", nomenclature),
)


def violations(case: Case) -> list[Violation]:
    """Everything the rules find, in the order of the rules."""
    return [fault for rule in _RULES for fault in rule.faults(case)]


# A loaded country is the law of many days, past ones too, and waits for nobody: what follows from the journey and the
# day of a set does not apply to it.
_OF_A_JOURNEY = frozenset({"T406", "T407", "T408", "T412", "T415", "T416", "T451"})


def load_faults(case: Case) -> list[Violation]:
    """Everything the rules find in what a country's folder changes."""
    return [fault for rule in _RULES if rule.code not in _OF_A_JOURNEY for fault in rule.faults(case)]


# What a file can be blamed for before its rows are in a set: codes nobody knows, rows that say too little or too much.
_OF_A_FILE = tuple(rule for rule in _RULES if rule.code in {"T402", "T403", "T405", "T409", "T410", "T417"})
_CODES = frozenset({"T403", "T405", "T409", "T410", "T417"})


def file_faults(case: Case) -> list[Violation]:
    """Faults of single rows: unknown codes, a rate or season that is missing, an unknown act where one is named."""
    named = {
        pointer_to("rows", judged.place, "act") for judged in case.rows if judged.creates and judged.values.get("act")
    }
    return [
        fault
        for rule in _OF_A_FILE
        for fault in rule.faults(case)
        if fault.code in _CODES or (fault.code == "T404" and fault.pointer in named)
    ]
