"""E-mail: written in the transaction of the verb that causes it, sent by a worker, so that no request waits for it.

What cannot be sent is tried again by the sweep of the outbox, at growing distances, for a day.
"""

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from accounts.models import Letter
from accounts.services.followups import announce

KEPT = timedelta(days=1)  # its links have expired, or soon will have
_LONGEST_SUBJECT = 200
log = structlog.get_logger("letters")


@transaction.atomic
def write_letter(*, to: str, subject: str, text: str) -> None:
    """Let a worker send `text` to the address."""
    line = " ".join(subject.split())[:_LONGEST_SUBJECT]
    letter = Letter.objects.create(to=to, subject=line, text=text)
    announce("letter.written", letter.pk)


@transaction.atomic
def send_letter(key: int, *, at: datetime) -> None:
    """Send it and forget it. Safe to run twice; raises what the mail server's refusal or absence raises."""
    letter = Letter.objects.select_for_update(skip_locked=True).filter(pk=key).first()
    if letter is None:
        return
    if at - letter.written_at > KEPT:
        log.error("letter could not be sent for a day and is dropped", letter=key)
    else:
        EmailMessage(letter.subject, letter.text, settings.DEFAULT_FROM_EMAIL, [letter.to]).send()
    letter.delete()
