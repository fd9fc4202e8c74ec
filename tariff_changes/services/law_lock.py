"""The key to published law: without it the database refuses every update and delete of a published row (ADR 16)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_ONE_AT_A_TIME = 7_205_126_003  # any number; the same in every process


@contextmanager
def may_write_law() -> Iterator[None]:
    """Within this block, and its transaction, published rows may be changed. For publication and the country loader."""
    with transaction.atomic():
        _say("on")
        yield
        _say("off")


def _say(state: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.publishing', %s, true)", [state])


def one_at_a_time() -> None:
    """Wait until every other transaction that judges or publishes is done; held until this one ends."""
    assert connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
