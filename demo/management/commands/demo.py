"""`manage.py demo`: the whole portal on this machine with demonstration data, until Ctrl-C.

It starts PostgreSQL and Redis, prepares the data in a process of its own, and supervises web, worker, beat and the
sandbox bank. When every one of them answers it prints `ready URL`. Whatever ends by itself is started again.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from customs_portal.embedded import Servers, Unavailable, leave, servers, sole_use
from demo.groups import end_groups, written_groups
from demo.processes import BEAT_RUNS, commands, environment, not_answering, without_owner
from demo.supervisor import GaveUp, Service, Supervisor

ALLOWED_START = 120.0
_PRIVATE = 0o077  # the umask: what is written is for this user alone


class Command(BaseCommand):
    help = "Run the portal with demonstration data."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--data", type=Path, default=settings.DATA_DIR)
        parser.add_argument("--fresh", action="store_true", help="forget the data of earlier runs")

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, leave)
        os.umask(_PRIVATE)
        data: Path = options["data"].resolve()
        try:
            with sole_use(data):
                _close_to_others(data)
                self._end_leftovers(data)
                _refuse_taken(options["port"], options["port"] + 1)
                if options["fresh"]:
                    _forget(data)
                self.stdout.write("starting PostgreSQL and Redis")
                with servers(data) as running:
                    self._run(data, options["port"], running)
        except (Unavailable, GaveUp) as problem:
            raise CommandError(str(problem)) from problem
        except KeyboardInterrupt:
            sys.exit(130)

    def _end_leftovers(self, data: Path) -> None:
        """What a start that was killed has left running, if its guard was killed as well."""
        left = written_groups(data)
        for group in left:
            self.stdout.write(f"found {group.name} (process {group.leader}) of a start that was killed: ending it")
        end_groups(left, patience=8)

    def _run(self, data: Path, port: int, running: Servers) -> None:
        variables = environment(data, port=port, places=running.places)
        prepared = subprocess.run([sys.executable, "manage.py", "prepare_demo"], cwd=settings.BASE_DIR, env=variables)
        if prepared.returncode:
            raise CommandError("the data could not be prepared; the lines above say why")
        beat_runs = threading.Event()
        supervisor = Supervisor(
            folder=data,
            environment=without_owner(variables),
            screen=sys.stdout,
            services={name: Service(command) for name, command in commands(data, port=port).items()},
            others=running.mend,
            heard=lambda name, line: beat_runs.set() if BEAT_RUNS in line else None,
        )
        ready = (beat_runs, port, running.places["REDIS_URL"])
        threading.Thread(target=_announce, args=ready, daemon=True).start()
        try:
            supervisor.run()
        except (KeyboardInterrupt, SystemExit):
            print("stopped", flush=True)


def _close_to_others(data: Path) -> None:
    """Folders that an earlier version left open. As root the database's own account may pass `data`, see below."""
    data.chmod(0o700)
    for path in data.iterdir():
        if path.is_dir() and not path.is_symlink() and path.name != "postgres":
            path.chmod(0o700)


def _refuse_taken(*ports: int) -> None:
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise CommandError(f"port {port} is taken: choose another with --port N (N and N+1 are used)") from None


def _forget(data: Path) -> None:
    """Remove what `demo` wrote; a database named by the environment is not ours to empty."""
    if "DATABASE_URL" in os.environ:
        raise CommandError("--fresh does not empty the database of DATABASE_URL: do that yourself")
    for name in ("postgres", "media", "logs"):
        shutil.rmtree(data / name, ignore_errors=True)
    for pattern in ("secret_key", "country-loaded", "sandbox_bank*", "beat-schedule*"):
        for path in data.glob(pattern):
            path.unlink()


# Readiness ----------------------------------------------------------------------------------------------------


def _announce(beat_runs: threading.Event, port: int, redis_url: str) -> None:
    """Print the one ready line when every process answers; stop everything when that takes too long."""
    until = time.monotonic() + ALLOWED_START
    while time.monotonic() < until:
        waiting = not_answering(port=port, redis_url=redis_url)
        waiting += [] if beat_runs.is_set() else ["beat"]
        if not waiting:
            print(f"ready http://127.0.0.1:{port}/", flush=True)
            return
        time.sleep(0.3)
    print(f"not ready after {ALLOWED_START:.0f} s: {', '.join(waiting)}", flush=True)
    os.kill(os.getpid(), signal.SIGTERM)
