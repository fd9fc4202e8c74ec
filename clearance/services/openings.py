"""An officer's look into a file leaves a trace."""

from datetime import datetime

from accounts.models import User
from clearance.models import Opening
from declarations.models import Declaration


def note_opening(declaration: Declaration, *, by: User, at: datetime) -> None:
    """One row for each time that an officer opens the file."""
    Opening.objects.create(declaration=declaration, by=by, at=at)
