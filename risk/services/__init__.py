"""Verbs of risk: score a declaration; keep criteria, lists and seeds; replay; count hits."""

from risk.rules import Draft
from risk.services.criteria import (
    approve,
    make_criterion,
    new_version,
    propose,
    send_back,
    switch_off,
    switch_on,
)
from risk.services.draws import make_seeds
from risk.services.hits import count_hits
from risk.services.lists import ListDraft, approve_list, change_list, make_list
from risk.services.load import load_criteria
from risk.services.past import replay_declarations
from risk.services.replay import MOST as MOST_REPLAYED
from risk.services.replay import Past, ask_replay, past_traveller, run_replay, stop_replay
from risk.services.score import lane_of_traveller, record_outcome, score, score_locked

__all__ = [
    "MOST_REPLAYED",
    "Draft",
    "ListDraft",
    "Past",
    "approve",
    "approve_list",
    "ask_replay",
    "change_list",
    "count_hits",
    "lane_of_traveller",
    "load_criteria",
    "make_criterion",
    "make_list",
    "make_seeds",
    "new_version",
    "past_traveller",
    "propose",
    "record_outcome",
    "replay_declarations",
    "run_replay",
    "score",
    "score_locked",
    "send_back",
    "stop_replay",
    "switch_off",
    "switch_on",
]
