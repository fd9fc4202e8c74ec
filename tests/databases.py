"""The databases of a test run: a template that holds the loaded country, and a clone of it for each process.

The template is made once for each state of what it is made from, and kept as a dump in `.portal/tests`; later runs
restore the dump. All databases of a run carry its name. A session of that name lives as long as a process of the run;
databases without one are left over from a run that was killed, and the next run drops them.
"""

import fcntl
import hashlib
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from accounts.models import FollowUp
from accounts.services import followups
from customs_portal.database_roles import give_rights, make_role
from customs_portal.embedded import APPLICATION, postgres_programs
from tests import make
from tests.migrating import rendered_once
from tests.restoring import Kept, can_be_kept

COUNTRY = settings.BASE_DIR / "countries" / "tj"
KEPT = settings.BASE_DIR / ".portal" / "tests"
# What the content of the template depends on: another state of these makes another dump.
MADE_FROM = (
    "*/migrations/**/*.py",
    "tariff*/**/*.py",
    "lib/**/*.py",
    "accounts/**/*.py",
    "customs_portal/management/**/*.py",
    "customs_portal/settings.py",
    "customs_portal/database_roles.py",
    "countries/**/*",
    "requirements/test.txt",
    "tests/databases.py",
    "tests/migrating.py",
)
DUMPS_KEPT = 4
ITS_OWN_SETTINGS = re.compile(r"^(?:SET transaction_timeout = 0|ALTER TABLE ONLY .* SET \(pg_attver=\d+\));\n", re.M)
PREFIX = "portal_test_"
RUN = "PORTAL_TEST_RUN"
# A process remembers what it has read under numbers of rows and editions: no database gives one a second time.
NUMBER_ANEW = """
SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, %s) FROM pg_sequences
WHERE schemaname = 'public' AND data_type = 'bigint'::regtype
"""
LEFT_OVER = f"""
SELECT made.datname FROM pg_database AS made WHERE starts_with(made.datname, '{PREFIX}') AND NOT EXISTS (
    SELECT FROM pg_stat_activity WHERE application_name = '{PREFIX}' || split_part(made.datname, '_', 3)
)
"""

# The processes that this one starts belong to its run.
os.environ.setdefault(RUN, f"{os.getpid()}x{secrets.token_hex(4)}")


