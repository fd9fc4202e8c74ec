"""What becomes due by itself: mandates that end, files that are late; and whether a message still concerns somebody."""

from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from clearance.models import Case, WaitsFor
from declarations.selectors import visible_to
from notifications.kinds import Kind
from notifications.models import Message
from traders.models import Mandate

FIRST_WARNING, LAST_WARNING = timedelta(days=14), timedelta(days=3)
_LOOKED_BACK = timedelta(days=1)


def mandates_ending(*, on: date) -> QuerySet[Mandate]:
    """Mandates in force that end within two weeks."""
    ending = Mandate.objects.on(on).filter(valid_to__gte=on, valid_to__lte=on + FIRST_WARNING)
    return ending.select_related("principal", "agent").order_by("pk")


def late_cases(*, at: datetime, limit: int) -> list[Case]:
    """Open files that passed their target time in the last day, wait for an officer, and of which nobody was told."""
    told = Message.objects.filter(declaration=OuterRef("declaration_id"), kind=Kind.LATE)
    late = Case.objects.waiting().filter(due_at__lte=at, due_at__gt=at - _LOOKED_BACK, waits_for=WaitsFor.OFFICE)
    return list(late.filter(~Exists(told)).order_by("-due_at", "-pk")[:limit])


def still_concerns(message: Message, user: User, *, on: date) -> bool:
    """Whether what the message is about may still be seen by its recipient."""
    if not user.is_active:
        return False
    declaration = message.declaration_id
    return declaration is None or visible_to(user, on=on).filter(pk=declaration).exists()
