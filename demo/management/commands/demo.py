"""`manage.py demo`: the whole portal on this machine with demonstration data, until Ctrl-C.

It starts PostgreSQL and Redis, prepares the data in a process of its own, and supervises web, worker, beat and the
sandbox bank with honcho. When every one of them answers it prints `ready URL`. When one ends, all end.
"""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from honcho.manager import Manager
from honcho.printer import Message, Printer

from customs_portal.embedded import Unavailable, leave, servers, sole_use
from demo.processes import BEAT_RUNS, commands, environment, not_answering

IMPORTANT = re.compile(r"\b(ERROR|CRITICAL|Traceback|Exception)\b|\[(error|critical)")
ALLOWED_START = 120.0


class DemoPrinter(Printer):  # type: ignore[misc]
    """Writes each process's lines to its own log file and only the important ones to the screen."""

    def __init__(self, screen: TextIO, logs: Path) -> None:
        super().__init__(screen)
        self.logs = logs
        self.files: dict[str, TextIO] = {}
        self.beat_runs = threading.Event()
        self.stopping = False

    def write(self, message: Message) -> None:
        text = message.data.decode("utf-8", "replace") if isinstance(message.data, bytes) else message.data
        if message.name not in self.files:
            self.files[message.name] = (self.logs / f"{message.name}.log").open("a", buffering=1)
        self.files[message.name].write(text if text.endswith("\n") else text + "\n")
        if BEAT_RUNS in text:
            self.beat_runs.set()
        by_itself = message.name == "system" and "stopped" in text and not self.stopping
        if by_itself or (IMPORTANT.search(text) and not self.stopping):
            super().write(message)
        self.stopping = self.stopping or (message.name == "system" and text.startswith(("SIG", "sending")))


class Command(BaseCommand):
    help = "Run the portal with demonstration data."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--data", type=Path, default=settings.DATA_DIR)
        parser.add_argument("--fresh", action="store_true", help="forget the data of earlier runs")

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, leave)
        data: Path = options["data"].resolve()
        _refuse_taken(options["port"], options["port"] + 1)
        try:
            with sole_use(data):
                if options["fresh"]:
                    _forget(data)
                self.stdout.write("starting PostgreSQL and Redis")
                with servers(data) as places:
                    sys.exit(self._run(data, options["port"], places))
        except Unavailable as problem:
            raise CommandError(str(problem)) from problem
        except KeyboardInterrupt:
            sys.exit(130)

    def _run(self, data: Path, port: int, places: dict[str, str]) -> int:
        variables = environment(data, port=port, places=places)
        prepared = subprocess.run([sys.executable, "manage.py", "prepare_demo"], cwd=settings.BASE_DIR, env=variables)
        if prepared.returncode:
            raise CommandError("the data could not be prepared; the lines above say why")
        printer = DemoPrinter(sys.stdout, data / "logs")
        manager = Manager(printer)
        for name, command in commands(data, port=port).items():
            manager.add_process(name, shlex.join(command), env=variables, cwd=str(settings.BASE_DIR))
        watcher = threading.Thread(target=_announce, args=(manager, printer, port, places["REDIS_URL"]), daemon=True)
        watcher.start()
        manager.loop()
        asked_to_stop = manager.returncode in (130, 143)
        print("stopped" if asked_to_stop else f"a process ended by itself; see {data / 'logs'}", flush=True)
        return 0 if asked_to_stop else 1


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


def _announce(manager: Manager, printer: DemoPrinter, port: int, redis_url: str) -> None:
    """Print the one ready line when every process answers; stop everything when that takes too long."""
    until = time.monotonic() + ALLOWED_START
    while time.monotonic() < until:
        waiting = not_answering(port=port, redis_url=redis_url)
        waiting += [] if printer.beat_runs.is_set() else ["beat"]
        if not waiting:
            print(f"ready http://127.0.0.1:{port}/", flush=True)
            return
        time.sleep(0.3)
    print(f"not ready after {ALLOWED_START:.0f} s: {', '.join(waiting)}", flush=True)
    os.kill(os.getpid(), signal.SIGTERM)
