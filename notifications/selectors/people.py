"""Whether anybody wants to hear of a kind at all."""

from notifications.kinds import USUAL, Kind
from notifications.models import Choice


def nobody_chose(kind: Kind) -> bool:
    """Whether the kind is usually told to nobody, and nobody has chosen it."""
    return not USUAL[kind].any and not Choice.objects.filter(kind=kind, inbox=True).exists()
