"""Reads of risk: criteria, lists and their history, scores, replays, hit rates, draws, reasons in words."""

from risk.selectors.criteria import (
    OPERATOR_WORDS,
    ReasonInWords,
    conditions_in_words,
    criterion,
    history_of,
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
    waiting_versions,
)
from risk.selectors.draws import check_draws, draws_of_number, may_check_draws, revealed, seeds
from risk.selectors.hits import HitRate, arm_rates, declarations_of, hit_rates, since_of
from risk.selectors.lists import list_versions, referring_to, risk_list, risk_lists
from risk.selectors.models import opinions_of
from risk.selectors.replays import last_replay, replay_by_key, replay_of, replays_of_all

__all__ = [
    "OPERATOR_WORDS",
    "HitRate",
    "ReasonInWords",
    "arm_rates",
    "check_draws",
    "conditions_in_words",
    "criterion",
    "declarations_of",
    "draws_of_number",
    "history_of",
    "hit_rates",
    "hits_in_words",
    "is_analyst",
    "last_replay",
    "list_versions",
    "may_check_draws",
    "may_see_criteria",
    "newest_versions",
    "opinions_of",
    "reasons_in_words",
    "referring_to",
    "replay_by_key",
    "replay_of",
    "replays_of_all",
    "revealed",
    "risk_list",
    "risk_lists",
    "score_of",
    "seeds",
    "sentence",
    "since_of",
    "unscored",
    "versions_in_force",
    "versions_of",
    "waiting_versions",
]
