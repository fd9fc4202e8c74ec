"""The gate of every verb of an audit: locks in one order, the row as it is now, and who may; and its history."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clearance.models import Audit, AuditStep, AuditTerm, Case, CompanyAudit
from clearance.selectors import is_linked, links_to, powers_of
from declarations.services import lock
from lib.violations import Conflict, Violation, refuse

WITHOUT_TERM = 90
LATEST = timedelta(days=3 * 365)


def term_of(office_code: str, *, on: date) -> AuditTerm | None:
    """The term in force for the office, else the one for all offices."""
    terms = AuditTerm.objects.on(on).filter(office_code__in=["", office_code])
    return terms.order_by("-office_code").first()


def due_from(office_code: str, *, on: date) -> date:
    """The last day of an audit that is opened on the day."""
    term = term_of(office_code, on=on)
    return on + timedelta(days=term.work_days if term else WITHOUT_TERM)


def newest_case(mrn: str) -> Case:
    """The file of the version that counts; an audit is of a file that was released, so there is one."""
    return Case.objects.filter(declaration__mrn=mrn).select_related("declaration").order_by("-pk")[0]


def locked_audit(audit: Audit) -> tuple[Audit, Case]:
    """The audit as it is now and the file of the version that counts; its declaration is locked first."""
    case = newest_case(audit.mrn)
    case.declaration = lock(case.declaration_id)
    return Audit.objects.select_for_update(of=("self",)).select_related("officer", "company_audit").get(
        pk=audit.pk
    ), case


def still(audit: Audit, *wanted: Audit.Status) -> None:
    """Raise Conflict C100 unless the audit stands where this verb begins."""
    if audit.status not in wanted:
        raise moved_on(audit.get_status_display())


def moved_on(status: str) -> Conflict:
    """Somebody else was quicker, or this was done already."""
    sentence = _("This audit stands otherwise by now: %(status)s. Nothing was changed; reload the page.")
    return Conflict([Violation("C100", "", sentence % {"status": status})])


def supervises(by: User, office_code: str, *, at: datetime) -> None:
    """Raise Rejected C004 unless `by` supervises the office; for all offices (empty) it takes the whole country."""
    powers = powers_of(by, on=timezone.localdate(at))
    if "supervisor" not in powers.roles_in(office_code):
        raise refuse("C004", "", _("Only a supervisor of this office may do this."))


def works_in(officer: User, office_code: str, *, pointer: str, at: datetime) -> None:
    """Raise Rejected C101 unless the officer works on files of the office."""
    if not officer.is_active or not powers_of(officer, on=timezone.localdate(at)).lanes(office_code):
        sentence = _("%(officer)s does not work on files of this office.")
        raise refuse("C101", pointer, sentence % {"officer": officer})


def is_free_of(officer: User, case: Case, *, pointer: str) -> None:
    """Raise Rejected C008 linked to the file as a trader, C102 decided its release: nobody audits what is one's own."""
    if is_linked(officer, case):
        reasons = "; ".join(link.sentence for link in links_to(officer, case))
        sentence = _("%(officer)s is linked to this file (%(links)s). Another officer acts on it.")
        raise refuse("C008", pointer, sentence % {"officer": officer, "links": reasons})
    if Case.objects.filter(declaration__mrn=case.mrn, decided_by=officer).exists():
        sentence = _("%(officer)s decided the release of this file. Another officer audits it.")
        raise refuse("C102", pointer, sentence % {"officer": officer})


def audit_to_work_on(audit: Audit, *wanted: Audit.Status, by: User, at: datetime) -> tuple[Audit, Case]:
    """The locked audit for the officer it was given to.

    Raises Conflict C100; Rejected C008, C101, C102, C103 given to nobody or to another officer.
    """
    found, case = locked_audit(audit)
    still(found, *wanted)
    if found.officer_id != by.pk:
        sentence = _("This audit is %(officer)s’s. A supervisor may give it to somebody else.")
        raise refuse("C103", "", sentence % {"officer": found.officer or "—"})
    works_in(by, found.office_code, pointer="", at=at)
    is_free_of(by, case, pointer="")
    return found, case


def locked_company_audit(audit: CompanyAudit, *wanted: CompanyAudit.Status) -> CompanyAudit:
    """The audit of a company as it is now. Raises Conflict C100 unless it stands where this verb begins."""
    found: CompanyAudit = (
        CompanyAudit.objects.select_for_update(of=("self",)).select_related("company", "lead").get(pk=audit.pk)
    )
    if found.status not in wanted:
        raise moved_on(found.get_status_display())
    return found


def day_to_come(due: date, *, pointer: str, at: datetime) -> None:
    """Raise Rejected C104 if the day is past or too far away."""
    today = timezone.localdate(at)
    if not today <= due <= today + LATEST:
        raise refuse("C104", pointer, _("Write a day from today on, within three years."))


def note(audit: Audit | CompanyAudit, verb: str, *, by: User | None, at: datetime, text: str = "") -> None:
    """A row of history of the audit."""
    about = {"audit": audit} if isinstance(audit, Audit) else {"company_audit": audit}
    AuditStep.objects.create(**about, verb=verb, by=by, at=at, note=text)
