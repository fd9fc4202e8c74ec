"""Tables of risk: criteria and their history, scores, hits and outcomes; history, values, profiles, targets."""

from risk.models.criterion import About, Criterion, CriterionEvent, Lane
from risk.models.history import CompanyDay, FirstUse, HistoryUpTo
from risk.models.profile import CompanyProfile
from risk.models.score import Hit, Outcome, Score
from risk.models.target import OfficeTarget
from risk.models.value import ValueGeneration, ValueRow

__all__ = [
    "About",
    "CompanyDay",
    "CompanyProfile",
    "Criterion",
    "CriterionEvent",
    "FirstUse",
    "HistoryUpTo",
    "Hit",
    "Lane",
    "OfficeTarget",
    "Outcome",
    "Score",
    "ValueGeneration",
    "ValueRow",
]
