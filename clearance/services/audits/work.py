"""The work on the audit of a file: plan, begin, ask, conclude, and the second officer where something was assessed.

What is found is recorded by the verbs of examinations, and what comes of it by those for corrections and fines.
"""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import announce
from clearance.models import Answer, Audit, Case, Examination, Query, Scope
from clearance.selectors import open_correction, unsettled
from clearance.selectors.audits import assessed_in, looked_at, open_question, was_found
from clearance.services.audits.gate import (
    audit_to_work_on,
    day_to_come,
    is_free_of,
    locked_audit,
    moved_on,
    note,
    still,
    supervises,
    works_in,
)
from clearance.services.examine import begin_audit_examination
from clearance.services.gate import needed, of_substance
from clearance.services.question import LONGEST_WAIT
from clearance.states import move_audit
from declarations.services import record
from lib.violations import refuse

Status = Audit.Status
_TO_PLAN = (Status.OPEN, Status.PLANNED, Status.UNDERWAY)


@transaction.atomic
def plan_audit(
    audit: Audit, *, officer: User, scope: Collection[str], plan: str = "", due: date, by: User, at: datetime
) -> Audit:
    """A supervisor, or the lead of the company's audit, says who audits what until when; also again, to another.

    Raises Conflict C100; Rejected C004, C008, C101, C102, C104, C106 no scope.
    """
    found, case = locked_audit(audit)
    _may_plan(found, by=by, at=at)
    still(found, *_TO_PLAN)
    chosen = checked_scope(scope)
    day_to_come(due, pointer="due", at=at)
    works_in(officer, found.office_code, pointer="officer", at=at)
    is_free_of(officer, case, pointer="officer")
    new = Status.UNDERWAY if found.status == Status.UNDERWAY else Status.PLANNED
    filling = {"officer": officer, "planned_by": by, "scope": chosen, "plan": plan.strip(), "due": due}
    is_another = found.officer_id != officer.pk
    if not move_audit(found, new, **filling):
        raise moved_on(found.get_status_display())
    note(found, "plan", by=by, at=at, text=str(officer))
    if is_another:
        announce("audit.planned", found.pk)
    return found


def _may_plan(audit: Audit, *, by: User, at: datetime) -> None:
    """Raise Rejected C004 unless `by` supervises the office or leads the audit of which this is a part."""
    company_audit = audit.company_audit
    if company_audit is not None and company_audit.lead_id == by.pk:
        works_in(by, audit.office_code, pointer="", at=at)
    else:
        supervises(by, audit.office_code, at=at)


def checked_scope(scope: Collection[str]) -> list[str]:
    """The scope in the order of the table. Raises Rejected C106 for none or an unknown one."""
    if not scope or not set(scope) <= set(Scope.values):
        raise refuse("C106", "scope", _("Choose what the audit looks at."))
    return [each for each in Scope.values if each in scope]


@transaction.atomic
def leave_audit(audit: Audit, *, reason: str, by: User, at: datetime) -> Audit:
    """A supervisor leaves a file without an audit. Raises Conflict C100; Rejected C004, C060, C107 of a sample."""
    found, _case = locked_audit(audit)
    supervises(by, found.office_code, at=at)
    still(found, Status.OPEN, Status.PLANNED)
    if found.company_audit_id is not None:
        raise refuse("C107", "", _("A file of a sample is audited: leaving it out would spoil the sample."))
    reason = of_substance(reason, pointer="reason", sentence=_("Say in a sentence why this file is not audited."))
    if not move_audit(found, Status.LEFT, ended_by=by, ended_at=at, reason=reason):
        raise moved_on(found.get_status_display())
    note(found, "leave", by=by, at=at, text=reason)
    return found


@transaction.atomic
def begin_audit(audit: Audit, *, by: User, at: datetime) -> Examination:
    """The officer begins, or goes on with what a colleague has begun, on the version that counts now.

    Raises Conflict C100; Rejected C008, C021 begun already, C101 to C103.
    """
    found, case = audit_to_work_on(audit, Status.PLANNED, Status.UNDERWAY, by=by, at=at)
    made = begin_audit_examination(case, by=by, at=at)
    if not move_audit(found, Status.UNDERWAY):
        raise moved_on(found.get_status_display())
    note(found, "begin", by=by, at=at)
    return made


@transaction.atomic
def ask_in_audit(audit: Audit, *, question: str, due: date, by: User, at: datetime) -> Query:
    """Ask the declarant; the answer comes where all answers come. One question is open at a time.

    Raises Conflict C100; Rejected C005, C008, C010, C011, C101 to C103.
    """
    found, case = audit_to_work_on(audit, Status.UNDERWAY, by=by, at=at)
    question = needed(question, pointer="question", sentence=_("Write the question."))
    if open_question(found) is not None:
        raise refuse("C010", "question", _("A question is open already. Wait for its answer or withdraw it."))
    today = timezone.localdate(at)
    if due < today:
        raise refuse("C011", "due", _("The day for the answer is past."))
    if due > today + LONGEST_WAIT:
        raise refuse("C011", "due", _("The day for the answer is more than a year away."))
    made = Query.objects.create(case=case, audit=found, question=question, asked_by=by, asked_at=at, due=due)
    record(case.declaration, verb="query", by=by, at=at, data={"query": made.pk})
    note(found, "ask", by=by, at=at)
    announce("query.asked", made.pk)
    return made


