"""The papers of the audit of a company: its notice and its report, numbered, signed and kept. Made by the worker."""

from datetime import datetime

from clearance.audit_pdf import notice_paper, report_paper
from clearance.models import CompanyAudit
from declarations.models import IssuedPaper
from declarations.services import issue_of_books


def issue_audit_notice(audit_pk: int, *, at: datetime) -> IssuedPaper | None:
    """The notice, made once; None while the company was not told."""
    audit = _audit(audit_pk)
    if audit.notified_at is None:
        return None
    kind = IssuedPaper.Kind.AUDIT_NOTICE
    return issue_of_books(kind=kind, number=audit.number, render=lambda paper: notice_paper(audit, paper), at=at)


def issue_audit_report(audit_pk: int, *, at: datetime) -> IssuedPaper | None:
    """The report, made once; None while the audit is not closed."""
    audit = _audit(audit_pk)
    if audit.status != CompanyAudit.Status.CLOSED:
        return None
    kind = IssuedPaper.Kind.AUDIT_REPORT
    return issue_of_books(kind=kind, number=audit.number, render=lambda paper: report_paper(audit, paper), at=at)


def _audit(pk: int) -> CompanyAudit:
    found: CompanyAudit = CompanyAudit.objects.select_related("company", "lead", "ended_by").get(pk=pk)
    return found
