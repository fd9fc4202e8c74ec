"""Messages are read: one, or all of them."""

from datetime import datetime

from accounts.models import User
from notifications.models import Message


def read_message(message: Message, *, at: datetime) -> None:
    """It was read now, unless it was before."""
    Message.objects.filter(pk=message.pk, read_at=None).update(read_at=at)


def read_all(user: User, *, at: datetime, before: datetime | None = None) -> int:
    """Everything in the person's inbox, or what happened `before` an instant; how many there were."""
    unread = Message.objects.filter(recipient=user, read_at=None)
    return (unread.filter(at__lt=before) if before else unread).update(read_at=at)
