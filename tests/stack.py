"""The real processes for tests: PostgreSQL, Redis, web, worker, beat and sandbox bank on free ports, with own data."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import psycopg2
import redis
from django.conf import settings

from customs_portal.embedded import Postgres, Redis, free_port
from demo.processes import BEAT_RUNS, commands, environment, not_answering, without_owner
from lib.breaker import PAUSE_SECONDS
from tests.databases import restore

# Each sweep is a dozen tasks, beside the tests as long as they run; what waits for one is told how long that takes.
SWEEP_SECONDS = 5
RATE = """
SELECT rate / nominal FROM tariffs_exchangerate WHERE currency = %s AND valid_from <=
(now() AT TIME ZONE 'Asia/Dushanbe')::date ORDER BY valid_from DESC LIMIT 1
"""
GAVE_UP = re.compile(r"^(\S+Z) .*nobody could be sent for", re.MULTILINE)
T = TypeVar("T")


class Stack:
    """A whole portal of its own. Tests may kill its parts; `mend()` brings back what is missing."""

    def __init__(self, *, sweep_seconds: int = SWEEP_SECONDS) -> None:
        self.sweep_seconds = sweep_seconds
        self.data = Path(tempfile.mkdtemp(prefix="portal-stack-", dir="/tmp"))
        self.data.chmod(0o711)
        self.logs = self.data / "logs"
        self.logs.mkdir()
        self.postgres = Postgres(self.data / "postgres", logs=self.logs, lasting=False)
        self.redis = Redis(logs=self.logs)
        self.port = _two_free_ports()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.tokens: dict[str, str] = {}
        self.left_undone: set[bytes] = set()  # what a killed worker had taken up

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def bank_url(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}"

    @property
    def variables(self) -> dict[str, str]:
        places = {"DATABASE_URL": self.postgres.url, "DATABASE_OWNER_URL": self.postgres.owner_url}
        places["REDIS_URL"] = self.redis.url
        return {
            **environment(self.data, port=self.port, places=places),
            "SWEEP_SECONDS": str(self.sweep_seconds),
            "SITE_URL": self.url,
            "STATIC_ROOT": str(settings.BASE_DIR / ".portal" / "static"),
        }

    def begin(self, *, dump: Path | None = None) -> None:
        """Start it all; with a dump of the loaded country its tables need not be loaded again."""
        self.postgres.start()
        self.redis.start()
        if dump is not None:
            restore(dump, name="postgres", login={"PGHOST": str(self.postgres.sockets), "PGUSER": "postgres"})
        self.manage("prepare_demo", "--people-alone")
        for name in commands(self.data, port=self.port):
            self.start(name)
        self.wait_until_ready()

    def end(self) -> None:
        for name in list(self.processes):
            self.stop(name)
        self.redis.close()
        self.postgres.close()
        shutil.rmtree(self.data, ignore_errors=True)

    # One process ----------------------------------------------------------------------------------------------

    def start(self, name: str) -> None:
        command = commands(self.data, port=self.port)[name]
        with (self.logs / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env=without_owner(self.variables),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self, name: str) -> None:
        process = self.processes.pop(name)
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(8)
        self._kill_group(process)

    def stop_clock(self) -> None:
        """From now on nothing is swept: beat is stopped, and what it had announced is done.

        Who could not reach Redis just now does not ask it again for a while, and nobody makes up for that any more.
        """
        wait_for(lambda: not self.somebody_gave_up(), "Redis to be asked again", explain=self.tail)
        self.stop("beat")
        wait_for(lambda: not self._announced(), "the worker to do what beat has announced", explain=self.tail)

    def somebody_gave_up(self) -> bool:
        """Whether web or worker could not reach Redis just now, as their logs say."""
        said = [moment for name in ("web", "worker") for moment in GAVE_UP.findall(self.log(name))]
        since = datetime.now(UTC) - datetime.fromisoformat(max(said, default="2000-01-01T00:00:00Z"))
        return since < timedelta(seconds=PAUSE_SECONDS + 1)

    def _announced(self) -> bool:
        """Whether a task waits in a queue, or is being done by a worker that lives."""
        with redis.Redis.from_url(self.redis.url) as client:
            waits = any(client.llen(queue) for queue in client.scan_iter(_type="LIST"))
            return waits or bool(self._being_done(client) - self.left_undone)

    def _being_done(self, client: "redis.Redis[bytes]") -> set[bytes]:
        return set(client.hkeys("unacked"))

    def kill(self, name: str) -> None:
        """`kill -9` of the process and its children: no chance to tidy up."""
        self._kill_group(self.processes.pop(name))
        if name == "worker":
            with redis.Redis.from_url(self.redis.url) as client:
                self.left_undone = self._being_done(client)

    def _kill_group(self, process: subprocess.Popen[bytes]) -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def mend(self) -> None:
        """Start what a test has taken away, and again what ends meanwhile, as whoever supervises the portal does.

        The library that talks to Redis may end a worker whose line breaks while it connects.
        """
        wait_for(self._mended, "the processes to answer", seconds=60, explain=self.tail)

    def _mended(self) -> bool:
        for name in commands(self.data, port=self.port):
            if name not in self.processes or self.processes[name].poll() is not None:
                self.start(name)
        return not self._waiting()

    def wait_until_ready(self) -> None:
        wait_for(lambda: not self._waiting(), "the processes to answer", seconds=60, explain=self.tail)

    def _waiting(self) -> list[str]:
        ended = [name for name, process in self.processes.items() if process.poll() is not None]
        assert not ended, f"{ended} ended:\n{self.tail()}"
        beat = [] if BEAT_RUNS in self.log("beat") else ["beat"]
        return beat + not_answering(port=self.port, redis_url=self.redis.url)

    def log(self, name: str) -> str:
        return (self.logs / f"{name}.log").read_text(errors="replace")

    def tail(self) -> str:
        """The last lines of every log, for a failure's message."""
        parts = [
            f"--- {path.name}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-12:])
            for path in sorted(self.logs.glob("*.log"))
        ]
        return "\n".join(parts)

    # Its data -------------------------------------------------------------------------------------------------

    def manage(self, *arguments: str) -> str:
        """Run `manage.py` on the stack's database; returns what it printed."""
        command = [commands(self.data, port=self.port)["web"][0], "manage.py", *arguments]
        done = subprocess.run(command, cwd=settings.BASE_DIR, env=self.variables, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def token(self, email: str) -> str:
        """Every right of this person, for a program; made at the first call: to start `manage.py` takes seconds."""
        if email not in self.tokens:
            self.tokens[email] = self.manage("issue_token", email).strip()
        return self.tokens[email]

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Read (or write) the stack's database; the tests' own database is another one."""
        with psycopg2.connect(self.postgres.owner_url) as connection, connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def value(self, sql: str, *values: Any) -> Any:
        found = self.rows(sql, *values)
        return found[0][0] if found else None

    def rate(self, currency: str) -> Any:
        """National currency for one unit, on the day on which the stack lives: its law and its rates are today's."""
        return self.value(RATE, currency)

    def empty_redis(self) -> None:
        with redis.Redis.from_url(self.redis.url) as client:
            client.flushall()


def wait_for(condition: Callable[[], T], what: str, *, seconds: float = 60, explain: Callable[[], str] = str) -> T:
    """Ask again until `condition` is true; return what it gave."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds:.0f} s in vain for {what}\n{explain()}")


def _two_free_ports() -> int:
    while True:
        port = free_port()
        with socket.socket() as probe, suppress(OSError, OverflowError):
            probe.bind(("127.0.0.1", port + 1))
            return port
