"""The gate of every officer's verb: the declaration's row lock, the file, and whether this officer may act on it."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clearance.models import Case
from clearance.selectors import is_linked, links_to, powers_of, unchecked
from declarations.models import Status
from declarations.services import lock
from lib.languages import moment_text
from lib.violations import refuse

REASON_AT_LEAST, LETTERS_AT_LEAST = 10, 5
AUDITED = (Case.End.RELEASED, Case.End.CORRECTED)


def locked_case(case: Case) -> Case:
    """The open file, its declaration locked. Raises Rejected C001 if it was closed meanwhile."""
    declaration = lock(case.declaration_id)
    found = Case.objects.select_related("claimed_by").get(pk=case.pk)
    found.declaration = declaration
    if found.closed_at is not None:
        raise refuse("C001", "", _("This file is closed (%s). Nothing was changed.") % found.get_closed_as_display())
    return found


def case_to_work_on(case: Case, *, by: User, at: datetime) -> Case:
    """The open file, for an officer who acts on its lane and holds it.

    Raises Rejected: C001 closed, C002 not this officer's lane or office, C003 held by nobody or by somebody else,
    C008 the officer is linked to the file.
    """
    found = held_case(case, by=by, at=at)
    not_linked(found, by, pointer="")
    return found


def case_to_settle(case: Case, *, by: User, at: datetime) -> Case:
    """The file whose discrepancies are to be settled: held by the officer, or a released one of the officer's office.

    Raises Rejected as `case_to_work_on` and `case_to_audit`.
    """
    open_still = Case.objects.filter(pk=case.pk, closed_at=None).exists()
    return case_to_work_on(case, by=by, at=at) if open_still else case_to_audit(case, by=by, at=at)


def case_to_audit(case: Case, *, by: User, at: datetime) -> Case:
    """The released file, its declaration locked, for an officer who works on files of the office.

    Raises Rejected: C001 not released or replaced since, C002 another office, C008 the officer is linked to the file.
    """
    declaration = lock(case.declaration_id)
    found = Case.objects.select_related("claimed_by").get(pk=case.pk)
    found.declaration = declaration
    if found.closed_as not in AUDITED or declaration.status == Status.SUPERSEDED:
        raise refuse("C001", "", _("This file is closed (%s). Nothing was changed.") % found.get_closed_as_display())
    if not powers_of(by, on=timezone.localdate(at)).lanes(found.office_code):
        raise refuse("C002", "", _("You may not decide files of this lane in this office."))
    not_linked(found, by, pointer="")
    return found


def held_case(case: Case, *, by: User, at: datetime) -> Case:
    """As `case_to_work_on`, for letting the file go: whoever is linked to it may do that. Raises C001 to C003."""
    found = locked_case(case)
    if not powers_of(by, on=timezone.localdate(at)).may_act(found):
        raise refuse("C002", "", _("You may not decide files of this lane in this office."))
    if found.claimed_by is None:
        raise refuse("C003", "", _("Claim the file first, so that nobody else works on it at the same time."))
    if found.claimed_by != by:
        raise held_by_other(found)
    return found


def not_linked(case: Case, officer: User, *, pointer: str) -> None:
    """Raises Rejected C008, with what links them, if the officer is bound to the file as a trader."""
    if is_linked(officer, case):
        reasons = "; ".join(link.sentence for link in links_to(officer, case))
        sentence = _("%(officer)s is linked to this file (%(links)s). Another officer acts on it.")
        raise refuse("C008", pointer, sentence % {"officer": officer, "links": reasons})


def case_to_supervise(case: Case, *, by: User, at: datetime) -> Case:
    """The open file, for a supervisor of its office.

    Raises Rejected: C001 closed, C004 no supervisor there, C008 the supervisor is linked to the file.
    """
    found = locked_case(case)
    if not powers_of(by, on=timezone.localdate(at)).may_supervise(found):
        raise refuse("C004", "", _("Only a supervisor of this office may do this."))
    not_linked(found, by, pointer="")
    return found


def held_by_other(case: Case) -> Exception:
    """The refusal that names who holds the file."""
    assert case.claimed_at is not None
    sentence = _("%(officer)s has held this file since %(time)s. Choose another one, or ask a supervisor.")
    return refuse("C003", "", sentence % {"officer": case.claimed_by, "time": moment_text(case.claimed_at)})


def all_checked(case: Case) -> None:
    """Raises Rejected C083, naming them, while an instruction of the file has no recorded check."""
    left = unchecked(case)
    if left:
        names = "; ".join(each.reason.name for each in left)
        sentence = _("Record the check of each instruction first: %(names)s.")
        raise refuse("C083", "", sentence % {"names": names})


def of_substance(text: str, *, pointer: str, sentence: str) -> str:
    """The text without outer spaces. Raises Rejected C060 with `sentence` if it is too short to say anything."""
    text = text.strip()
    if len(text) < REASON_AT_LEAST or len(set(text)) < LETTERS_AT_LEAST:
        raise refuse("C060", pointer, sentence)
    return text


def needed(text: str, *, pointer: str, sentence: str) -> str:
    """The text without outer spaces. Raises Rejected C005 with `sentence` if it is empty."""
    if not text.strip():
        raise refuse("C005", pointer, sentence)
    return text.strip()
