"""The history of models, written one row at a time: so its last key tells whether anything was changed."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from risk.models import Model, ModelEvent

_ONE_AT_A_TIME = 7_205_126_081  # any number that no other lock has


@transaction.atomic
def record_event(model: Model | None, verb: str, *, at: datetime, by: User | None = None, **data: Any) -> ModelEvent:
    """Rows are committed in the order of their keys: each waits until the transaction of the one before has ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    made: ModelEvent = ModelEvent.objects.create(model=model, at=at, by=by, verb=verb, data=data)
    return made