@transaction.atomic
def withdraw_in_audit(audit: Audit, *, reason: str, by: User, at: datetime) -> Answer:
    """The officer takes the open question back. Raises also C005, C012 none is open."""
    found, case = audit_to_work_on(audit, Status.UNDERWAY, by=by, at=at)
    query = open_question(found)
    if query is None:
        raise refuse("C012", "", _("This question was answered already."))
    reason = needed(reason, pointer="reason", sentence=_("Say why the question is withdrawn."))
    made = Answer.objects.create(query=query, text=reason, is_withdrawal=True, by=by, at=at)
    record(case.declaration, verb="withdraw_query", by=by, at=at, note=reason, data={"query": query.pk})
    return made


@transaction.atomic
def conclude_audit(audit: Audit, *, conclusion: str, by: User, at: datetime) -> Audit:
    """The officer concludes. Where something was assessed a second officer closes it, else it is closed by this.

    Raises Conflict C100; Rejected C008, C060 no conclusion of substance, C101 to C103, C108 what is still open.
    """
    found, case = audit_to_work_on(audit, Status.UNDERWAY, by=by, at=at)
    text = of_substance(conclusion, pointer="conclusion", sentence=_("Write the conclusion: the trader reads it."))
    _nothing_open(found, case)
    assessed = assessed_in(found)
    filling = {"conclusion": text, "concluded_by": by, "concluded_at": at, "found": was_found(found),
               "has_assessment": assessed}  # fmt: skip
    ending = {} if assessed else {"ended_by": by, "ended_at": at}
    if not move_audit(found, Status.CONCLUDED if assessed else Status.CLOSED, **filling, **ending):
        raise moved_on(found.get_status_display())
    note(found, "conclude", by=by, at=at, text=text)
    if not assessed:
        _told(found, case, by=by, at=at)
    return found


@transaction.atomic
def confirm_audit(audit: Audit, *, by: User, at: datetime) -> Audit:
    """A second officer closes an audit that has led to an assessment.

    Raises Conflict C100; Rejected C008, C101, C102, C108 what was opened meanwhile, C109 it is the first officer.
    """
    found, case = _second(audit, by=by, at=at)
    _nothing_open(found, case)
    if not move_audit(found, Status.CLOSED, ended_by=by, ended_at=at):
        raise moved_on(found.get_status_display())
    note(found, "confirm", by=by, at=at)
    _told(found, case, by=by, at=at)
    return found


@transaction.atomic
def send_audit_back(audit: Audit, *, reason: str, by: User, at: datetime) -> Audit:
    """A second officer does not agree: the audit goes on, with the reason in its history. Raises as `confirm_audit`."""
    found, _case = _second(audit, by=by, at=at)
    reason = needed(reason, pointer="reason", sentence=_("Say why you do not agree."))
    nothing = {"concluded_by": None, "concluded_at": None, "found": None}
    if not move_audit(found, Status.UNDERWAY, **nothing):
        raise moved_on(found.get_status_display())
    note(found, "send_back", by=by, at=at, text=reason)
    announce("audit.planned", found.pk)
    return found


def _second(audit: Audit, *, by: User, at: datetime) -> tuple[Audit, Case]:
    found, case = locked_audit(audit)
    still(found, Status.CONCLUDED)
    works_in(by, found.office_code, pointer="", at=at)
    is_free_of(by, case, pointer="")
    if by.pk in (found.concluded_by_id, found.officer_id):
        raise refuse("C109", "", _("You concluded this audit. Another officer closes it."))
    return found, case


def _nothing_open(audit: Audit, case: Case) -> None:
    looked = looked_at(audit)
    if not looked.exclude(finished_at=None).exists():
        raise refuse("C108", "", _("Record what was looked at and finish the examination first."))
    if looked.filter(finished_at=None).exists():
        raise refuse("C108", "", _("An examination is open. Finish it first."))
    if open_question(audit) is not None:
        raise refuse("C108", "", _("A question is open. Wait for its answer or withdraw it."))
    if unsettled(case.mrn).exists():
        sentence = _("A discrepancy was found. Propose a correction, decide a fine, or close it with a reason first.")
        raise refuse("C108", "", sentence)
    if open_correction(case.mrn) is not None:
        raise refuse("C108", "", _("A correction is open. It has to end first."))


def _told(audit: Audit, case: Case, *, by: User, at: datetime) -> None:
    record(case.declaration, verb="audited", by=by, at=at, note=audit.conclusion)
    announce("audit.closed", audit.pk)
