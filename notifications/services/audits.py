"""News of audits: for the officer who is given one, for those who let one become overdue, and for the trader an end, a
notice and a report. May run twice.
"""

from datetime import date, datetime, time

from django.utils import timezone

from clearance.models import Audit, CompanyAudit
from clearance.services.audits.gate import newest_case
from notifications import selectors
from notifications.kinds import Kind
from notifications.services.declarations import parties
from notifications.services.tell import News, People, tell

LATE_AT_ONCE = 200


def audit_planned(pk: int, *, now: datetime) -> int:
    """To the officer, while it is that officer's to work on."""
    audit = Audit.objects.get(pk=pk)
    if audit.officer_id is None or audit.status not in (Audit.Status.PLANNED, Audit.Status.UNDERWAY):
        return 0
    step = audit.steps.order_by("-pk").values_list("pk", flat=True).first()
    params = {"mrn": audit.mrn, "due": audit.due.isoformat()}
    declaration = newest_case(audit.mrn).declaration_id
    news = News(Kind.AUDIT_PLANNED, f"audit:{pk}:{step}", now, params, declaration=declaration)
    return tell(news, People(users=[audit.officer_id]), now=now)


def audit_closed(pk: int, *, now: datetime) -> int:
    """To the parties of the declaration: they read the conclusion."""
    audit = Audit.objects.get(pk=pk)
    if audit.status != Audit.Status.CLOSED:
        return 0
    declaration = newest_case(audit.mrn).declaration
    news = News(Kind.AUDIT, f"audit:{pk}", audit.ended_at or now, {"mrn": audit.mrn}, declaration=declaration.pk)
    return tell(news, parties(declaration), now=now)


def company_audit_notified(pk: int, *, now: datetime) -> int:
    """To everybody of the company."""
    return _tell_company(pk, "notice", now=now)


def company_audit_closed(pk: int, *, now: datetime) -> int:
    """To everybody of the company."""
    return _tell_company(pk, "report", now=now)


def tell_of_late_audits(*, now: datetime) -> int:
    """An audit that has become overdue, once to whoever works on it and to the supervisors of its office."""
    on, told = timezone.localdate(now), 0
    for audit in selectors.late_audits(on=on, limit=LATE_AT_ONCE):
        params = {"mrn": audit.mrn, "due": audit.due.isoformat(), "key": str(audit.public_id)}
        news = News(
            Kind.LATE, f"audit:{audit.pk}:{audit.due}", _end_of(audit.due), params, "audit",
            declaration=newest_case(audit.mrn).declaration_id,
        )  # fmt: skip
        told += tell(news, _watching(audit.officer_id, audit.office_code, on=on), now=now)
    for of_company in selectors.late_company_audits(on=on):
        params = {
            "company": str(of_company.company), "due": of_company.due.isoformat(), "key": str(of_company.public_id),
        }  # fmt: skip
        occurrence = f"company_audit:{of_company.pk}:{of_company.due}"
        news = News(Kind.LATE, occurrence, _end_of(of_company.due), params, "company", company=of_company.company_id)
        told += tell(news, _watching(of_company.lead_id, of_company.office_code, on=on), now=now)
    return told


def _tell_company(pk: int, variant: str, *, now: datetime) -> int:
    audit = CompanyAudit.objects.select_related("company").get(pk=pk)
    if audit.notified_at is None or audit.visit_from is None:
        return 0
    params = {
        "company": str(audit.company),
        "first": audit.period_from.isoformat(),
        "last": audit.period_to.isoformat(),
        "visit": audit.visit_from.isoformat(),
    }
    news = News(Kind.AUDIT, f"company_audit:{pk}:{variant}", now, params, variant, company=audit.company_id)
    return tell(news, People(companies=[audit.company_id]), now=now)


def _watching(worker: int | None, office_code: str, *, on: date) -> People:
    """Whoever works on an audit, if anybody does, and the supervisors of its office."""
    return People(users={*selectors.supervisors_of(office_code, on=on), *filter(None, [worker])})


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max))
