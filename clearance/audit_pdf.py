"""Notice and report of the audit of a company as PDF: what the company may know, never plan nor reasons."""

from typing import Any

from clearance.models import CompanyAudit
from clearance.selectors.audits import effects_of, parts_of, totals_of_parts
from declarations.models import IssuedPaper
from lib.languages import in_language
from lib.papers import print_pdf, qr_drawing
from tariffs.selectors import amounts_context, territory


def notice_paper(audit: CompanyAudit, issued: IssuedPaper) -> bytes:
    """The notice, in the active language: period, visit, and what is to be prepared."""
    return print_pdf("papers/audit_notice.html", _context(audit, issued))


def report_paper(audit: CompanyAudit, issued: IssuedPaper) -> bytes:
    """The report, in the active language: the files looked at, what came of each, sums, conclusion."""
    parts = parts_of(audit)
    effects = effects_of(parts)
    more = {
        "rows": [(part, effects.get(part.pk)) for part in parts],
        "totals": totals_of_parts(audit, parts, effects),
        **amounts_context(),
    }
    return print_pdf("papers/audit_report.html", _context(audit, issued) | more)


def _context(audit: CompanyAudit, issued: IssuedPaper) -> dict[str, Any]:
    return {
        "audit": audit,
        "number": issued.number,
        "issued_at": issued.issued_at,
        "territory": in_language(territory()),
        "address": issued.address,
        "qr": qr_drawing(issued.address),
    }
