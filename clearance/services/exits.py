"""The goods leave: an officer of the office of exit compares them with the paper, and confirms or refuses it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clearance.models import Case, Examination, ExitConfirmation, Finding
from clearance.selectors import exit_of, exit_office, may_confirm_exit
from clearance.services.gate import needed, not_linked
from clearance.states import finish
from declarations import services as declarations
from declarations.models import Declaration, Status
from lib.languages import moment_text
from lib.violations import Rejected, Violation, refuse
from risk.services import record_outcome


@transaction.atomic
def confirm_exit(
    declaration: Declaration, *, vehicle: str, packages: int, seals: str = "", remark: str = "", by: User, at: datetime
) -> ExitConfirmation:
    """The goods have left: RELEASED becomes EXITED, once.

    Raises Rejected: C070 no export, C071 another office, C072 left already, C073 not released, C074 packages differ,
    C005 no vehicle, C008 the officer is linked to the file.
    """
    locked = _leaving(declaration, by=by, at=at)
    vehicle = needed(vehicle, pointer="vehicle", sentence=_("Say which vehicle you saw."))
    if locked.total_packages is not None and packages != locked.total_packages:
        sentence = _("The declaration has %(declared)d packages. Count again, or record what differs.")
        raise refuse("C074", "packages", sentence % {"declared": locked.total_packages})
    seen = {"vehicle": vehicle, "seals": seals.strip(), "packages": packages}
    office = exit_office(locked)
    gone = declarations.mark_exited(locked, by=by, at=at, note=remark.strip(), data={**seen, "office": office})
    made: ExitConfirmation = ExitConfirmation.objects.create(
        declaration=gone, office_code=office, remark=remark.strip(), by=by, at=at, **seen
    )
    return made


@transaction.atomic
def refuse_exit(declaration: Declaration, *, code: str, text: str, by: User, at: datetime) -> Finding:
    """The goods are not those of the paper: they stay, and it is recorded as a finding.

    Raises Rejected: C070 to C073 and C008 as `confirm_exit`, C024 no such result, C025 no explanation, C075 no file.
    """
    locked = _leaving(declaration, by=by, at=at)
    if code not in Finding.Code.values or code == Finding.Code.CONFORM:
        raise refuse("C024", "code", _("Choose a result."))
    if not text.strip():
        raise refuse("C025", "text", _("Say what differs from the declaration."))
    case = Case.objects.filter(declaration=locked).first()
    if case is None:
        raise refuse("C075", "", _("This declaration has no file. Tell your supervisor."))
    examination = Examination.objects.create(case=case, kind=Examination.Kind.GOODS, officer=by, started_at=at)
    made = Finding.objects.create(examination=examination, code=code, text=text.strip(), by=by, at=at)
    finish(examination, Examination.Result.DISCREPANCY, at=at, note=text.strip())
    record_outcome(locked, discrepancy=True, at=at)
    declarations.record(
        locked, verb="exit_refused", by=by, at=at, note=text.strip(), data={"finding": made.pk, "code": code}
    )
    return made


def _leaving(declaration: Declaration, *, by: User, at: datetime) -> Declaration:
    """The locked declaration, if its goods may leave and this officer may say so. Raises Rejected."""
    locked = declarations.lock(declaration.pk)
    if hindrance := exit_hindrance(locked, by=by, at=at):
        raise Rejected([hindrance])
    if case := Case.objects.filter(declaration=locked).first():
        not_linked(case, by, pointer="")
    return locked


def exit_hindrance(declaration: Declaration, *, by: User, at: datetime) -> Violation | None:
    """Why this officer cannot confirm now that the goods leave: C070 to C073, or None."""
    if declaration.flow != "export":
        return Violation("C070", "", _("These goods do not leave the country: there is no exit to confirm."))
    if done := exit_of(declaration):
        sentence = _("The exit was confirmed on %(time)s at the office %(office)s. Nothing was changed.")
        return Violation("C072", "", sentence % {"time": moment_text(done.at), "office": done.office_code})
    if not may_confirm_exit(by, declaration, on=timezone.localdate(at)):
        sentence = _("These goods leave through the office %(office)s. Only its officers confirm it.")
        return Violation("C071", "", sentence % {"office": exit_office(declaration)})
    if declaration.status != Status.RELEASED:
        sentence = _("The goods are not released: the declaration is %(status)s. They may not leave.")
        return Violation("C073", "", sentence % {"status": declaration.get_status_display()})
    return None
