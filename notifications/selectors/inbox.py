"""A person's inbox, choices and number."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from notifications.kinds import OFFICERS, TRADERS, USUAL, Kind, Ways
from notifications.models import Choice, Message, Phone

MOST_COUNTED = 100
_UNREAD = """
SELECT count(*) FROM (
    SELECT 1 FROM notifications_message WHERE recipient_id = %s AND read_at IS NULL LIMIT %s
) AS unread
"""


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the inbox is wanted: only unread, only one kind."""

    unread: bool = False
    kind: str = ""


def unread_count(user: User) -> int:
    """How many messages the person has not read; more than a hundred are not counted."""
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, [user.pk, MOST_COUNTED])
        return int(cursor.fetchone()[0])


def inbox(user: User, filters: Filters) -> QuerySet[Message]:
    """The person's messages, the latest first, with what they lead to."""
    found = Message.objects.filter(recipient=user).select_related("declaration", "company")
    found = found.only(
        "kind", "variant", "params", "at", "read_at", "recipient_id", "declaration__public_id", "company__tin"
    )
    if filters.unread:
        found = found.filter(read_at=None)
    return found.filter(kind=filters.kind) if filters.kind else found


def message_for(user: User, pk: int) -> Message:
    """A message of the person's own. Raises Message.DoesNotExist."""
    return inbox(user, Filters()).get(pk=pk)


def kinds_for(user: User) -> list[Kind]:
    """The kinds that reach a person: an officer those of officers, anybody else those of traders."""
    return list(OFFICERS if user.held_roles else TRADERS)


def choices_of(user: User) -> Mapping[Kind, Ways]:
    """By which ways the person is told of each kind that reaches them."""
    made = {row.kind: Ways(row.inbox, row.mail, row.sms) for row in Choice.objects.filter(user=user)}
    return {kind: made.get(kind.value, USUAL[kind]) for kind in kinds_for(user)}


def phone_of(user: User) -> Phone | None:
    """The person's number, confirmed or not."""
    return Phone.objects.filter(user=user).first()
