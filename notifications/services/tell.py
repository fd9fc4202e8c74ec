"""The one writer of messages: an event becomes a row for each person who is told, and one for each way it is sent.

All of it is one statement. What was told before is left as it is, so a task may run as often as it likes.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from notifications import gateways, selectors
from notifications.kinds import Channel, Kind, Mail

DIGEST_HOUR = 8
# Older news stand in the inbox alone: nobody is woken for what a week of faults has kept back.
SENT_FOR = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class News:
    """An event to be told. `occurrence` names it: the same one is told once to a person."""

    kind: Kind
    occurrence: str
    at: datetime
    params: Mapping[str, Any]
    variant: str = ""
    declaration: int | None = None
    company: int | None = None


@dataclass(slots=True)
class _Rows:
    """The columns of the statement: of messages, and of deliveries by recipient."""

    recipients: list[int] = field(default_factory=list)
    to: list[int] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    daily: list[bool] = field(default_factory=list)
    due: list[datetime] = field(default_factory=list)

    def send(self, user: int, channel: Channel, *, due: datetime, daily: bool = False) -> None:
        self.to.append(user)
        self.channels.append(channel.value)
        self.daily.append(daily)
        self.due.append(due)


def tell(news: News, people: Iterable[int], *, now: datetime) -> int:
    """Tell `people` of it, each by the ways they chose; how many were told that did not know."""
    has_gateway = gateways.connected() is not None
    told = selectors.ways_of(sorted(set(people)), news.kind, sms=has_gateway)
    if not told:
        return 0
    rows = _Rows()
    fresh = now - news.at < SENT_FOR
    for each in told:
        rows.recipients.append(each.user)
        if fresh and each.ways.mail:
            daily = each.ways.mail == Mail.DAILY
            rows.send(each.user, Channel.EMAIL, due=next_digest(now) if daily else now, daily=daily)
        if fresh and each.ways.sms:
            rows.send(each.user, Channel.SMS, due=now)
    return _write(news, rows)


def next_digest(now: datetime) -> datetime:
    """The next morning's hour of the portal's own time zone."""
    zone = timezone.get_default_timezone()
    today = datetime.combine(timezone.localtime(now, zone).date(), time(DIGEST_HOUR), tzinfo=zone)
    return today if today > now else today + timedelta(days=1)


def _write(news: News, rows: _Rows) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            _TELL,
            [
                news.kind.value,
                news.occurrence,
                news.variant,
                news.declaration,
                news.company,
                json.dumps(dict(news.params)),
                news.at,
                rows.recipients,
                rows.to,
                rows.channels,
                rows.daily,
                rows.due,
            ],
        )
        return int(cursor.fetchone()[0])


_TELL = """
WITH told AS (
    INSERT INTO notifications_message
        (recipient_id, kind, occurrence, variant, declaration_id, company_id, params, at)
    SELECT person, %s, %s, %s, %s, %s, %s, %s FROM unnest(%s::bigint[]) AS person
    ON CONFLICT (recipient_id, kind, occurrence) DO NOTHING
    RETURNING id, recipient_id
), outbox AS (
    INSERT INTO notifications_delivery
        (message_id, channel, daily, status, tries, due_at, reference, fault)
    SELECT told.id, way.channel, way.daily, 'waiting', 0, way.due_at, '', ''
    FROM unnest(%s::bigint[], %s::text[], %s::boolean[], %s::timestamptz[]) AS way (person, channel, daily, due_at)
    JOIN told ON told.recipient_id = way.person
)
SELECT count(*) FROM told
"""
