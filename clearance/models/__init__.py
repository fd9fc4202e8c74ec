"""Officers' files: cases, queries and answers, examinations and what came of them, exits, corrections."""

from clearance.models.audit import Audit, AuditStep, AuditTerm, CompanyAudit, Scope
from clearance.models.case import (
    FOR_THE_TRADER,
    OFFICER_LANES,
    Answer,
    AnswerFile,
    Case,
    Examination,
    ExitConfirmation,
    Finding,
    Query,
    Target,
    Wait,
    WaitsFor,
)
from clearance.models.correction import Correction, Outcome
from clearance.models.desk import DeskChoice, SavedView
from clearance.models.evidence import ExaminationPhoto, Presence, Sample
from clearance.models.opening import Opening
from clearance.models.staff import Absence, AllotmentSwitch, Skill
from clearance.models.trace import InstructionCheck, Reroute

__all__ = [
    "FOR_THE_TRADER",
    "OFFICER_LANES",
    "Absence",
    "AllotmentSwitch",
    "Answer",
    "AnswerFile",
    "Audit",
    "AuditStep",
    "AuditTerm",
    "Case",
    "CompanyAudit",
    "Correction",
    "DeskChoice",
    "Examination",
    "ExaminationPhoto",
    "ExitConfirmation",
    "Finding",
    "InstructionCheck",
    "Opening",
    "Outcome",
    "Presence",
    "Query",
    "Reroute",
    "Sample",
    "SavedView",
    "Scope",
    "Skill",
    "Target",
    "Wait",
    "WaitsFor",
]
