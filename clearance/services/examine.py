"""Examinations of documents and goods, with a finding for each item looked at."""

import uuid
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clearance.models import Case, Examination, Finding
from clearance.selectors import acts_in_office, newest_of
from clearance.selectors.audits import audit_in_hand
from clearance.services.gate import all_checked, case_to_audit, case_to_work_on
from clearance.states import finish
from declarations.models import Declaration
from declarations.services import record
from lib.violations import refuse
from risk.services import record_outcome


@transaction.atomic
def start_examination(case: Case, *, kind: str, by: User, at: datetime) -> Examination:
    """Begin to examine the documents or the goods. Raises Rejected: C001 to C003, C020, C021 begun already."""
    found = case_to_work_on(case, by=by, at=at)
    if kind not in (Examination.Kind.DOCUMENTS, Examination.Kind.GOODS):
        raise refuse("C020", "kind", _("Choose documents or goods."))
    if Examination.objects.filter(case=found, kind=kind, finished_at=None).exists():
        raise refuse("C021", "kind", _("This examination has already started. Finish it first."))
    made = Examination.objects.create(case=found, kind=kind, officer=by, started_at=at)
    record(found.declaration, verb="examine", by=by, at=at, data={"examination": made.pk, "kind": kind})
    return made


@transaction.atomic
def start_audit(case: Case, *, by: User, at: datetime) -> Examination:
    """Look into a released file outside an audit. Raises Rejected: C001, C002, C008, C021, C110 an audit is open."""
    found = case_to_audit(case, by=by, at=at)
    if audit_in_hand(found.mrn) is not None:
        raise refuse("C110", "", _("An audit of this file is open. What is found is recorded there."))
    return begin_audit_examination(found, by=by, at=at)


def begin_audit_examination(found: Case, *, by: User, at: datetime) -> Examination:
    """An examination after release of a file whose declaration is locked.

    What a colleague has begun is gone on with in an audit, or where that one no longer may. Raises Rejected C021 if it
    is under way.
    """
    open_one = Examination.objects.filter(case__declaration__mrn=found.mrn, finished_at=None).order_by("pk").first()
    if open_one is not None and (open_one.officer_id == by.pk or _goes_on(open_one, found, at=at)):
        raise refuse("C021", "", _("This examination has already started. Finish it first."))
    if open_one is not None:
        open_one.officer = by
        open_one.save(update_fields=["officer"])
        return open_one
    made = Examination.objects.create(case=found, kind=Examination.Kind.AUDIT, officer=by, started_at=at)
    record(found.declaration, verb="examine", by=by, at=at, data={"examination": made.pk, "kind": made.kind})
    return made


def _goes_on(begun: Examination, case: Case, *, at: datetime) -> bool:
    """Whether the officer who has begun it outside an audit still works on files of the office."""
    on = timezone.localdate(at)
    return audit_in_hand(case.mrn) is None and acts_in_office(begun.officer, case.office_code, on=on)


@transaction.atomic
def record_finding(
    examination: Examination,
    *,
    item_number: int,
    code: str,
    text: str = "",
    measured: Decimal | None = None,
    unit: str = "",
    packages: int | None = None,
    gross_mass: Decimal | None = None,
    net_mass: Decimal | None = None,
    value: Decimal | None = None,
    key: uuid.UUID | None = None,
    by: User,
    at: datetime,
) -> Finding:
    """What was found on an item, or (0) on the whole consignment, with what was counted and weighed.

    The same key again is the same finding. Raises Rejected: C001 to C003, C022 finished, C023 no such item, C024 no
    such result, C025 no explanation, C117 a value of no item, or found outside an audit.
    """
    found, current = examination_to_work_on(examination, by=by, at=at)
    known = Finding.objects.filter(key=key, examination=current).first() if key else None
    if known is not None:
        return known
    if item_number and not found.declaration.items.filter(number=item_number).exists():
        raise refuse("C023", "item_number", _("There is no item %d.") % item_number)
    if code not in Finding.Code.values:
        raise refuse("C024", "code", _("Choose a result."))
    if value is not None and (value <= 0 or not item_number or current.kind != Examination.Kind.AUDIT):
        raise refuse("C117", "value", _("Write the value of one item, above zero, found in an audit."))
    if code != Finding.Code.CONFORM and not text.strip():
        raise refuse("C025", "text", _("Say what differs from the declaration."))
    made = Finding(
        item_number=item_number, code=code, text=text.strip(), measured=measured, unit=unit, packages=packages,
        gross_mass=gross_mass, net_mass=net_mass, value=value, key=key,
    )  # fmt: skip
    return write_finding(current, found, made, by=by, at=at)


