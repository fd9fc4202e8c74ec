"""The databases of a test run: what a killed run left goes, what a living run uses stays, a commit leaves nothing."""

from collections.abc import Iterator

import psycopg2
import pytest
from django.db import connection

from tests.clearance import make as clearance
from tests.databases import PREFIX, Databases

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


@pytest.mark.django_db(transaction=True)
def test_what_is_remembered_of_criteria_that_were_reset_is_not_found_again(databases: Databases) -> None:
    """The second file would be on the lane of the first, had its criterion's row of history the same number."""
    clearance.paid("red")
    databases.reset()
    assert clearance.paid("yellow").lane == "yellow"
