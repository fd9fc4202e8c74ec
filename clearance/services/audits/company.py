"""The audit of a company over a period: planned with its seed, its files drawn, the company told, concluded, closed."""

import secrets
from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import announce
from clearance.models import Audit, Case, CompanyAudit
from clearance.sampling import CERTAIN, METHOD, VALUE, Drawn, draw
from clearance.selectors.audits import audit_in_hand, frame_of, parts_open
from clearance.services.audits.gate import (
    day_to_come,
    locked_company_audit,
    moved_on,
    note,
    supervises,
    works_in,
)
from clearance.services.audits.opening import new_audit, opened_now
from clearance.services.audits.work import checked_scope
from clearance.services.gate import needed, of_substance
from clearance.states import move_company_audit
from declarations.services import lock, next_serial
from lib.figures import plain
from lib.violations import refuse
from traders.models import Company
from traders.selectors import ties_of

Status = CompanyAudit.Status
SEED_BYTES = 16
SAMPLE_AT_MOST = 100
SERIES = "P"
WHOLE_COUNTRY = "00"


@transaction.atomic
def plan_company_audit(
    *,
    company: Company,
    office_code: str,
    period_from: date,
    period_to: date,
    reason: str,
    scope: Collection[str],
    lead: User,
    team: Collection[User] = (),
    by_value: int,
    by_lot: int,
    due: date,
    by: User,
    at: datetime,
) -> CompanyAudit:
    """Plan it. The seed of the sample is recorded now, before anybody has seen the files.

    Raises Rejected: C004, C008, C060, C101, C104, C106, C111 the period, C112 the size of the sample.
    """
    supervises(by, office_code, at=at)
    if not period_from <= period_to <= timezone.localdate(at):
        raise refuse("C111", "period_to", _("The period ends before it begins, or it has not ended yet."))
    if not 0 < by_value + by_lot <= SAMPLE_AT_MOST:
        sentence = _("Draw at least one file, and at most %(most)d by value and by lot together.")
        raise refuse("C112", "by_value", sentence % {"most": SAMPLE_AT_MOST})
    reason = of_substance(reason, pointer="reason", sentence=_("Say in a sentence why this company is audited."))
    day_to_come(due, pointer="due", at=at)
    for officer in (lead, *team):
        pointer = "lead" if officer == lead else "team"
        works_in(officer, office_code, pointer=pointer, at=at)
        _not_of(officer, company, pointer=pointer)
    made = CompanyAudit(
        company=company, office_code=office_code, period_from=period_from, period_to=period_to, reason=reason,
        scope=checked_scope(scope), lead=lead, due=due, planned_by=by, planned_at=at,
        seed=secrets.token_hex(SEED_BYTES), by_value=by_value, by_lot=by_lot, method=METHOD,
        number=_next_number(office_code, at=at),
    )  # fmt: skip
    made.save(force_insert=True)
    made.team.set(team)
    note(made, "plan", by=by, at=at, text=reason)
    return made


@transaction.atomic
def draw_files(audit: CompanyAudit, *, by: User, at: datetime) -> CompanyAudit:
    """Draw the files from the seed; each becomes an audit of its own, unless it is being audited already.

    Raises Conflict C100; Rejected C113 not in its team, C114 the company has no files in the period.
    """
    found = _of_team(audit, Status.PLANNED, by=by, at=at)
    sample = draw(frame_of(found, as_of=at), seed=found.seed, by_value=found.by_value, by_lot=found.by_lot)
    if not sample.drawn:
        raise refuse("C114", "", _("The company has no released file in this period and office. Nothing was drawn."))
    filling = {"frame_count": sample.count, "frame_value": sample.value, "frame_hash": sample.frame_hash,
               "interval": sample.interval, "drawn_at": at}  # fmt: skip
    if not move_company_audit(found, Status.DRAWN, **filling):
        raise moved_on(found.get_status_display())
    elsewhere = _make_parts(found, list(sample.drawn), at=at)
    note(found, "draw", by=by, at=at, text=", ".join(elsewhere))
    return found


def _make_parts(audit: CompanyAudit, drawn: list[Drawn], *, at: datetime) -> list[str]:
    """An audit for each drawn file. One in hand becomes a part with what it has; MRNs that another audit has."""
    mrns = [each.filed.mrn for each in drawn]
    cases = {
        case.mrn: case for case in Case.objects.filter(declaration__mrn__in=mrns).order_by("pk")
    }  # the newest wins
    elsewhere = []
    for each in sorted(drawn, key=lambda each: cases[each.filed.mrn].declaration_id):
        case = cases[each.filed.mrn]
        lock(case.declaration_id)
        why = {"company_audit": audit, "drawn_how": each.how, "drawn_why": why_drawn(each)}
        part = audit_in_hand(case.mrn)
        if part is not None and part.company_audit_id is not None:
            elsewhere.append(case.mrn)
            continue
        if part is not None:
            Audit.objects.filter(pk=part.pk).update(**why)
        else:
            made = new_audit(case, source=Audit.Source.SAMPLE, at=at)
            made.due = audit.due
            for name, value in why.items():
                setattr(made, name, value)
            part = opened_now(case, made, at=at)
        note(part, "drawn", by=None, at=at, text=audit.number)
    return elsewhere


def why_drawn(drawn: Drawn) -> str:
    """What drew the file, in figures that need no language."""
    if drawn.how in (CERTAIN, VALUE):
        return plain(drawn.unit) if drawn.unit is not None else ""
    return f"{drawn.place}"


