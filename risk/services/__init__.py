"""Verbs of risk: score a declaration, keep its criteria, train and use models."""

from risk.rules import Draft
from risk.services.criteria import make_criterion, new_version, record_replay, switch_off, switch_on
from risk.services.drift import evaluate, report_drift
from risk.services.load import load_criteria
from risk.services.models import activate, propose, retire, set_threshold
from risk.services.replay import replay
from risk.services.score import lane_of_traveller, lanes_with, record_outcome, score, score_locked
from risk.services.train import ask_training, finish_trainings, learn_from_files, learn_from_rows, run_training

__all__ = [
    "Draft",
    "activate",
    "ask_training",
    "evaluate",
    "finish_trainings",
    "lane_of_traveller",
    "lanes_with",
    "learn_from_files",
    "learn_from_rows",
    "load_criteria",
    "make_criterion",
    "new_version",
    "propose",
    "record_outcome",
    "record_replay",
    "replay",
    "report_drift",
    "retire",
    "run_training",
    "score",
    "score_locked",
    "set_threshold",
    "switch_off",
    "switch_on",
]
