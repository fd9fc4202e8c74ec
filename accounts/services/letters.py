"""E-mail: the one way in which the portal sends it.

A letter of an account (a link, a warning) is written in the transaction of the verb that causes it and sent by a
worker, so that no request waits for it. What cannot be sent is tried again by the sweep of the outbox, at growing
distances, for a day. `Post` is the line to the mail server, which other senders use as well.
"""

from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected
from types import TracebackType
from typing import Self

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction

from accounts.models import Letter
from accounts.services.followups import announce

KEPT = timedelta(days=1)  # its links have expired, or soon will have
_LONGEST_SUBJECT = 200
log = structlog.get_logger("letters")


class Refused(Exception):
    """The mail server will not take this letter, now or later."""


class NotNow(Exception):
    """The mail server does not take this letter at the moment; others it may."""


class Away(Exception):
    """The mail server cannot be reached, or is not working."""


class Post:
    """A line to the mail server, opened for the first letter and kept for those after it.

    with Post() as post:
        post.send(to="a@example.com", subject="…", text="…", name="message-17")
    """

    def __init__(self) -> None:
        self._line = get_connection()
        self._used = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _t: TracebackType | None) -> None:
        self._close()

    def send(self, *, to: str, subject: str, text: str, name: str) -> None:
        """Send it under a Message-ID made of `name`: what is sent again after a fault is the same letter to its reader.

        A line that the server has dropped since the letter before is opened anew, once. Raises Refused, NotNow or Away.
        """
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
        headers = {"Message-ID": f"<{name}@{domain}>", "Auto-Submitted": "auto-generated"}
        line = " ".join(subject.split())[:_LONGEST_SUBJECT]
        letter = EmailMessage(line, text, settings.DEFAULT_FROM_EMAIL, [to], headers=headers, connection=self._line)
        try:
            if not self._used:
                self._first(letter)
            else:
                self._further(letter)
        except SMTPRecipientsRefused as error:
            self._close()
            raise _judged(max(code for code, _text in error.recipients.values()), error) from error
        except SMTPDataError as error:
            self._close()
            raise _judged(error.smtp_code, error) from error
        except (SMTPException, OSError) as error:
            self._close()
            raise Away(repr(error)) from error

    def _first(self, letter: EmailMessage) -> None:
        self._line.open()  # else the library would close it after the letter
        letter.send()
        self._used = True

    def _further(self, letter: EmailMessage) -> None:
        try:
            letter.send()
        except (SMTPServerDisconnected, ConnectionError):
            self._close()
            self._first(letter)

    def _close(self) -> None:
        self._used = False
        try:
            self._line.close()
        except (SMTPException, OSError) as error:
            log.info("the line to the mail server was lost", error=repr(error))


def _judged(code: int, error: SMTPException) -> Exception:
    said = repr(error.args[-1] if isinstance(error, SMTPResponseException) else error)
    return Refused(f"{code} {said}") if code // 100 == 5 else NotNow(f"{code} {said}")


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
        with Post() as post:
            name = f"letter-{key}-{letter.written_at:%Y%m%d%H%M%S%f}"
            post.send(to=letter.to, subject=letter.subject, text=letter.text, name=name)
    letter.delete()
