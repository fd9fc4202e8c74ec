"""Audits after release: those of the blue lane whose day has come, in several states, and the audit of a company."""

from datetime import date, datetime, timedelta

from accounts.models import Role
from clearance import services as clearance
from clearance.models import Audit, CompanyAudit, Examination, Finding
from clearance.services.audits.opening import open_due
from demo.accounts import TERMINAL, TRADERS
from demo.people import officer_with
from traders.models import Company

OPENED_AT_MOST = 50


def exist() -> bool:
    return bool(CompanyAudit.objects.exists())


def audit(*, on: date, at: datetime) -> None:
    """Open what is due; plan three, begin two, conclude one; and draw the files of a company."""
    open_due(at=at, limit=OPENED_AT_MOST)
    chief, officer = officer_with(Role.SUPERVISOR, TERMINAL), officer_with(Role.EXAMINING, TERMINAL)
    ready = list(Audit.objects.filter(office_code=TERMINAL, status=Audit.Status.OPEN).order_by("due", "pk")[:3])
    for found in ready:
        clearance.plan_audit(
            found, officer=officer, scope=["value", "documents"], due=on + timedelta(days=21),
            plan="Compare the invoice with the bank transfer and the contract.", by=chief, at=at,
        )  # fmt: skip
    for found in ready[:2]:
        examination = clearance.begin_audit(found, by=officer, at=at)
        if found is ready[0]:
            _in_order(found, examination, at=at)
        else:
            question = "Please send the bank's confirmation of the transfer to the seller."
            clearance.ask_in_audit(found, question=question, due=on + timedelta(days=7), by=officer, at=at)
    _of_company(on=on, at=at)


def _in_order(found: Audit, examination: Examination, *, at: datetime) -> None:
    by = examination.officer
    text = "Invoice, contract and transfer say the same."
    clearance.record_finding(examination, item_number=1, code=Finding.Code.CONFORM, text=text, by=by, at=at)
    clearance.finish_examination(examination, by=by, at=at)
    conclusion = "The customs value was declared as it was paid; nothing is to be assessed."
    clearance.conclude_audit(found, conclusion=conclusion, by=by, at=at)


def _of_company(*, on: date, at: datetime) -> None:
    chief, lead = officer_with(Role.SUPERVISOR, TERMINAL), officer_with(Role.DOCUMENTARY, TERMINAL)
    made = clearance.plan_company_audit(
        company=Company.objects.get(tin=TRADERS[0].tin), office_code=TERMINAL, period_from=on - timedelta(days=90),
        period_to=on - timedelta(days=1), scope=["value", "classification", "documents"], lead=lead,
        team=[officer_with(Role.EXAMINING, TERMINAL)], by_value=4, by_lot=1, due=on + timedelta(days=60),
        by=chief, at=at,
        reason="Prices per kilogram lie below those of other importers of the same goods.",
    )  # fmt: skip
    clearance.draw_files(made, by=lead, at=at)
    clearance.notify_company(
        made, text="Please have the contracts, invoices, bank transfers and stock books of the period ready.",
        visit_from=on + timedelta(days=14), visit_to=on + timedelta(days=18), by=lead, at=at,
    )  # fmt: skip
