"""The two roles of the database: the owner makes the tables, the application works in them (see docs/adr/0028).

The application owns nothing: it can neither drop nor disable a trigger, nor empty a table, nor change what only grows.
`manage.py migrate` uses the owner where `DATABASE_OWNER_URL` names one, and gives the application its rights anew.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg2 import sql

_WHO = ("USER", "PASSWORD", "HOST", "PORT")
# Tables whose trigger refuses every update, and every delete, whatever the row: the bits of pg_trigger.tgtype.
_ONLY_GROWS = """
SELECT relname, (tgtype & 16) <> 0, (tgtype & 8) <> 0
FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid
WHERE proname = 'refuse_change' AND tgqual IS NULL AND tgattr = ''::int2vector AND NOT tgisinternal ORDER BY relname
"""
_SINCE_MAINTAIN = 170_000  # the version of PostgreSQL that can let a role analyse tables of another


@contextmanager
def as_owner() -> Iterator[bool]:
    """Within, the connection is the owner's, if the settings name one; whether they do."""
    if settings.DATABASE_OWNER is None:
        yield False
        return
    application = {name: connection.settings_dict[name] for name in _WHO}
    connection.close()
    connection.settings_dict.update({name: settings.DATABASE_OWNER[name] for name in _WHO})
    try:
        yield True
    finally:
        connection.close()
        connection.settings_dict.update(application)


def give_rights(*, role: str, password: str = "") -> None:
    """Make `role` if it is missing and give it what the application needs, no more. The connection is the owner's."""
    with connection.cursor() as cursor:
        make_role(cursor, role=role, password=password)
        cursor.execute("SELECT current_database(), current_setting('server_version_num')::int")
        database, version = cursor.fetchone()
        maintain = ", MAINTAIN" if version >= _SINCE_MAINTAIN else ""
        for statement in (
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC, {role}",
            "REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {role}",
            "GRANT USAGE ON SCHEMA public TO {role}",
            "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE" + maintain + " ON ALL TABLES IN SCHEMA public TO {role}",
            "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
            # UPDATE: the library that takes tables in by file sets a sequence to the highest number in use.
            "GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {role}",
        ):
            names = {"role": sql.Identifier(role), "database": sql.Identifier(database)}
            cursor.execute(sql.SQL(statement).format(**names))
        for table, update, delete in only_growing(cursor):
            rights = ", ".join(name for name, taken in (("UPDATE", update), ("DELETE", delete)) if taken)
            statement = sql.SQL("REVOKE " + rights + " ON {table} FROM {role}")
            cursor.execute(statement.format(table=sql.Identifier(table), role=sql.Identifier(role)))


def make_role(cursor: CursorWrapper, *, role: str, password: str = "") -> None:
    """A role that may log in and owns nothing; an existing one keeps its password unless one is given."""
    cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
    name = sql.Identifier(role)
    if cursor.fetchone() is None:
        cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
    if password:
        cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, sql.Literal(password)))


def only_growing(cursor: CursorWrapper) -> list[tuple[str, bool, bool]]:
    """(table, no update, no delete) of each table whose rows stay as they were written."""
    cursor.execute(_ONLY_GROWS)
    return [(str(table), bool(update), bool(delete)) for table, update, delete in cursor.fetchall()]
