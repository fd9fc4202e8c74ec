"""How a declaration ends before release: cancelled or rejected.

Money hangs on it, so these verbs are called by clearance alone, which gives back in the same transaction what was paid
and what was held (a contract of import-linter, and a trigger of payments).
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from declarations.models import Declaration, Status
from declarations.services import quotas, stock
from declarations.services.history import lock_for, reason_of
from declarations.states import transition
from lib.violations import refuse


@transaction.atomic
def cancel(declaration: Declaration, *, reason: str, by: User, at: datetime) -> Declaration:
    """Withdrawn by the declarant before release. Raises Rejected if it is too late or no reason is given."""
    locked = lock_for(
        declaration.pk, Status.CANCELLED, sentence=_("This declaration is {status} and can no longer be cancelled.")
    )
    _not_released(locked)
    transition(locked, Status.CANCELLED, verb="cancel", by=by, at=at, note=reason_of(reason))
    quotas.give_back(locked, at=at)
    stock.give_back(locked, by=by, at=at)
    announce("declaration.cancelled", locked.pk)
    return locked


@transaction.atomic
def reject(declaration: Declaration, *, reason: str, by: User, at: datetime) -> Declaration:
    """Refused by customs before release. Raises Rejected if it is too late or no reason is given."""
    locked = lock_for(
        declaration.pk, Status.REJECTED, sentence=_("This declaration is {status} and can no longer be rejected.")
    )
    _not_released(locked)
    transition(locked, Status.REJECTED, verb="reject", by=by, at=at, note=reason_of(reason))
    quotas.give_back(locked, at=at)
    stock.give_back(locked, by=by, at=at)
    announce("declaration.rejected", locked.pk)
    return locked


def _not_released(locked: Declaration) -> None:
    if locked.stands_as:
        raise refuse("S020", "", _("The goods were released under an earlier version. Send a correction instead."))
