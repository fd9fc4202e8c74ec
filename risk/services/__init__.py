"""Verbs of risk: score a declaration, and keep its criteria."""

from risk.rules import Draft
from risk.services.criteria import make_criterion, new_version, record_replay, switch_off, switch_on
from risk.services.load import load_criteria
from risk.services.replay import replay
from risk.services.score import lane_of_traveller, lanes_with, record_outcome, score, score_locked

__all__ = [
    "Draft",
    "lane_of_traveller",
    "lanes_with",
    "load_criteria",
    "make_criterion",
    "new_version",
    "record_outcome",
    "record_replay",
    "replay",
    "score",
    "score_locked",
    "switch_off",
    "switch_on",
]
