"""Officers' files: cases, queries and answers, examinations and what came of them, release notes, corrections."""

from clearance.models.case import (
    OFFICER_LANES,
    Answer,
    AnswerFile,
    Case,
    Examination,
    Finding,
    Query,
    ReleaseNote,
    Target,
)
from clearance.models.correction import Correction, Outcome

__all__ = [
    "OFFICER_LANES",
    "Answer",
    "AnswerFile",
    "Case",
    "Correction",
    "Examination",
    "Finding",
    "Outcome",
    "Query",
    "ReleaseNote",
    "Target",
]
