"""The log of looks: any desk that shows a traveller's data to somebody of customs writes a row here."""

from datetime import datetime, timedelta

from accounts.models import User
from passengers.models import PassengerView, TravelDeclaration

# The same look again within this time is the same look: pages ask again by themselves while a sum is awaited.
ONE_LOOK = timedelta(minutes=10)


def note_view(
    declaration: TravelDeclaration | None, *, what: PassengerView.What, by: User, at: datetime, text: str = ""
) -> None:
    """Write down that `by` looked at `what`. Safe to repeat."""
    rows = PassengerView.objects.filter(declaration=declaration, by=by, what=what, text=text[:120])
    if not rows.filter(at__gt=at - ONE_LOOK, at__lte=at).exists():
        PassengerView.objects.create(declaration=declaration, by=by, at=at, what=what, text=text[:120])
