"""The Celery application. Redis carries messages only; whatever they ask for can be found again in PostgreSQL."""

import os
import time
import uuid
from typing import Any

import structlog
from celery import Celery, Task
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "customs_portal.settings")

log = structlog.get_logger("task")


class PortalTask(Task):  # type: ignore[type-arg]
    """Goes on with the request id of whoever set it to work, so that one search finds all log lines of a request."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not (self.request.called_directly or self.request.is_eager):
            close_old_connections()
        request_id = (self.request.headers or {}).get("request_id") or uuid.uuid4().hex
        with structlog.contextvars.bound_contextvars(request_id=request_id, task=self.name):
            started = time.monotonic()
            done = super().__call__(*args, **kwargs)
            log.info("worked", arguments=args, ms=round((time.monotonic() - started) * 1000))
            return done


app = Celery("customs_portal", task_cls=PortalTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
