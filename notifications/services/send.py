"""Sends what waits in the outbox: by e-mail at once, by e-mail once a day, by SMS. One sender at a time everywhere.

A delivery is taken up for the length of a lease, sent, and marked; each step is committed by itself, and nothing is
held in the database while a server is waited for. Whoever is killed between the last two leaves a row that is sent
again when its lease is over: an e-mail under the same Message-ID, an SMS under the same key.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import monotonic
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone, translation

from accounts.services.letters import Away, NotNow, Post, Refused
from notifications import gateways, selectors
from notifications.kinds import Channel
from notifications.models import Delivery, Phone
from notifications.services.letters import digest_of, letter_of
from notifications.states import Status, end_delivery
from notifications.wording import said
from tariffs.selectors import national_currency

AT_ONCE = 20
LEASE = timedelta(minutes=10)
# How long a delivery waits after each try that failed; after the last one it is given up, some two days later.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
_AWAY_PAUSE = timedelta(minutes=1)
_ONE_SENDER = 0x6D657373  # the name of an advisory lock
log = structlog.get_logger("notifications")
Sender = Callable[[Delivery], str]


@dataclass(slots=True)
class Run:
    """One visit of the sender: the instant it began, and the moment of the monotonic clock at which it ends."""

    at: datetime
    until: float
    sent: int = 0

    @property
    def has_time(self) -> bool:
        return monotonic() < self.until


def send_waiting(*, at: datetime, seconds: float) -> int:
    """Send what is due for at most so long (and one letter more); how many went out. Nothing while another sends."""
    run = Run(at, monotonic() + seconds)
    with _alone() as alone:
        if alone:
            with Post() as post:
                _by_mail(run, post)
                _once_a_day(run, post)
            _by_sms(run)
    return run.sent


def _by_mail(run: Run, post: Post) -> None:
    national = national_currency()

    def send(delivery: Delivery) -> str:
        post.send(name=f"message-{delivery.message_id}", **letter_of(delivery.message, national=national))
        return ""

    _work_off(run, lambda: _claim(Channel.EMAIL, run), send)


def _by_sms(run: Run) -> None:
    gateway = gateways.connected()
    if gateway is None:
        return
    national = national_currency()

    def send(delivery: Delivery) -> str:
        phone = Phone.objects.filter(user=delivery.message.recipient_id, confirmed_at__isnull=False).first()
        if phone is None:
            raise Refused("no confirmed number")
        with in_the_words_of(delivery):
            text = said(delivery.message, national=national).short
        return gateway.send(phone.number, text, key=f"message-{delivery.message_id}")

    _work_off(run, lambda: _claim(Channel.SMS, run), send)


def _work_off(run: Run, claim: Callable[[], Sequence[Delivery]], send: Sender) -> None:
    """Batch after batch, until nothing is due, time is up or the server is away."""
    while run.has_time and (claimed := claim()):
        for place, delivery in enumerate(claimed):
            if not run.has_time or not _send_one(run, delivery, send):
                _put_back(claimed[place + 1 :] if run.has_time else claimed[place:], run)
                return


def _send_one(run: Run, delivery: Delivery, send: Sender) -> bool:
    """Whether it makes sense to go on with the next."""
    recipient = delivery.message.recipient
    if not selectors.still_concerns(delivery.message, recipient, on=timezone.localdate(run.at)):
        end_delivery(delivery.pk, Status.DROPPED, at=run.at, fault="no longer concerns the person")
        return True
    try:
        with in_the_words_of(delivery):
            reference = send(delivery)
    except (Refused, gateways.Refused) as error:
        log.error("refused for good", delivery=delivery.pk, error=str(error))
        end_delivery(delivery.pk, Status.FAILED, at=run.at, fault=str(error))
    except NotNow as error:
        _later([delivery], run, fault=str(error))
    except (Away, gateways.Away) as error:
        log.warning("nobody takes what is sent", channel=delivery.channel, error=str(error))
        _later([delivery], run, fault=str(error))
        return False
    else:
        run.sent += end_delivery(delivery.pk, Status.SENT, at=run.at, reference=reference)
    return True


# Once a day -----------------------------------------------------------------------------------------------------
def _once_a_day(run: Run, post: Post) -> None:
    """One e-mail for each person with what has been kept for it and was not read meanwhile."""
    national = national_currency()
    while run.has_time and (claimed := _claim_digest(run)):
        on = timezone.localdate(run.at)
        wanted = [each for each in claimed if _still_news(each, run, on=on)]
        if not wanted:
            continue
        messages = [each.message for each in wanted]
        try:
            with in_the_words_of(wanted[0]):
                post.send(name=f"digest-{wanted[0].pk}", **digest_of(messages, national=national))
        except Refused as error:
            log.error("refused for good", digest=wanted[0].pk, error=str(error))
            for each in wanted:
                end_delivery(each.pk, Status.FAILED, at=run.at, fault=str(error))
        except (NotNow, Away) as error:
            _later(wanted, run, fault=str(error))
            if isinstance(error, Away):
                return
        else:
            for each in wanted:
                end_delivery(each.pk, Status.SENT, at=run.at)
            run.sent += 1


def _still_news(delivery: Delivery, run: Run, *, on: date) -> bool:
    read = delivery.message.read_at is not None
    if read or not selectors.still_concerns(delivery.message, delivery.message.recipient, on=on):
        why = "read before it was due" if read else "no longer concerns the person"
        end_delivery(delivery.pk, Status.DROPPED, at=run.at, fault=why)
        return False
    return True


# The outbox -----------------------------------------------------------------------------------------------------
def _claim(channel: Channel, run: Run) -> list[Delivery]:
    return _claimed(_CLAIM, [run.at + LEASE, channel.value, run.at, AT_ONCE])


def _claim_digest(run: Run) -> list[Delivery]:
    """Everything that is due for the person who has waited longest."""
    return _claimed(_CLAIM_DIGEST, [run.at + LEASE, run.at, run.at])


def _claimed(statement: str, values: Sequence[str | int | datetime]) -> list[Delivery]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        keys = [key for (key,) in cursor.fetchall()]
    if not keys:
        return []
    found = Delivery.objects.filter(pk__in=keys).select_related(
        "message__recipient", "message__declaration", "message__company"
    )
    shown = ("channel", "tries", "message__kind", "message__variant", "message__params", "message__at")
    links = ("message__read_at", "message__recipient", "message__declaration__public_id", "message__company__tin")
    return list(found.only(*shown, *links, "message__recipient_id").order_by("pk"))


def _later(deliveries: Sequence[Delivery], run: Run, *, fault: str) -> None:
    """Try again after a pause that grows, or give up: the inbox holds the message all the same."""
    for each in deliveries:
        if each.tries >= len(PAUSES):
            log.error("given up", delivery=each.pk, channel=each.channel, tries=each.tries, error=fault)
            end_delivery(each.pk, Status.GIVEN_UP, at=run.at, fault=fault)
        else:
            pause = PAUSES[each.tries - 1]
            Delivery.objects.filter(pk=each.pk).update(due_at=run.at + pause, fault=fault[:500])


def _put_back(deliveries: Sequence[Delivery], run: Run) -> None:
    """What was taken up and not tried has lost no try."""
    keys = [each.pk for each in deliveries]
    with connection.cursor() as cursor:
        cursor.execute(_PUT_BACK, [run.at + (_AWAY_PAUSE if run.has_time else timedelta(0)), keys])


@contextmanager
def in_the_words_of(delivery: Delivery) -> Iterator[None]:
    """The recipient's language and time zone."""
    person = delivery.message.recipient
    try:
        zone = ZoneInfo(person.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo(settings.TIME_ZONE)
    with translation.override(person.language or settings.LANGUAGE_CODE), timezone.override(zone):
        yield


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else sends; a worker that is killed gives it free with its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ONE_SENDER])
        (alone,) = cursor.fetchone()
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_ONE_SENDER])


