"""The one writer of messages: an event becomes a row for each person who is told, and one for each way it is sent.

Who is told, by which ways they chose, and the rows: all of it is one statement, since it is asked for every event of
every declaration. What was told before is left as it is, so a task may run as often as it likes.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from notifications import gateways
from notifications.kinds import USUAL, Kind
from traders.models import Right

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


@dataclass(frozen=True, slots=True)
class People:
    """Who is told: `users` by name, and members of `companies` who have one of `rights`; nobody who is `but`."""

    users: Iterable[int] = ()
    companies: Iterable[int | None] = ()
    rights: Iterable[Right] = tuple(Right)
    but: int | None = None


def tell(news: News, people: People, *, now: datetime) -> int:
    """Tell `people` of it, each by the ways they chose; how many were told that did not know."""
    usual = USUAL[news.kind]
    values: dict[str, Any] = {
        "users": list(people.users),
        "companies": [key for key in people.companies if key is not None],
        "rights": [right.value for right in people.rights],
        "but": people.but,
        "on": timezone.localdate(now),
        "usual_inbox": usual.inbox,
        "usual_mail": str(usual.mail),
        "usual_sms": usual.sms,
        "gateway": gateways.connected() is not None,
        "fresh": now - news.at < SENT_FOR,
        "now": now,
        "digest": next_digest(now),
        "kind": news.kind.value,
        "occurrence": news.occurrence,
        "variant": news.variant,
        "declaration": news.declaration,
        "company": news.company,
        "params": json.dumps(dict(news.params)),
        "at": news.at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TELL, values)
        return int(cursor.fetchone()[0])


def next_digest(now: datetime) -> datetime:
    """The next morning's hour of the portal's own time zone."""
    zone = timezone.get_default_timezone()
    today = datetime.combine(timezone.localtime(now, zone).date(), time(DIGEST_HOUR), tzinfo=zone)
    return today if today > now else today + timedelta(days=1)


_TELL = """
WITH people AS (
    SELECT unnest(%(users)s::bigint[]) AS person
    UNION
    SELECT user_id FROM traders_membership
    WHERE company_id = ANY (%(companies)s::bigint[]) AND "right" = ANY (%(rights)s::text[])
        AND valid_from <= %(on)s AND (valid_to IS NULL OR valid_to >= %(on)s)
), ways AS (
    SELECT person, coalesce(choice.inbox, %(usual_inbox)s) AS inbox, coalesce(choice.mail, %(usual_mail)s) AS mail,
        coalesce(choice.sms, %(usual_sms)s) AND %(gateway)s AND EXISTS (
            SELECT FROM notifications_phone WHERE user_id = person AND confirmed_at IS NOT NULL
        ) AS sms
    FROM people JOIN accounts_user ON accounts_user.id = person AND is_active AND NOT is_program
    LEFT JOIN notifications_choice AS choice ON choice.user_id = person AND choice.kind = %(kind)s
    WHERE person IS DISTINCT FROM %(but)s::bigint
), told AS (
    INSERT INTO notifications_message
        (recipient_id, kind, occurrence, variant, declaration_id, company_id, params, at)
    SELECT person, %(kind)s, %(occurrence)s, %(variant)s, %(declaration)s, %(company)s, %(params)s, %(at)s
    FROM ways WHERE inbox OR mail <> '' OR sms
    ON CONFLICT (recipient_id, kind, occurrence) DO NOTHING
    RETURNING id, recipient_id
), outbox AS (
    INSERT INTO notifications_delivery (message_id, channel, daily, status, tries, due_at, reference, fault)
    SELECT id, way.channel, way.daily, 'waiting', 0, CASE WHEN way.daily THEN %(digest)s ELSE %(now)s END, '', ''
    FROM told JOIN ways ON person = recipient_id CROSS JOIN LATERAL (
        VALUES ('email', mail = 'daily', mail <> ''), ('sms', false, sms)
    ) AS way (channel, daily, wanted)
    WHERE way.wanted AND %(fresh)s
)
SELECT count(*) FROM told
"""
