"""Messages are read: one, or all of them."""

from datetime import datetime

from accounts.models import User
from notifications.models import Message


def read_message(message: Message, *, at: datetime) -> None:
    """It was read now, unless it was before."""
    Message.objects.filter(pk=message.pk, read_at=None).update(read_at=at)


def read_all(user: User, *, at: datetime) -> int:
    """Everything in the person's inbox; how many there were."""
    return Message.objects.filter(recipient=user, read_at=None).update(read_at=at)
