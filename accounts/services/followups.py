"""Work that has to go up: an earlier desk announces an event, the table in the settings names who acts on it.

What has to follow is a row of the outbox, written in the transaction of the verb: it can be neither lost nor done for
a verb that was undone. A message only wakes a worker. The worker visits the row: it does what the event asks for and
what that announces in turn, one transaction after another, and then forgets the rows. A row that nobody came for, since
the message was lost or Redis is away, is found by the sweep. Tasks look at the facts and may run twice.
"""

from collections import deque
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from time import monotonic

import structlog
from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from kombu import Connection, Producer
from kombu.pools import producers
from kombu.pools import reset as reset_pools

from accounts.models import FollowUp
from lib.breaker import Breaker
from lib.bulk import insert_rows

SLOW_QUEUE = "slow"
MOST_STEPS = 50  # of one visit; what is left is found by the sweep
SWEPT_AT_ONCE = 200
_BROKER_SECONDS = 0.5
log = structlog.get_logger("followups")
breaker = Breaker()


@dataclass(frozen=True, slots=True)
class Due:
    """A row of the outbox: `task` is one slow task, or empty for all quick ones of the event."""

    key: int
    event: str
    subject: int
    task: str = ""

    @property
    def tasks(self) -> list[str]:
        """Names of the Celery tasks to do, each with the primary key `subject`."""
        if self.task:
            return [self.task]
        return [name for name in settings.FOLLOW_UPS[self.event] if name not in settings.SLOW_FOLLOW_UPS]


_visit: ContextVar["deque[Due] | None"] = ContextVar("visit", default=None)


def announce(event: str, subject: int) -> None:
    """Write down that `event` happened to the row with this primary key; after commit somebody acts on it."""
    slow = [name for name in settings.FOLLOW_UPS[event] if name in settings.SLOW_FOLLOW_UPS]
    quick = [""] if len(slow) < len(settings.FOLLOW_UPS[event]) else []
    rows = [FollowUp(event=event, subject=subject, task=task, request_id=_request_id()) for task in (*quick, *slow)]
    insert_rows(rows)
    for row in rows:
        transaction.on_commit(partial(_go_on, Due(row.pk, event, subject, row.task)))


def _request_id() -> str:
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def _go_on(due: Due) -> None:
    """A worker that is on a visit does quick work itself; anybody else sends for one."""
    visit = _visit.get()
    if visit is not None and not due.task:
        visit.append(due)
    else:
        _send(due)


# Sending ------------------------------------------------------------------------------------------------------
_line = Connection(
    settings.REDIS_URL,
    transport_options={
        "socket_timeout": _BROKER_SECONDS,
        "socket_connect_timeout": _BROKER_SECONDS,
        "retry_on_timeout": False,
        "max_retries": 0,
        "connect_retries_timeout": _BROKER_SECONDS,
    },
)


def _send(due: Due) -> None:
    """Wake a worker. A broker that cannot be reached loses nothing, and is not asked again for some seconds."""
    if not breaker.allows():
        return
    started = monotonic()
    try:
        try:
            _wake(due)
        except Exception:  # a line kept from before the broker was started again fails at once: take a new one
            if monotonic() - started > _BROKER_SECONDS / 2:
                raise
            reset_pools()
            _wake(due)
    except Exception as error:  # whatever the broker's library raises: the sweep does the work later
        breaker.failed()
        log.warning("nobody could be sent for", event_=due.event, subject=due.subject, error=repr(error))


def _wake(due: Due) -> None:
    with producers[_line].acquire(block=True, timeout=_BROKER_SECONDS) as producer:
        _publish(producer, "accounts.tasks.follow_up", args=[due.key], queue=SLOW_QUEUE if due.task else "celery")
        if breaker.worked():
            _publish(producer, "accounts.tasks.sweep_follow_ups", args=[], queue="celery")


def _publish(producer: Producer, task: str, *, args: list[int], queue: str) -> None:
    headers = {"request_id": identifier} if (identifier := _request_id()) else {}
    current_app.send_task(
        task, args=args, headers=headers, queue=queue, ignore_result=True, retry=False, producer=producer
    )


# Doing --------------------------------------------------------------------------------------------------------
def visit(key: int) -> int:
    """Do what a row of the outbox asks for and what follows from it; how many rows were done. Safe to run twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT event, subject, task, request_id FROM accounts_followup WHERE id = %s", [key])
        row = cursor.fetchone()
    if row is None:
        return 0
    *what, request_id = row
    with structlog.contextvars.bound_contextvars(**({"request_id": request_id} if request_id else {})):
        return _visit_all(deque([Due(key, *what)]))


def _visit_all(waiting: "deque[Due]") -> int:
    done: list[int] = []
    token = _visit.set(waiting)
    try:
        while waiting and len(done) < MOST_STEPS:
            due = waiting.popleft()
            if _work(due):
                done.append(due.key)
    finally:
        _visit.reset(token)
        _forget(done)
    return len(done)


def _forget(keys: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_followup WHERE id = ANY (%s)", [keys])


def _work(due: Due) -> bool:
    """Whether everything the row asks for could be done; what failed is tried again by the sweep."""
    try:
        for name in due.tasks:
            current_app.tasks[name].run(due.subject)
    except Exception as error:
        if isinstance(error, DatabaseError) and not connection.is_usable():
            raise
        log.exception("follow-up failed", event_=due.event, subject=due.subject)
        FollowUp.objects.filter(pk=due.key).update(fault=repr(error)[:500])
        return False
    log.info("followed up", event_=due.event, subject=due.subject)
    return True


def sweep(*, seconds: float) -> int:
    """Visit rows that nobody came for, the longest waiting first, for at most so long; how many rows were done.

    A row that fails again and again is tried at growing distances, from ten seconds to an hour, and is never dropped.
    """
    until = monotonic() + seconds
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [SWEPT_AT_ONCE])
        keys = [key for (key,) in cursor.fetchall()]
    done = 0
    for key in keys:
        if monotonic() > until:
            break
        done += visit(key)
    if done:
        log.info("swept", follow_ups=done)
    return done


_CLAIM = """
UPDATE accounts_followup SET tries = tries + 1,
    due_at = now() + least(interval '10 seconds' * power(2, least(tries, 10)), interval '1 hour')
WHERE id IN (
    SELECT id FROM accounts_followup WHERE due_at <= now() ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
)
RETURNING id
"""