class Databases:
    """The template of this run, and the clone of it that belongs to this process."""

    def __init__(self) -> None:
        self.place = connection.settings_dict
        if settings.DATABASE_OWNER is not None:
            self.place.update({name: settings.DATABASE_OWNER[name] for name in ("USER", "PASSWORD", "HOST", "PORT")})
        self.outer = str(self.place["NAME"])
        self.template = PREFIX + os.environ[RUN]
        self.own = f"{self.template}_{os.getpid()}"
        self.session: Any = None
        self.resets = 0
        self.kept: Kept | None = None

    def begin(self) -> None:
        """Point Django at a clone of this process's own."""
        self.session = psycopg2.connect(dbname=self.outer, application_name=self.template, **self.login())
        self.session.autocommit = True
        with _alone():
            with self.session.cursor() as cursor:
                make_role(cursor, role=APPLICATION)
            self._quieten()
            self.drop_left_over()
            self._make_template()
        self._clone()
        self._use(self.own)
        self._work_as(APPLICATION)

    def _quieten(self) -> None:
        """A server for tests alone need not tidy up behind them: its databases live for minutes."""
        if self._ask("SHOW fsync") == [("off",)]:
            self._do("ALTER SYSTEM SET autovacuum = off")
            self._ask("SELECT pg_reload_conf()")

    def drop_left_over(self) -> None:
        """Another run may be dropping the same at this moment."""
        for (name,) in self._ask(LEFT_OVER):
            with suppress(psycopg2.Error):
                self._drop(name)

    def reset(self) -> None:
        """Forget all that was committed, whoever is still connected: by a fresh clone where rows alone do not do it."""
        if self.brought_back(self.kept):
            return
        self._drop(self.own)
        self._clone()
        self.kept = self.as_it_stands()

    def as_it_stands(self) -> Kept | None:
        """What this process's database holds now; None where the server does not let it be kept."""
        connections.close_all()
        with self.own_session() as cursor:
            return Kept(cursor) if can_be_kept(cursor) else None

    def brought_back(self, kept: Kept | None) -> bool:
        """Whether it holds that again; new rows get new keys. If not, nothing was done."""
        connections.close_all()
        if kept is None:
            return False
        with self.own_session() as cursor:
            done = kept.brings_back(cursor)
            if done:
                self._number_anew(cursor)
        return done

    def end(self) -> None:
        connections.close_all()
        self._work_as(None)
        self._use(self.outer)
        self._drop(self.own)
        with _alone():
            others = (
                f"SELECT FROM pg_stat_activity WHERE application_name = '{self.template}' AND pid <> pg_backend_pid()"
            )
            if not self._ask(others):
                self._drop(self.template)
        self.session.close()

    # The template ---------------------------------------------------------------------------------------------

    def dump(self) -> Path:
        """The dump of the loaded country that fits the project as it stands, whichever server it is restored to."""
        return KEPT / f"{_state()}.sql"

    def _make_template(self) -> None:
        if self._ask(f"SELECT FROM pg_database WHERE datname = '{self.template}'"):
            return
        self._do(f'CREATE DATABASE "{self.template}"')
        try:
            self._fill_template(self.dump())
            self._settle_people()
        except BaseException:
            self._drop(self.template)
            raise

    def _fill_template(self, dump: Path) -> None:
        if dump.exists():
            restore(dump, name=self.template, login=self._environment())
            dump.touch()
        else:
            self._use(self.template)
            with _without_owner(), rendered_once():
                call_command("migrate", verbosity=0)
            call_command("load_country", str(COUNTRY), verbosity=0)
            connections.close_all()
            self._keep(dump)
        self._use(self.template)
        give_rights(role=APPLICATION)
        connections.close_all()
        _run(["vacuumdb", "--freeze", "--analyze", self.template], login=self._environment())

    def _settle_people(self) -> None:
        """The persons and companies of `tests.make`, whom nearly every test asks for; nothing is left to follow."""
        self._use(self.template)
        with _without_owner(), mock.patch.object(followups, "_send"):
            for person in (make.trader, make.stranger, *make.OFFICERS):
                person()
            FollowUp.objects.all().delete()
        connections.close_all()

    def _keep(self, dump: Path) -> None:
        unfinished = dump.with_suffix(".unfinished")
        _run(
            ["pg_dump", "--no-owner", "--no-privileges", f"--file={unfinished}", self.template],
            login=self._environment(),
        )
        unfinished.rename(dump)
        for old in sorted(KEPT.glob("*.sql"), key=lambda path: -path.stat().st_mtime)[DUMPS_KEPT:]:
            old.unlink()

    # The server -----------------------------------------------------------------------------------------------

    def _clone(self) -> None:
        """Copying files is quicker, but where the server waits for its disk it also waits for a checkpoint."""
        strategy = "FILE_COPY" if self._ask("SHOW fsync") == [("off",)] else "WAL_LOG"
        self._do(f'CREATE DATABASE "{self.own}" TEMPLATE "{self.template}" STRATEGY {strategy}')
        with self.own_session() as cursor:
            self._number_anew(cursor)

    def _number_anew(self, cursor: Any) -> None:
        self.resets += 1
        cursor.execute(NUMBER_ANEW, [self.resets * 1_000_000])

    @contextmanager
    def own_session(self) -> Iterator[Any]:
        """A session of the tables' owner in this process's own database."""
        session = psycopg2.connect(dbname=self.own, **self.login())
        session.autocommit = True
        try:
            with session.cursor() as cursor:
                yield cursor
        finally:
            session.close()

    def _drop(self, name: str) -> None:
        self._do(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _do(self, sql: str) -> None:
        with self.session.cursor() as cursor:
            cursor.execute(sql)

    def _ask(self, sql: str) -> list[tuple[Any, ...]]:
        with self.session.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    def _use(self, name: str) -> None:
        connections.close_all()
        self.place["NAME"] = settings.DATABASES["default"]["NAME"] = name

    def _work_as(self, role: str | None) -> None:
        """Tests work as the application does: as a role that owns nothing. What tidies up keeps the owner's session."""
        connections.close_all()
        self.place["OPTIONS"].pop("options", None)
        if role is not None:
            self.place["OPTIONS"]["options"] = f"-c role={role} -c synchronous_commit=off"  # nothing is to last

    def login(self) -> dict[str, str]:
        said = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
        return {name: str(self.place[key]) for name, key in said.items() if self.place[key]}

    def _environment(self) -> dict[str, str]:
        return {f"PG{name.upper()}": value for name, value in self.login().items()}


def restore(dump: Path, *, name: str, login: dict[str, str]) -> None:
    """Fill the empty database `name` from a dump, without settings that only the server of the wheel knows."""
    known = ITS_OWN_SETTINGS.sub("", dump.read_text())
    _run(["psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", name], login=login, given=known)


def _run(command: list[str], *, login: dict[str, str], given: str = "") -> None:
    program = [str(postgres_programs() / command[0]), *command[1:]]
    done = subprocess.run(program, env={**os.environ, **login}, input=given, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def _state() -> str:
    digest = hashlib.sha256(sys.version.encode())
    paths = {path for pattern in MADE_FROM for path in settings.BASE_DIR.glob(pattern) if path.is_file()}
    for path in sorted(path for path in paths if path.suffix != ".pyc"):
        digest.update(str(path.relative_to(settings.BASE_DIR)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _without_owner() -> Iterator[None]:
    """The owner's session is the one in use already."""
    owner, settings.DATABASE_OWNER = settings.DATABASE_OWNER, None
    try:
        yield
    finally:
        settings.DATABASE_OWNER = owner


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time makes or drops what several share."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