_CLAIM = """
UPDATE notifications_delivery SET tries = tries + 1, due_at = %s
WHERE id IN (
    SELECT id FROM notifications_delivery
    WHERE status = 'waiting' AND channel = %s AND NOT daily AND due_at <= %s
    ORDER BY due_at, id LIMIT %s FOR UPDATE SKIP LOCKED
)
RETURNING id
"""
_CLAIM_DIGEST = """
UPDATE notifications_delivery SET tries = tries + 1, due_at = %s
WHERE id IN (
    SELECT delivery.id FROM notifications_delivery AS delivery
    JOIN notifications_message AS message ON message.id = delivery.message_id
    WHERE delivery.status = 'waiting' AND delivery.daily AND delivery.due_at <= %s AND message.recipient_id = (
        SELECT first_message.recipient_id FROM notifications_delivery AS first
        JOIN notifications_message AS first_message ON first_message.id = first.message_id
        WHERE first.status = 'waiting' AND first.channel = 'email' AND first.daily AND first.due_at <= %s
        ORDER BY first.due_at, first.id LIMIT 1
    )
    FOR UPDATE OF delivery SKIP LOCKED
)
RETURNING id
"""
_PUT_BACK = "UPDATE notifications_delivery SET tries = tries - 1, due_at = %s WHERE id = ANY (%s)"
