"""The log of what administrators do: one row for each act, in the transaction of the act, never changed."""

from datetime import datetime

from accounts.models import AdministrativeAct, User

Act = AdministrativeAct.Verb
_LONGEST = 500


def record_act(verb: Act, *, by: User | None, at: datetime, person: User | None = None, about: str = "") -> None:
    """`by` None is a command on the server."""
    AdministrativeAct.objects.create(verb=verb, person=person, about=about[:_LONGEST], by=by, at=at)
