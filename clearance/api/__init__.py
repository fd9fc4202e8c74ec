"""The machine door of clearance: declarations with the verbs that move money, corrections, audits of companies."""

from clearance.api.audits import AuditNoticeList, AuditPaper
from clearance.api.corrections import CorrectionViewSet
from clearance.api.declarations import DeclarationViewSet

__all__ = ["AuditNoticeList", "AuditPaper", "CorrectionViewSet", "DeclarationViewSet"]
