"""By which ways a person is told of what."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from lib.violations import Rejected, Violation
from notifications import selectors
from notifications.kinds import Kind, Mail, Ways
from notifications.models import Choice


@transaction.atomic
def choose_ways(user: User, wanted: Mapping[Kind, Ways]) -> None:
    """Keep the choices; what is sent by any way is in the inbox too. Raises Rejected N001 for SMS without a number."""
    phone = selectors.phone_of(user)
    if any(ways.sms for ways in wanted.values()) and (phone is None or phone.confirmed_at is None):
        raise Rejected([Violation("N001", "sms", _("Confirm your telephone number first; then choose SMS."))])
    for kind, ways in wanted.items():
        sent = {"mail": Mail(ways.mail).value, "sms": ways.sms}
        kept = sent | {"inbox": ways.inbox or bool(ways.mail) or ways.sms}
        Choice.objects.update_or_create(user=user, kind=kind.value, defaults=kept)
