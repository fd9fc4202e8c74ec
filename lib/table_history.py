"""Whose work a change of a reference table is: a trigger keeps what a row was before and after, and reads it."""

from django.db import connection


def written_by(pk: int) -> None:
    """Until this transaction ends, changes of reference tables are those of the user with primary key `pk`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.by', %s, true)", [str(pk)])
