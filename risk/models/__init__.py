"""Tables of risk: criteria, lists, replays; scores, draws, outcomes; history, values, profiles, targets; models."""

from risk.models.criterion import About, Criterion, CriterionEvent, Lane
from risk.models.draw import DrawSeed, HitCount, HitsCounted
from risk.models.history import CompanyDay, FirstUse, HistoryUpTo
from risk.models.lists import RiskList, RiskListVersion
from risk.models.model import LARGEST_FILE, Model, ModelDrift, ModelEvent, ModelFile, ModelScore, ModelThreshold
from risk.models.profile import CompanyProfile
from risk.models.replay import Replay
from risk.models.score import Hit, Outcome, Score
from risk.models.target import OfficeTarget
from risk.models.value import ValueGeneration, ValueRow

__all__ = [
    "LARGEST_FILE", "About", "CompanyDay", "CompanyProfile", "Criterion", "CriterionEvent", "DrawSeed", "FirstUse",
    "HistoryUpTo", "Hit", "HitCount", "HitsCounted", "Lane", "Model", "ModelDrift", "ModelEvent", "ModelFile",
    "ModelScore", "ModelThreshold", "OfficeTarget", "Outcome", "Replay", "RiskList", "RiskListVersion", "Score",
    "ValueGeneration", "ValueRow",
]  # fmt: skip
