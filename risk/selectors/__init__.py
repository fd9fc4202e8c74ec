"""Reads of risk: criteria in force and their history, scores, hit rates, reasons in words."""

from risk.selectors.criteria import (
    OPERATOR_WORDS,
    HitRate,
    ReasonInWords,
    conditions_in_words,
    criterion,
    history_of,
    hit_rates,
    hits_in_words,
    is_analyst,
    may_see_criteria,
    newest_versions,
    reasons_in_words,
    score_of,
    sentence,
    unscored,
    versions_in_force,
    versions_of,
)
from risk.selectors.models import opinions_of

__all__ = [
    "OPERATOR_WORDS",
    "HitRate",
    "ReasonInWords",
    "conditions_in_words",
    "criterion",
    "history_of",
    "hit_rates",
    "hits_in_words",
    "is_analyst",
    "may_see_criteria",
    "newest_versions",
    "opinions_of",
    "reasons_in_words",
    "score_of",
    "sentence",
    "unscored",
    "versions_in_force",
    "versions_of",
]
