"""Verbs of risk: score; criteria, lists, seeds, replays; companies, values, offices; models."""

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
from risk.services.draws import draw_on, draws_of, make_seeds
from risk.services.drift import evaluate, report_drift
from risk.services.history import take_in_history
from risk.services.hits import count_hits
from risk.services.lists import ListDraft, approve_list, change_list, make_list
from risk.services.load import load_criteria
from risk.services.models import activate_model, propose_model, retire_model, set_threshold
from risk.services.past import replay_declarations
from risk.services.profiles import ProfileDraft, agree_to_profile, ask_profile, end_profile, refuse_profile
from risk.services.replay import MOST as MOST_REPLAYED
from risk.services.replay import Past, ask_replay, past_traveller, run_replay, stop_replay
from risk.services.score import lane_of_traveller, record_outcome, score, score_locked
from risk.services.targets import TargetDraft, end_target, set_target
from risk.services.train import ask_training, finish_trainings, learn_from_files, learn_from_rows, run_training
from risk.services.values import compute_values

__all__ = [
    "MOST_REPLAYED",
    "Draft",
    "ListDraft",
    "Past",
    "ProfileDraft",
    "TargetDraft",
    "activate_model",
    "agree_to_profile",
    "approve",
    "approve_list",
    "ask_profile",
    "ask_replay",
    "ask_training",
    "change_list",
    "compute_values",
    "count_hits",
    "draw_on",
    "draws_of",
    "end_profile",
    "end_target",
    "evaluate",
    "finish_trainings",
    "lane_of_traveller",
    "learn_from_files",
    "learn_from_rows",
    "load_criteria",
    "make_criterion",
    "make_list",
    "make_seeds",
    "new_version",
    "past_traveller",
    "propose",
    "propose_model",
    "record_outcome",
    "refuse_profile",
    "replay_declarations",
    "report_drift",
    "retire_model",
    "run_replay",
    "run_training",
    "score",
    "score_locked",
    "send_back",
    "set_target",
    "set_threshold",
    "stop_replay",
    "switch_off",
    "switch_on",
    "take_in_history",
]
