"""Who is to be told, and by which ways. Plain SQL: it is asked for every event of every declaration."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection

from notifications.kinds import USUAL, Kind, Ways
from notifications.models import Choice
from traders.models import Right

_MEMBERS = """
SELECT DISTINCT user_id FROM traders_membership
WHERE company_id = ANY (%s) AND "right" = ANY (%s) AND valid_from <= %s AND (valid_to IS NULL OR valid_to >= %s)
"""
_WAYS = """
SELECT person.id, choice.inbox, choice.mail, choice.sms, phone.confirmed_at IS NOT NULL
FROM accounts_user person
LEFT JOIN notifications_choice choice ON choice.user_id = person.id AND choice.kind = %s
LEFT JOIN notifications_phone phone ON phone.user_id = person.id
WHERE person.is_active AND person.id = ANY (%s)
"""


@dataclass(frozen=True, slots=True)
class Told:
    """A person who is told of an event, and by which ways."""

    user: int
    ways: Ways


def members_of(companies: Iterable[int | None], *rights: Right, on: date) -> list[int]:
    """People who have one of `rights` (none named: any) in one of `companies` on the day."""
    keys = [key for key in companies if key is not None]
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS, [keys, list(rights or Right), on, on])
        return [user for (user,) in cursor.fetchall()]


def ways_of(people: Iterable[int], kind: Kind, *, sms: bool) -> list[Told]:
    """Those of `people` who are told of the kind at all; by SMS only where there is a gateway (`sms`) and a number."""
    with connection.cursor() as cursor:
        cursor.execute(_WAYS, [kind.value, list(people)])
        rows = cursor.fetchall()
    told = []
    for user, inbox, mail, by_sms, has_number in rows:
        ways = USUAL[kind] if inbox is None else Ways(inbox, mail, by_sms)
        able = Ways(ways.inbox, ways.mail, ways.sms and sms and has_number)
        if able.any:
            told.append(Told(user, able))
    return told


def nobody_chose(kind: Kind) -> bool:
    """Whether the kind is usually told to nobody, and nobody has chosen it."""
    return not USUAL[kind].any and not Choice.objects.filter(kind=kind, inbox=True).exists()
