"""The gate of every verb on a correction: the declaration's row lock, the row as it is now, and who may."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clearance.models import Correction
from clearance.selectors.corrections import acts_in_office, is_linked_to_number, open_correction
from declarations.models import Declaration, Status
from declarations.selectors import may_prepare
from declarations.services import lock
from lib.violations import Conflict, Violation, refuse


def locked_correction(correction: Correction) -> Correction:
    """The correction as it is now, the version it corrects locked; its draft is as it is in the database."""
    declaration = lock(correction.declaration_id)
    found = Correction.objects.select_related("made_by", "sent_by", "advised_by").get(pk=correction.pk)
    found.declaration = declaration
    found.draft = Declaration.objects.select_related("declarant", "trader").get(pk=found.draft_id)
    found.draft.amends = declaration
    return found


def still(correction: Correction, *wanted: Correction.Status) -> None:
    """Raise Conflict C043 unless the correction stands where this verb begins."""
    if correction.status not in wanted:
        raise moved_on(correction)


def moved_on(correction: Correction) -> Conflict:
    """Somebody else was quicker, or this was done already."""
    now = Correction.objects.get(pk=correction.pk).get_status_display()
    sentence = _("This correction is %(status)s by now. Nothing was changed; reload the page.") % {"status": now}
    return Conflict([Violation("C043", "", sentence)])


def of_trader(declaration: Declaration, *, by: User, at: datetime) -> None:
    """Raise Rejected C041 unless `by` prepares for the declarant."""
    if not may_prepare(by, declaration, on=timezone.localdate(at)):
        raise refuse("C041", "", _("Only an owner or preparer of the declarant may do this."))


def of_office(declaration: Declaration, *, by: User, at: datetime) -> None:
    """Raise Rejected C002 or C008 unless `by` is an officer who may act on files of the office and on this one."""
    if not acts_in_office(by, declaration.office_code, on=timezone.localdate(at)):
        raise refuse("C002", "", _("You may not decide about files of this office."))
    if is_linked_to_number(by, declaration.mrn):
        raise refuse("C008", "", _("You are linked to this file as a trader. Another officer acts on it."))


def nothing_open(declaration: Declaration, *, but: Correction | None = None) -> None:
    """Raise Rejected C042 if another correction of the declaration was sent and has not ended."""
    other = open_correction(declaration.mrn)
    if other is not None and (but is None or other.pk != but.pk):
        sentence = _("Another correction (%(kind)s) is open. It has to end first.")
        raise refuse("C042", "", sentence % {"kind": other.get_kind_display()})


def counts(declaration: Declaration) -> None:
    """Raise Conflict C044 if the version was replaced since the correction was begun."""
    if declaration.status == Status.SUPERSEDED:
        sentence = _("The declaration was amended meanwhile. Begin again: what you wrote is taken over.")
        raise Conflict([Violation("C044", "", sentence)])
