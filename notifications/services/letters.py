"""What stands in the e-mails: one message, or those of a day, each with its link and the way to choose otherwise.

The recipient's language is the active one.
"""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib.languages import moment_text
from lib.money import Currency
from notifications.models import Message
from notifications.wording import said

LINES = 50  # of a digest; the rest is in the inbox


def letter_of(message: Message, *, national: Currency) -> dict[str, str]:
    """Address, subject and text of the letter about one message."""
    words = said(message, national=national)
    text = f"{words.text}\n\n{words.todo}\n{link_to(message)}\n\n{_foot()}"
    return {"to": message.recipient.email, "subject": words.title, "text": text}


def digest_of(messages: Sequence[Message], *, national: Currency) -> dict[str, str]:
    """Address, subject and text of the letter about what a day has brought to one person."""
    count = len(messages)
    parts = []
    for message in messages[:LINES]:
        words = said(message, national=national)
        parts.append(f"{moment_text(message.at)}\n{words.text}\n{words.todo}\n{link_to(message)}")
    if count > LINES:
        more = ngettext(
            "{count} more message is in the portal:", "{count} more messages are in the portal:", count - LINES
        )
        parts.append(f"{more.replace('{count}', str(count - LINES))}\n{settings.SITE_URL}{reverse('messages')}")
    subject = ngettext("Customs Portal: {count} message", "Customs Portal: {count} messages", count)
    text = "\n\n".join([*parts, _foot()])
    return {"to": messages[0].recipient.email, "subject": subject.replace("{count}", str(count)), "text": text}


def link_to(message: Message) -> str:
    """By way of the inbox, where the message is read from then on."""
    return settings.SITE_URL + reverse("message", args=[message.pk])


def _foot() -> str:
    choose = _("Choose here what you are told of, and by which ways:")
    return f"--\n{choose}\n{settings.SITE_URL}{reverse('message_choices')}\n"
