"""Tables of risk: criteria and their history, scores with their hits, what came of them, and models."""

from risk.models.criterion import About, Criterion, CriterionEvent, Lane
from risk.models.model import LARGEST_FILE, Model, ModelDrift, ModelEvent, ModelFile, ModelScore, ModelThreshold
from risk.models.score import Hit, Outcome, Score

__all__ = [
    "LARGEST_FILE",
    "About",
    "Criterion",
    "CriterionEvent",
    "Hit",
    "Lane",
    "Model",
    "ModelDrift",
    "ModelEvent",
    "ModelFile",
    "ModelScore",
    "ModelThreshold",
    "Outcome",
    "Score",
]
