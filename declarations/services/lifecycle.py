"""What happens to a lodged declaration: paid, released, cancelled, rejected. Called by the later desks and by doors."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from declarations.models import Declaration, Status
from declarations.reading import clean
from declarations.services import quotas
from declarations.services.history import lock, lock_for
from declarations.states import may_become, transition
from lib.violations import refuse


@transaction.atomic
def mark_paid(declaration: Declaration, *, by: User | None, at: datetime) -> Declaration:
    """Everything due is paid or secured. Raises WrongStatus unless it is assessed."""
    locked = lock(declaration.pk)
    transition(locked, Status.PAID, verb="pay", by=by, at=at)
    announce("declaration.paid", locked.pk)
    return locked


@transaction.atomic
def mark_released(declaration: Declaration, *, by: User | None, at: datetime, note: str = "") -> Declaration:
    """The goods may leave. Raises WrongStatus unless it is paid."""
    locked = lock(declaration.pk)
    transition(locked, Status.RELEASED, verb="release", by=by, at=at, note=note)
    announce("declaration.released", locked.pk)
    return locked


def may_be_cancelled(declaration: Declaration) -> bool:
    """Whether it is not too late."""
    return may_become(declaration, Status.CANCELLED)


@transaction.atomic
def cancel(declaration: Declaration, *, reason: str, by: User, at: datetime) -> Declaration:
    """Withdrawn by the declarant before release. Raises Rejected if it is too late or no reason is given."""
    locked = lock_for(
        declaration.pk, Status.CANCELLED, sentence=_("This declaration is {status} and can no longer be cancelled.")
    )
    transition(locked, Status.CANCELLED, verb="cancel", by=by, at=at, note=reason_of(reason))
    quotas.give_back(locked, at=at)
    return locked


@transaction.atomic
def reject(declaration: Declaration, *, reason: str, by: User, at: datetime) -> Declaration:
    """Refused by customs before release. Raises Rejected if it is too late or no reason is given."""
    locked = lock_for(
        declaration.pk, Status.REJECTED, sentence=_("This declaration is {status} and can no longer be rejected.")
    )
    transition(locked, Status.REJECTED, verb="reject", by=by, at=at, note=reason_of(reason))
    quotas.give_back(locked, at=at)
    return locked


def reason_of(reason: str) -> str:
    """The reason, which must say something. Raises Rejected."""
    text = clean(reason)
    if not text:
        raise refuse("S013", "reason", _("Give the reason."))
    return text
