"""The databases of a test run: what a killed run left goes, what a living run uses stays, a commit leaves nothing."""

from collections.abc import Iterator

import psycopg2
import pytest
from django.contrib.sessions.models import Session
from django.db import connection, connections

from accounts.models import User
from customs_portal.embedded import APPLICATION
from risk.models import ValueGeneration
from tariffs.models import ServiceFee
from tests import make
from tests.clearance import make as clearance
from tests.databases import PREFIX, Databases
from tests.restoring import Kept

pytestmark = pytest.mark.server
LIVING, KILLED = f"{PREFIX}living", f"{PREFIX}killed"
EXISTING = "SELECT datname FROM pg_database WHERE datname IN (%s, %s)"


@pytest.fixture
def outside(databases: Databases, django_db_setup: None) -> Iterator[psycopg2.extensions.cursor]:
    """A session of another run, which has its databases; a third run was killed."""
    session = psycopg2.connect(dbname=databases.outer, application_name=LIVING, **databases.login())
    session.autocommit = True
    with session.cursor() as cursor:
        for name in (f"{LIVING}_1", f"{KILLED}_1"):
            cursor.execute(f"CREATE DATABASE {name}")
        yield cursor
        cursor.execute(f"DROP DATABASE {LIVING}_1")
    session.close()


def test_what_a_killed_run_left_is_dropped_and_what_a_living_run_uses_stays(
    databases: Databases, outside: psycopg2.extensions.cursor
) -> None:
    databases.drop_left_over()
    outside.execute(EXISTING, [f"{LIVING}_1", f"{KILLED}_1"])
    assert outside.fetchall() == [(f"{LIVING}_1",)]
    outside.execute("SELECT count(*) FROM pg_database WHERE datname IN (%s, %s)", [databases.own, databases.template])
    assert outside.fetchone() == (2,)


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_is_gone_after_a_reset_and_the_country_is_there(databases: Databases) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session VALUES ('committed', '', now())")
    databases.reset()
    with connection.cursor() as cursor:
        cursor.execute("SELECT NOT EXISTS (SELECT FROM django_session), (SELECT count(*) > 200 FROM tariffs_measure)")
        assert cursor.fetchone() == (True, True)


def contents() -> dict[str, str]:
    """A digest of the rows of each table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relid::regclass::text FROM pg_stat_user_tables ORDER BY 1")
        tables = [table for (table,) in cursor.fetchall()]
        one = "SELECT '{0}', md5(string_agg(row::text, ',' ORDER BY row::text)) FROM {0} AS row"
        cursor.execute(" UNION ALL ".join(one.format(table) for table in tables))
        return dict(cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_every_table_is_as_it_was_whichever_rows_were_written(databases: Databases) -> None:
    """Twice: a new clone is made where none is known to be restored, and after that rows are put back."""
    before = contents()
    for _time in range(2):
        make.released()
        User.objects.filter(email="trader@example.com").update(full_name="Somebody Else")
        Session.objects.create(session_key="committed", expire_date=make.AT)
        make.other_law(ServiceFee.objects.all())
        changed = contents()
        assert {table for table, rows in before.items() if changed[table] != rows} > {
            "tariffs_servicefee",
            "accounts_user",
        }
        databases.reset()
        assert contents() == before


@pytest.mark.django_db(transaction=True)
def test_what_rows_do_not_bring_back_is_left_to_a_new_clone(databases: Databases) -> None:
    connections.close_all()
    with databases.own_session() as cursor:
        kept = Kept(cursor)
        assert kept.brings_back(cursor)
        for altered in (
            "ALTER TABLE accounts_user DISABLE TRIGGER ALL",
            "ALTER TABLE accounts_user ALTER full_name DROP NOT NULL",
            "CREATE OR REPLACE FUNCTION left_over() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            f"REVOKE SELECT ON accounts_user FROM {APPLICATION}",
            "TRUNCATE django_session",
        ):
            cursor.execute(f"BEGIN; {altered}")
            assert not kept.brings_back(cursor), altered
            cursor.execute("ROLLBACK")
        assert kept.brings_back(cursor)
        cursor.execute("UPDATE tariff_lookup_synonym SET id = id")
        assert not kept.brings_back(cursor), "a large table"


@pytest.mark.django_db(transaction=True)
def test_what_is_remembered_of_criteria_that_were_reset_is_not_found_again(databases: Databases) -> None:
    """The second file would be on the lane of the first, had its criterion's row of history the same number."""
    clearance.paid("red")
    databases.reset()
    assert clearance.paid("yellow").lane == "yellow"


@pytest.mark.django_db(transaction=True)
def test_no_row_gets_a_number_a_second_time_after_a_reset(databases: Databases) -> None:
    """What was remembered of the first table of usual values would be said of the second, had it the same number."""

    def table() -> int:
        return int(ValueGeneration.objects.create(on=make.ON, at=make.AT, since=make.SINCE, rows=0).pk)

    given = [table()]
    for _time in range(2):
        databases.reset()
        given.append(table())
    assert len(set(given)) == 3
