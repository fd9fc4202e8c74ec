"""What the application may not do to its own history: it owns no table, and what only grows it reads and adds to."""

from contextlib import closing

import psycopg2
import pytest
from django.db import ProgrammingError, connection, transaction
from psycopg2 import errors

from customs_portal.database_roles import only_growing
from customs_portal.embedded import APPLICATION
from tests.stack import Stack

EVENT = "declarations_event"
FORBIDDEN = [
    f"DROP TRIGGER event_refuse_change ON {EVENT}",
    f"ALTER TABLE {EVENT} DISABLE TRIGGER ALL",
    f"ALTER TABLE {EVENT} ADD COLUMN more int",
    f"TRUNCATE {EVENT}",
    "TRUNCATE payments_posting CASCADE",
    f"DROP TABLE {EVENT}",
    "DELETE FROM declarations_snapshot",
    "UPDATE traders_companyevent SET about = 'nothing'",
    "UPDATE payments_posting SET debit = 1",
    "DELETE FROM accounts_administrativeact",
    "SET session_replication_role = replica",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "DROP FUNCTION refuse_change CASCADE",
    "CREATE TABLE another (number int)",
    "DELETE FROM django_migrations",
    f"ALTER TABLE {EVENT} OWNER TO {APPLICATION}",
    "CREATE ROLE another SUPERUSER",
]


@pytest.mark.server
@pytest.mark.django_db
@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_application_may_not(statement: str) -> None:
    with connection.cursor() as cursor, pytest.raises(ProgrammingError), transaction.atomic():
        cursor.execute(statement)


@pytest.mark.server
@pytest.mark.django_db
def test_the_application_owns_nothing_and_every_table_that_only_grows_is_closed_to_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (APPLICATION,)
        cursor.execute("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user")
        assert cursor.fetchone() == (0,)
        tables = only_growing(cursor)
        assert {"declarations_snapshot", "payments_entry", "accounts_administrativeact"} <= {
            name for name, *_ in tables
        }
        for table, *_rights in tables:
            cursor.execute(
                "SELECT has_table_privilege(%s, 'INSERT'), has_table_privilege(%s, 'UPDATE, DELETE, TRUNCATE')",
                [table, table],
            )
            assert cursor.fetchone() == (True, False), table


def test_the_running_portal_works_as_a_role_that_may_not_either(stack: Stack) -> None:
    with closing(psycopg2.connect(stack.postgres.url)) as session:
        session.autocommit = True
        with session.cursor() as cursor:
            cursor.execute("SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user")
            assert cursor.fetchone() == (False, False, False)
            forbidden = [*FORBIDDEN, "CREATE TEMPORARY TABLE declarations_event (number int)", "SET ROLE postgres"]
            for statement in forbidden:
                with pytest.raises(errors.InsufficientPrivilege):
                    cursor.execute(statement)
