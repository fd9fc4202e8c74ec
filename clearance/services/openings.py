"""An officer's look into a file leaves a trace."""

from datetime import datetime, timedelta

from accounts.models import User
from clearance.models import Opening
from declarations.models import Declaration

# The same look again within this time is the same look: its page has parts, and a verb shows it again.
ONE_LOOK = timedelta(minutes=10)


def note_opening(declaration: Declaration, *, by: User, at: datetime) -> None:
    """An officer opened the file, on a page or by a program. Safe to repeat."""
    known = Opening.objects.filter(declaration=declaration, by=by, at__gt=at - ONE_LOOK, at__lte=at)
    if not known.exists():
        Opening.objects.create(declaration=declaration, by=by, at=at)
