"""Two logs that only grow: what administrators do, in the transaction of the act; and who looked at whose data."""

from datetime import datetime, timedelta

from accounts.models import AdministrativeAct, Look, User

Act = AdministrativeAct.Verb
_LONGEST, _LONGEST_TEXT = 500, 200
# The same look again within this time is the same look: pages are turned, filters changed back.
ONE_LOOK = timedelta(minutes=10)


def record_act(verb: Act, *, by: User | None, at: datetime, person: User | None = None, about: str = "") -> None:
    """`by` None is a command on the server."""
    AdministrativeAct.objects.create(verb=verb, person=person, about=about[:_LONGEST], by=by, at=at)


def note_look(
    what: Look.What, *, by: User, at: datetime, person: User | None = None, tin: str = "", text: str = ""
) -> None:
    """`by` looked at data of `person` or of the company with this TIN, or asked for `text`. Safe to repeat."""
    same = {"what": what, "person": person, "tin": tin, "text": text[:_LONGEST_TEXT]}
    if not Look.objects.filter(**same, by=by, at__gt=at - ONE_LOOK, at__lte=at).exists():
        Look.objects.create(**same, by=by, at=at)
