"""Fines: decided by an officer, contested by the trader, upheld or dropped by another officer. Called by clearance."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from declarations.models import Declaration, Penalty
from declarations.states import PENALTY
from lib.bulk import insert_rows
from lib.violations import refuse


def fine(declaration: Declaration, *, amount: Decimal, legal_basis: str, text: str, by: User, at: datetime) -> Penalty:
    """A fine on the locked declaration, due from now on."""
    made = Penalty(
        declaration=declaration, mrn=declaration.mrn, amount=amount, legal_basis=legal_basis, text=text, by=by, at=at
    )
    insert_rows([made])
    return made


def contest_fine(penalty: Penalty, *, reason: str, by: User, at: datetime) -> None:
    """The trader says why it is not owed. It stays due until another officer has decided. The file is locked."""
    _move(penalty, Penalty.Status.CONTESTED, contest=reason, contested_by=by, contested_at=at)


def uphold_fine(penalty: Penalty, *, reason: str, by: User, at: datetime) -> None:
    """It stays due, for good."""
    _move(penalty, Penalty.Status.UPHELD, decision=reason, decided_by=by, decided_at=at)


def drop_fine(penalty: Penalty, *, reason: str, by: User, at: datetime) -> None:
    """It is not owed any more; what was paid of it goes back."""
    _move(penalty, Penalty.Status.DROPPED, decision=reason, decided_by=by, decided_at=at)


def _move(penalty: Penalty, new: Penalty.Status, **filling: Any) -> None:
    if not PENALTY.write(penalty.pk, new, **filling):
        raise refuse("S025", "", _("This was decided meanwhile. Reload the page and read how."))
    penalty.refresh_from_db()
