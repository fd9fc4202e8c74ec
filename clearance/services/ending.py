"""What the declarant may do to a lodged declaration: cancel or amend it. Its money follows in the same transaction."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.services import announce
from clearance.models import Case
from clearance.states import close
from declarations.models import Declaration
from declarations.services import amend as amending
from declarations.services import ending
from payments import services as payments


@transaction.atomic
def cancel(declaration: Declaration, *, reason: str, by: User, at: datetime) -> Declaration:
    """The declarant withdraws the declaration: its file is closed, what was paid or held for it is given back."""
    ended = ending.cancel(declaration, reason=reason, by=by, at=at)
    announce("declaration.cancelled", ended.pk)
    return wind_up(ended, Case.End.CANCELLED, at=at)


@transaction.atomic
def amend(
    declaration: Declaration, *, data: Mapping[str, Any], reason: str, by: User, at: datetime, on: date
) -> Declaration:
    """The next version, see `declarations.services.amend`. What it asks less is given back; what more, is due."""
    new = amending.amend(declaration, data=data, reason=reason, by=by, at=at, on=on)
    announce("declaration.amended", new.pk)
    return payments.settle_if_nothing_due(new.pk, at=at)


def wind_up(declaration: Declaration, end: Case.End, *, at: datetime) -> Declaration:
    """Give the money of a declaration that has ended back, and close its file. The caller holds the transaction."""
    given = payments.give_back(declaration.pk, at=at)
    case = Case.objects.filter(declaration=declaration, closed_at=None).first()
    if case is not None:
        close(case, end, at=at)
    return given