@transaction.atomic
def notify_company(
    audit: CompanyAudit, *, text: str, visit_from: date, visit_to: date, by: User, at: datetime
) -> CompanyAudit:
    """Tell the company of the audit and of the visit, by message and by a paper; the lead does it.

    Raises Conflict C100; Rejected C005, C104, C115 the visit ends before it begins, C113.
    """
    found = _of_team(audit, Status.DRAWN, by=by, at=at)
    text = needed(text, pointer="text", sentence=_("Write what the company is to prepare: it reads this."))
    day_to_come(visit_from, pointer="visit_from", at=at)
    if visit_to < visit_from:
        raise refuse("C115", "visit_to", _("The visit ends before it begins."))
    day_to_come(visit_to, pointer="visit_to", at=at)
    filling = {"notice": text, "visit_from": visit_from, "visit_to": visit_to, "notified_at": at}
    if not move_company_audit(found, Status.NOTIFIED, **filling):
        raise moved_on(found.get_status_display())
    note(found, "notify", by=by, at=at)
    announce("company_audit.notified", found.pk)
    return found


@transaction.atomic
def conclude_company_audit(audit: CompanyAudit, *, conclusion: str, by: User, at: datetime) -> CompanyAudit:
    """The lead concludes when every drawn file is done; another officer closes it.

    Raises Conflict C100; Rejected C060, C113, C116 files that are not done.
    """
    found = _of_team(audit, Status.NOTIFIED, by=by, at=at)
    text = of_substance(conclusion, pointer="conclusion", sentence=_("Write the conclusion: the company reads it."))
    if left := parts_open(found):
        raise refuse("C116", "", _("Files of the sample are not done yet: %(number)d.") % {"number": left})
    if not move_company_audit(found, Status.CONCLUDED, conclusion=text, concluded_by=by, concluded_at=at):
        raise moved_on(found.get_status_display())
    note(found, "conclude", by=by, at=at, text=text)
    return found


@transaction.atomic
def confirm_company_audit(audit: CompanyAudit, *, by: User, at: datetime) -> CompanyAudit:
    """A second officer closes it: the report is issued. Raises Conflict C100; Rejected C008, C101, C109."""
    found = _second(audit, by=by, at=at)
    if not move_company_audit(found, Status.CLOSED, ended_by=by, ended_at=at):
        raise moved_on(found.get_status_display())
    note(found, "confirm", by=by, at=at)
    announce("company_audit.closed", found.pk)
    return found


@transaction.atomic
def send_company_audit_back(audit: CompanyAudit, *, reason: str, by: User, at: datetime) -> CompanyAudit:
    """A second officer does not agree: it goes on. Raises as `confirm_company_audit`, and C005."""
    found = _second(audit, by=by, at=at)
    reason = needed(reason, pointer="reason", sentence=_("Say why you do not agree."))
    if not move_company_audit(found, Status.NOTIFIED, concluded_by=None, concluded_at=None):
        raise moved_on(found.get_status_display())
    note(found, "send_back", by=by, at=at, text=reason)
    return found


@transaction.atomic
def drop_company_audit(audit: CompanyAudit, *, reason: str, by: User, at: datetime) -> CompanyAudit:
    """A supervisor gives it up before the company was told. It stays visible with its seed; its files are audited on.

    Raises Conflict C100; Rejected C004, C060.
    """
    found = locked_company_audit(audit, Status.PLANNED, Status.DRAWN)
    supervises(by, found.office_code, at=at)
    reason = of_substance(reason, pointer="reason", sentence=_("Say in a sentence why the audit is given up."))
    if not move_company_audit(found, Status.DROPPED, ended_by=by, ended_at=at):
        raise moved_on(found.get_status_display())
    note(found, "drop", by=by, at=at, text=reason)
    return found


@transaction.atomic
def give_company_audit(audit: CompanyAudit, *, lead: User, due: date, by: User, at: datetime) -> CompanyAudit:
    """A supervisor gives it to another lead, or more time. Raises Conflict C100; Rejected C004, C008, C101, C104."""
    found = locked_company_audit(audit, Status.PLANNED, Status.DRAWN, Status.NOTIFIED)
    supervises(by, found.office_code, at=at)
    works_in(lead, found.office_code, pointer="lead", at=at)
    _not_of(lead, found.company, pointer="lead")
    day_to_come(due, pointer="due", at=at)
    found.lead, found.due = lead, due
    found.save(update_fields=["lead", "due"])
    note(found, "give", by=by, at=at, text=str(lead))
    return found


def _of_team(audit: CompanyAudit, *wanted: CompanyAudit.Status, by: User, at: datetime) -> CompanyAudit:
    found = locked_company_audit(audit, *wanted)
    if by.pk != found.lead_id:
        raise refuse("C113", "", _("%(officer)s leads this audit.") % {"officer": found.lead})
    works_in(by, found.office_code, pointer="", at=at)
    _not_of(by, found.company, pointer="")
    return found


def _second(audit: CompanyAudit, *, by: User, at: datetime) -> CompanyAudit:
    found = locked_company_audit(audit, Status.CONCLUDED)
    works_in(by, found.office_code, pointer="", at=at)
    _not_of(by, found.company, pointer="")
    if by.pk in (found.concluded_by_id, found.lead_id):
        raise refuse("C109", "", _("You concluded this audit. Another officer closes it."))
    return found


def _not_of(officer: User, company: Company, *, pointer: str) -> None:
    """Raise Rejected C008 if the officer works or ever worked for the company."""
    if any(tie.company.tin == company.tin for tie in ties_of(officer)):
        sentence = _("%(officer)s is bound to this company. Another officer audits it.")
        raise refuse("C008", pointer, sentence % {"officer": officer})


def _next_number(office_code: str, *, at: datetime) -> str:
    """PCA-office-year-running."""
    year = timezone.localdate(at).year
    serial = next_serial(office_code=office_code, year=year, series=SERIES)
    return f"PCA-{office_code or WHOLE_COUNTRY}-{year}-{serial:04d}"
