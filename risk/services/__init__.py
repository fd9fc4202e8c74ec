"""Verbs of risk: score a declaration, keep its criteria, and what is known of companies, values and offices."""

from risk.rules import Draft
from risk.services.criteria import make_criterion, new_version, record_replay, switch_off, switch_on
from risk.services.history import take_in_history
from risk.services.load import load_criteria
from risk.services.profiles import ProfileDraft, agree_to_profile, ask_profile, end_profile, refuse_profile
from risk.services.replay import replay
from risk.services.score import lane_of_traveller, lanes_with, record_outcome, score, score_locked
from risk.services.targets import TargetDraft, end_target, set_target
from risk.services.values import compute_values

__all__ = [
    "Draft",
    "ProfileDraft",
    "TargetDraft",
    "agree_to_profile",
    "ask_profile",
    "compute_values",
    "end_profile",
    "end_target",
    "lane_of_traveller",
    "lanes_with",
    "load_criteria",
    "make_criterion",
    "new_version",
    "record_outcome",
    "record_replay",
    "refuse_profile",
    "replay",
    "score",
    "score_locked",
    "set_target",
    "switch_off",
    "switch_on",
    "take_in_history",
]
