"""Sends what waits for the addresses of companies: one worker at a time, several addresses at once.

An address that does not answer costs one call: the rest of what waits for it waits until it has rested, and from then
on it is called by a round of its own, until it takes something. So a thousand events for a dead one slow nobody. Nor
does a call wait for another. What was taken up and not marked, since the worker was killed, is sent again under the
same `webhook-id`.
"""

import json
from collections.abc import Collection, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

import structlog
from cryptography.fernet import InvalidToken
from django.db import connection, transaction

from machines import signatures
from machines.addresses import Forbidden, Silent, post
from machines.models import Endpoint, Sending, Trial
from machines.selectors import as_message
from machines.states import MOVES, Status

ADDRESSES_AT_ONCE, EVENTS_AT_ONCE = 8, 20
_LOOK_SECONDS = 0.5  # while one keeps silent, whether something has come to wait for the others
# After each try that failed; after the last one it is given up: two weeks in all.
PAUSES = (
    *(timedelta(seconds=seconds) for seconds in (10, 60)),
    *(timedelta(minutes=minutes) for minutes in (5, 30)),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, *[24] * 12)),
)
_SOUND_ROUND, _FAILING_ROUND = 0x77656268, 0x77656269  # names of advisory locks
log = structlog.get_logger("webhooks")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one call."""

    sending: int
    tries: int
    answer: int
    milliseconds: int
    fault: str

    @property
    def taken(self) -> bool:
        return 200 <= self.answer < 300

    @property
    def gone(self) -> bool:
        """The address says that it will never take anything again."""
        return self.answer == 410


@dataclass(frozen=True, slots=True)
class Parcel:
    """An event, ready to be sent."""

    sending: int
    tries: int
    name: str
    body: bytes


def send_due(*, at: datetime, seconds: float, failing: bool = False) -> int:
    """Send what is due for at most so long (and one call more); how much was taken. Nothing while another does so.

    `failing` chooses the addresses: those whose last call failed and that have rested, or all others.
    """
    lock = _FAILING_ROUND if failing else _SOUND_ROUND
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
        if not cursor.fetchone()[0]:
            return 0
    try:
        return _round(at=at, until=monotonic() + seconds, failing=failing)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])


def _round(*, at: datetime, until: float, failing: bool) -> int:
    """Each address is called in a thread of its own. While one keeps silent, what comes to wait for others goes out."""
    began, taken = monotonic(), 0
    with ThreadPoolExecutor(ADDRESSES_AT_ONCE) as pool:
        called: dict[Future[list[Outcome]], Endpoint] = {}
        while True:
            now = at + timedelta(seconds=monotonic() - began)
            due = _due(now, failing=failing, called=called.values()) if monotonic() < until else []
            for endpoint in due:
                called[pool.submit(_send_to, endpoint, _parcels(endpoint, at=now), at=now, until=until)] = endpoint
            if not called:
                return taken
            ended, _others = wait(called, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
            taken += sum(_note(called.pop(call), call.result(), at=now) for call in ended)


def _due(at: datetime, *, failing: bool, called: Collection[Endpoint]) -> list[Endpoint]:
    """Addresses that are owed something and are not being called, the longest waiting first."""
    keys = [endpoint.pk for endpoint in called]
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [at, failing, at, keys, ADDRESSES_AT_ONCE - len(keys)])
        keys = [key for (key,) in cursor.fetchall()]
    found = Endpoint.objects.in_bulk(keys)
    return [found[key] for key in keys]


def _parcels(endpoint: Endpoint, *, at: datetime) -> list[Parcel]:
    rows = Sending.objects.filter(endpoint=endpoint, status=Status.WAITING, due_at__lte=at)
    rows = rows.select_related("happening__company").order_by("due_at", "pk")[:EVENTS_AT_ONCE]
    made = []
    for row in rows:
        message = as_message(row.happening)
        body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
        made.append(Parcel(row.pk, row.tries, str(message["id"]), body))
    return made


def _send_to(endpoint: Endpoint, parcels: Sequence[Parcel], *, at: datetime, until: float) -> list[Outcome]:
    """One after another, in a thread that asks no database; the first that is not taken ends it."""
    outcomes: list[Outcome] = []
    try:
        secret = signatures.opened(endpoint.secret)
    except InvalidToken:
        return [Outcome(each.sending, each.tries, 0, 0, "the secret can no longer be read") for each in parcels[:1]]
    for parcel in parcels:
        outcomes.append(_send(endpoint.url, secret, parcel, at=at))
        if not outcomes[-1].taken or monotonic() > until:
            break
    return outcomes


def _send(url: str, secret: str, parcel: Parcel, *, at: datetime) -> Outcome:
    started, seconds = monotonic(), int(at.timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "customs-portal-webhooks/1",
        "webhook-id": parcel.name,
        "webhook-timestamp": str(seconds),
        "webhook-signature": signatures.signature(secret, name=parcel.name, seconds=seconds, body=parcel.body),
    }
    answer, fault = 0, ""
    try:
        answer, said = post(url, body=parcel.body, headers=headers)
        fault = "" if 200 <= answer < 300 else said
    except (Forbidden, Silent) as refused:
        fault = str(refused)
    return Outcome(parcel.sending, parcel.tries, answer, round((monotonic() - started) * 1000), fault.replace("\0", ""))


@transaction.atomic
def _note(endpoint: Endpoint, outcomes: Sequence[Outcome], *, at: datetime) -> int:
    """Write down what became of each; how many were taken."""
    for each in outcomes:
        Trial.objects.create(
            sending_id=each.sending, at=at, answer=each.answer, milliseconds=each.milliseconds, fault=each.fault[:300]
        )
        if each.taken:
            MOVES.write(each.sending, Status.SENT, tries=each.tries + 1)
        elif each.tries >= len(PAUSES) or each.gone:
            log.warning("given up", sending=each.sending, endpoint=endpoint.pk, answer=each.answer)
            MOVES.write(each.sending, Status.GIVEN_UP, tries=each.tries + 1)
        else:
            pause = PAUSES[each.tries]
            Sending.objects.filter(pk=each.sending, status=Status.WAITING).update(
                tries=each.tries + 1, due_at=at + pause
            )
            Endpoint.objects.filter(pk=endpoint.pk).update(rests_until=at + min(pause, timedelta(minutes=5)))
    if endpoint.rests_until is not None and outcomes and outcomes[-1].taken:
        Endpoint.objects.filter(pk=endpoint.pk).update(rests_until=None)
    return sum(each.taken for each in outcomes)


_DUE = """
SELECT endpoint.id FROM machines_endpoint AS endpoint CROSS JOIN LATERAL (
    SELECT min(due_at) AS due_at FROM machines_sending
    WHERE endpoint_id = endpoint.id AND status = 'waiting' AND due_at <= %s
) AS first
WHERE endpoint.ended_at IS NULL AND (rests_until IS NOT NULL) = %s AND coalesce(rests_until <= %s, true)
    AND first.due_at IS NOT NULL AND NOT endpoint.id = ANY (%s::bigint[])
ORDER BY first.due_at, endpoint.id LIMIT %s
"""
