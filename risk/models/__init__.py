"""Tables of risk: criteria, their lists, replays and history, scores with their hits, draws, what came of them."""

from risk.models.criterion import About, Criterion, CriterionEvent, Lane
from risk.models.draw import DrawSeed, HitCount, HitsCounted
from risk.models.lists import RiskList, RiskListVersion
from risk.models.replay import Replay
from risk.models.score import Hit, Outcome, Score

__all__ = [
    "About",
    "Criterion",
    "CriterionEvent",
    "DrawSeed",
    "Hit",
    "HitCount",
    "HitsCounted",
    "Lane",
    "Outcome",
    "Replay",
    "RiskList",
    "RiskListVersion",
    "Score",
]
