"""What the demonstration's people were told: everything that has happened, of which the older part was read."""

from datetime import datetime, timedelta

from django.conf import settings

from accounts.models import FollowUp, User
from demo.accounts import POMIR
from demo.people import user_of
from notifications import services
from notifications.kinds import Kind, Mail, Ways
from notifications.services.phones import code_of

READ = timedelta(days=3)
NUMBER = "+992 90 000 00 01"
_OURS = "notifications.tasks."


def tell_everybody(*, at: datetime) -> None:
    """What the worker does after the commit; it finds later that all of it is told."""
    _choose(user_of(POMIR), at=at)
    for event, subject in FollowUp.objects.order_by("pk").values_list("event", "subject"):
        for task in settings.FOLLOW_UPS[event]:
            if task.startswith(_OURS) and task != f"{_OURS}send_code":
                getattr(services, task.removeprefix(_OURS))(subject, now=at)
    services.tell_of_late_files(now=at)
    for user in User.objects.filter(messages__read_at=None).distinct():
        services.read_all(user, at=at, before=at - READ)


def _choose(user: User, *, at: datetime) -> None:
    """The importer reads questions on the telephone."""
    phone = services.ask_for_code(user, number=NUMBER, at=at)
    services.confirm_number(user, code=code_of(phone), at=at)
    services.choose_ways(user, {Kind.QUESTION: Ways(mail=Mail.AT_ONCE, sms=True)})
