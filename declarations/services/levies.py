"""Charges after the assessment: made by the verbs of money and of clearance, dropped by another officer."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from declarations.models import Levy
from declarations.states import LEVY
from lib.bulk import insert_rows
from lib.violations import refuse


def levy(rows: Sequence[Levy]) -> list[Levy]:
    """Charge these on their locked declaration, each once: what is charged under its key already is left out."""
    known = set(Levy.objects.filter(key__in=[row.key for row in rows]).values_list("key", flat=True))
    fresh = [row for row in rows if row.key not in known]
    insert_rows(fresh)
    return fresh


def drop_levy(row: Levy, *, reason: str, by: User, at: datetime) -> None:
    """It is not owed any more; what was paid of it goes back. The declaration is locked."""
    if not LEVY.write(row.pk, Levy.Status.DROPPED, decision=reason, dropped_by=by, dropped_at=at):
        raise refuse("S025", "", _("This was decided meanwhile. Reload the page and read how."))
    row.refresh_from_db()
