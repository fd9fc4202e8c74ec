"""Messages in the outbox, and what a later moment brings, without waiting for it."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from accounts.models import User
from notifications import services
from notifications.kinds import Kind, Mail, Ways
from notifications.models import Delivery, Phone
from notifications.services.phones import code_of
from notifications.services.tell import News, People, tell
from tests import make

SECONDS = 5.0
ALL_WAYS = Ways(inbox=True, mail=Mail.AT_ONCE, sms=True)


def now() -> datetime:
    return timezone.now()


def told(
    user: User,
    kind: Kind = Kind.QUESTION,
    occurrence: str = "query:1",
    declaration: int | None = None,
    **params: str,
) -> int:
    """Tell one person of an event."""
    given = {"mrn": "26TJ01ABC", "due": "2026-12-01", "amount": "1200.5"} | params
    return tell(News(kind, occurrence, now(), given, declaration=declaration), People(users=[user.pk]), now=now())


def number_of(user: User, number: str = "+992 90 123-45-67") -> Phone:
    """The person's number, confirmed."""
    phone = services.ask_for_code(user, number=number, at=now())
    services.confirm_number(user, code=code_of(phone), at=now())
    return phone


def choose(user: User, kind: Kind = Kind.QUESTION, **ways: object) -> None:
    services.choose_ways(user, {kind: Ways(**ways)})  # type: ignore[arg-type]


def send() -> int:
    return services.send_waiting(at=now(), seconds=SECONDS)


def time_passes(by: timedelta = timedelta(days=3)) -> None:
    """Whatever waits for a later moment is due."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notifications_delivery SET due_at = due_at - %s WHERE status = 'waiting'", [by])


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("status", flat=True))


def person() -> User:
    return make.user("reader@example.com", "Rustam Reader")
