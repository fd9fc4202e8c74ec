"""What the declarant may do to a lodged declaration: cancel or amend it. Its money follows in the same transaction."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from clearance.models import Case
from clearance.selectors import fines_of, ruling_on, unsettled
from clearance.selectors.corrections import Effect
from clearance.services.closing import close_file
from clearance.services.corrections.gate import nothing_open
from declarations import services as declarations
from declarations.models import Declaration, Penalty
from declarations.services import amend as amending
from declarations.services import ending
from lib.figures import ZERO
from lib.languages import day_text
from lib.violations import refuse
from payments import services as payments


@transaction.atomic
def cancel(declaration: Declaration, *, reason: str, by: User, at: datetime) -> Declaration:
    """The declarant withdraws the declaration: its file is closed, what was paid or held for it is given back.

    Raises Rejected also: C042 a correction is open, C049 customs have found something, or a fine is owed.
    """
    locked = declarations.lock(declaration.pk)
    nothing_open(locked)
    if unsettled(locked.mrn).exists() or any(each.status in Penalty.OWED for each in fines_of(locked)):
        sentence = _("Customs have found a discrepancy or decided a fine. The declaration can no longer be cancelled.")
        raise refuse("C049", "", sentence)
    ended = ending.cancel(declaration, reason=reason, by=by, at=at)
    return wind_up(ended, Case.End.CANCELLED, at=at)


@transaction.atomic
def amend(
    declaration: Declaration, *, data: Mapping[str, Any], reason: str, by: User, at: datetime, on: date
) -> Declaration:
    """The next version, see `declarations.services.amend`. What it asks less is given back; what more, is due.

    Raises Rejected also: C042 a correction is open, C046 after its term, C048 it needs an officer's consent.
    """
    old = declarations.lock(declaration.pk)
    nothing_open(old)
    new = amending.amend(old, data=data, reason=reason, by=by, at=at, on=on)
    ruled = ruling_on(new, effect=_effect(old, new), on=on)
    if ruled.last_day is not None and on > ruled.last_day:
        raise refuse("C046", "", _("This could be asked for until %(day)s.") % {"day": day_text(ruled.last_day)})
    if ruled.needs_consent:
        raise refuse("C048", "", _("This amendment needs an officer's consent. Send it as a correction."))
    return payments.settle_if_nothing_due(new.pk, at=at)


def _effect(old: Declaration, new: Declaration) -> str:
    """What the amendment does to what is paid and secured."""
    before, after = ((each.payable or ZERO) + (each.guaranteed or ZERO) for each in (old, new))
    return Effect.MORE if after > before else Effect.LESS if after < before else Effect.SAME


def wind_up(declaration: Declaration, end: Case.End, *, at: datetime) -> Declaration:
    """Give the money of a declaration that has ended back, and close its file. The caller holds the transaction."""
    given = payments.give_back(declaration.pk, at=at)
    case = Case.objects.filter(declaration=declaration, closed_at=None).first()
    if case is not None:
        close_file(case, end, at=at)
    return given
