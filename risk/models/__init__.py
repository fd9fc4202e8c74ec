"""Tables of risk: criteria and their history, scores with their hits, and what came of them."""

from risk.models.criterion import About, Criterion, CriterionEvent, Lane
from risk.models.score import Hit, Outcome, Score

__all__ = ["About", "Criterion", "CriterionEvent", "Hit", "Lane", "Outcome", "Score"]