def write_finding(examination: Examination, case: Case, finding: Finding, *, by: User, at: datetime) -> Finding:
    """The one writer of findings, for verbs that hold the declaration's lock and have judged what is written."""
    finding.examination, finding.by, finding.at = examination, by, at
    finding.save(force_insert=True)
    data = {"finding": finding.pk, "item": finding.item_number}
    record(case.declaration, verb="finding", by=by, at=at, data=data)
    return finding


@transaction.atomic
def finish_examination(examination: Examination, *, note: str = "", by: User, at: datetime) -> Examination:
    """Close the examination. Its outcome follows from its findings and flows back into the hit rates.

    Raises Rejected: C001 to C003, C022 finished already, C026 nothing was found, not even conformity, C083 goods were
    examined and an instruction not checked.
    """
    found, current = examination_to_work_on(examination, by=by, at=at)
    codes = set(Finding.objects.filter(examination=current).values_list("code", flat=True))
    if not codes:
        raise refuse("C026", "", _("Record at least one finding: what was looked at, and whether it conforms."))
    if current.kind == Examination.Kind.GOODS:
        all_checked(newest_of(found.mrn))
    wrong = bool(codes - {Finding.Code.CONFORM})
    outcome = Examination.Result.DISCREPANCY if wrong else Examination.Result.CONFORM
    finish(current, outcome, at=at, note=note.strip())
    record_outcome(_scored(found), discrepancy=wrong, at=at)
    record(
        found.declaration, verb="examined", by=by, at=at, note=note.strip(),
        data={"examination": current.pk, "kind": current.kind, "outcome": current.outcome},
    )  # fmt: skip
    return current


def _scored(case: Case) -> Declaration:
    """The version whose score sent the file where it went: a correction after release has none of its own."""
    versions = Declaration.objects.filter(mrn=case.mrn, version__lte=case.declaration.version)
    return versions.exclude(score=None).order_by("-version").first() or case.declaration


def examination_to_work_on(examination: Examination, *, by: User, at: datetime) -> tuple[Case, Examination]:
    """The file and the examination under way, for the officer who examines. Raises Rejected: C001 to C003, C022."""
    return _case_of(examination, by=by, at=at), _still_open(examination)


def _case_of(examination: Examination, *, by: User, at: datetime) -> Case:
    """The file, for the officer who examines it: who holds it, or after release who has begun."""
    newest, is_audit = newest_of(examination.case.mrn), examination.kind == Examination.Kind.AUDIT
    held = (case_to_audit if is_audit else case_to_work_on)(newest, by=by, at=at)
    # What was begun on a version ends on it, though it may have been amended or corrected meanwhile.
    found = held
    if held.pk != examination.case_id:
        found = Case.objects.select_related("declaration").get(pk=examination.case_id)
    if is_audit and examination.officer_id != by.pk:
        sentence = _("%(officer)s examines this file after release.")
        raise refuse("C003", "", sentence % {"officer": examination.officer})
    return found


def _still_open(examination: Examination) -> Examination:
    current = Examination.objects.get(pk=examination.pk)
    if current.finished_at is not None:
        raise refuse("C022", "", _("This examination is finished and cannot be changed. Begin another one."))
    return current
