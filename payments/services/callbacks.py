"""How many call-backs of a day were not acted on: one row for each reason, however many anybody sends."""

from datetime import datetime

from django.db import connection
from django.utils import timezone


def count_refused(why: str, *, at: datetime) -> None:
    """Count one more."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO payments_refusedcallbacks (day, why, count, last_at) VALUES (%s, %s, 1, %s)
            ON CONFLICT (day, why) DO UPDATE SET count = payments_refusedcallbacks.count + 1, last_at = EXCLUDED.last_at
            """,
            [timezone.localtime(at).date(), why, at],
        )
