"""Audits in each state, reached by verbs."""

from datetime import timedelta
from typing import Any

from accounts.models import Role, User
from clearance import services
from clearance.models import Audit, AuditTerm, Case, CompanyAudit
from clearance.services.audits.opening import open_due
from tests import make
from tests.clearance import make as clearance

AT = clearance.LATER
DELAY = timedelta(days=14)
THEN = AT + DELAY
DUE = make.ON + timedelta(days=60)
REASON = "The prices of this trader fell by half since spring."
CONCLUSION = "The invoice, the contract and the bank transfer agree."


def term() -> None:
    if not AuditTerm.objects.exists():
        AuditTerm.objects.create(delay_days=14, work_days=60, valid_from=make.SINCE)


def released_blue(**changes: Any) -> Case:
    term()
    case = clearance.paid("blue", **changes)
    assert services.release_if_clear(case.declaration_id, at=AT)
    return Case.objects.select_related("declaration").get(pk=case.pk)


def opened(**changes: Any) -> Audit:
    case = released_blue(**changes)
    open_due(at=THEN, limit=10)
    return Audit.objects.get(mrn=case.mrn)


def auditor() -> User:
    return make.officer(Role.EXAMINING)


def second() -> User:
    return make.officer(Role.DOCUMENTARY)


def planned(audit: Audit | None = None, **changes: Any) -> Audit:
    given = {"officer": auditor(), "scope": ["value", "documents"], "plan": "Ask for the transfer.", "due": DUE}
    return services.plan_audit(audit or opened(), **(given | changes), by=make.supervisor(), at=THEN)


def underway(audit: Audit | None = None) -> Audit:
    made = planned(audit)
    services.begin_audit(made, by=auditor(), at=THEN)
    return Audit.objects.get(pk=made.pk)


def examined(audit: Audit, code: str = "conform") -> Audit:
    """The examination of the audit is finished with one finding."""
    examination = audit.case.examinations.get(finished_at=None)
    text = "" if code == "conform" else "The transfer is 20 % higher."
    services.record_finding(examination, item_number=1, code=code, text=text, by=auditor(), at=THEN)
    services.finish_examination(examination, by=auditor(), at=THEN)
    return audit


def of_company(**changes: Any) -> CompanyAudit:
    given: dict[str, Any] = {
        "company": make.company(), "office_code": make.OFFICE, "period_from": make.SINCE, "period_to": make.ON,
        "reason": REASON, "scope": ["value"], "lead": auditor(), "team": [second()], "by_value": 2, "by_lot": 1,
        "due": DUE,
    }  # fmt: skip
    return services.plan_company_audit(**(given | changes), by=make.supervisor(), at=THEN)
