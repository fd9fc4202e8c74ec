"""A person's number for SMS: a code is sent to it, and it counts when the code was typed.

The code is in no table: it is computed from the key of the portal, the number and the moment it was asked for.
"""

import re
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import announce
from lib.limits import counted
from lib.short_messages import shortened
from lib.violations import refuse
from notifications import gateways
from notifications.models import Choice, Phone

CODE_HOLDS = timedelta(minutes=10)
MOST_WRONG = 5
CODES_A_DAY = 5
_A_DAY = 24 * 60 * 60
_NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")
_BETWEEN = re.compile(r"[\s().-]+")


@transaction.atomic
def ask_for_code(user: User, *, number: str, at: datetime) -> Phone:
    """Let a code be sent to the number; SMS stop until it is confirmed.

    Raises Rejected N002 (no number), N003 (too many codes), N004 (no gateway).
    """
    if gateways.connected() is None:
        raise refuse("N004", "number", _("No SMS are sent from here."))
    written = _BETWEEN.sub("", number)
    written = f"+{written[2:]}" if written.startswith("00") else written
    if not _NUMBER.fullmatch(written):
        raise refuse("N002", "number", _("Write the number with its country, as in +992 90 123 45 67."))
    if counted(f"codes:{user.pk}", seconds=_A_DAY) > CODES_A_DAY:
        raise refuse("N003", "number", _("Too many codes were asked for today. Try again tomorrow."))
    values = {"number": written, "asked_at": at, "wrong_codes": 0, "confirmed_at": None}
    phone, _made = Phone.objects.update_or_create(user=user, defaults=values)
    announce("phone.code_asked", phone.pk)
    return phone


def send_code(pk: int, *, now: datetime) -> None:
    """Send the code while it holds; raises what the gateway's absence raises."""
    phone = Phone.objects.select_related("user").filter(pk=pk, confirmed_at=None).first()
    gateway = gateways.connected()
    if phone is None or gateway is None or now - phone.asked_at > CODE_HOLDS:
        return
    with translation.override(phone.user.language or None):
        text = shortened(_("Customs: {code} is your code.").replace("{code}", code_of(phone)))
    gateway.send(phone.number, text, key=f"code-{pk}-{phone.asked_at.timestamp():.0f}")


def confirm_number(user: User, *, code: str, at: datetime) -> None:
    """The number is the person's. Raises Rejected N005 (wrong code, which is counted), N006 (it no longer holds)."""
    with transaction.atomic():
        phone = Phone.objects.select_for_update().filter(user=user, confirmed_at=None).first()
        if phone is None or at - phone.asked_at > CODE_HOLDS or phone.wrong_codes >= MOST_WRONG:
            raise refuse("N006", "code", _("This code no longer holds. Ask for a new one."))
        right = constant_time_compare("".join(code.split()), code_of(phone))
        change = {"confirmed_at": at} if right else {"wrong_codes": F("wrong_codes") + 1}
        Phone.objects.filter(pk=phone.pk).update(**change)
    if not right:
        raise refuse("N005", "code", _("This is not the code that was sent."))


def forget_number(user: User) -> None:
    """No SMS any more."""
    with transaction.atomic():
        Phone.objects.filter(user=user).delete()
        Choice.objects.filter(user=user, sms=True).update(sms=False)


def code_of(phone: Phone) -> str:
    """Six digits that follow from the number and the moment."""
    said = f"{phone.pk}|{phone.number}|{phone.asked_at.timestamp():.6f}"
    return f"{int(salted_hmac('notifications.phone', said, algorithm='sha256').hexdigest(), 16) % 1_000_000:06d}"
