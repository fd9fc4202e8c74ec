"""Officers' files: cases, queries and answers, examinations and what came of them, exits, corrections."""

from clearance.models.case import (
    OFFICER_LANES,
    Answer,
    AnswerFile,
    Case,
    Examination,
    ExitConfirmation,
    Finding,
    Query,
    Target,
)
from clearance.models.correction import Correction, Outcome
from clearance.models.opening import Opening

__all__ = [
    "OFFICER_LANES",
    "Answer",
    "AnswerFile",
    "Case",
    "Correction",
    "Examination",
    "ExitConfirmation",
    "Finding",
    "Opening",
    "Outcome",
    "Query",
    "Target",
]
