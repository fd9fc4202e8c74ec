"""Work that has to go up: an earlier desk announces an event, the table in the settings names who acts on it."""

import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction

log = structlog.get_logger("followups")


def announce(event: str, pk: int) -> None:
    """After commit, enqueue each task that `settings.FOLLOW_UPS` lists for `event`, with the primary key.

    A broker that cannot be reached loses nothing: the beat sweep finds what is due in PostgreSQL.
    """
    for task in settings.FOLLOW_UPS[event]:
        transaction.on_commit(lambda task=task: _send(task, pk))  # type: ignore[misc]


def _send(task: str, pk: int) -> None:
    context = structlog.contextvars.get_contextvars()
    headers = {"request_id": context["request_id"]} if "request_id" in context else {}
    try:
        current_app.send_task(task, args=[pk], headers=headers, ignore_result=True, retry=False)
    except Exception:  # the broker is down: the sweep does the work later
        log.warning("follow-up not sent", task=task, pk=pk, exc_info=True)
