"""Whether anybody wants to hear of a kind at all, and who answers for what an office leaves undone."""

from datetime import date

from django.db.models import Q

from accounts.models import OfficerRole, Role
from notifications.kinds import USUAL, Kind
from notifications.models import Choice


def nobody_chose(kind: Kind) -> bool:
    """Whether the kind is usually told to nobody, and nobody has chosen it."""
    return not USUAL[kind].any and not Choice.objects.filter(kind=kind, inbox=True).exists()


def supervisors_of(office_code: str, *, on: date) -> list[int]:
    """Keys of the persons who supervise the office on the day; of no office (""), those who supervise all of them."""
    held = OfficerRole.objects.on(on).filter(role=Role.SUPERVISOR)
    return list(held.filter(Q(office=None) | Q(office__code=office_code)).values_list("user_id", flat=True))
