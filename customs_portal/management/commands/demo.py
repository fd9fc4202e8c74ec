"""`manage.py demo`: the whole portal on this machine with demonstration data, until Ctrl-C.

It starts PostgreSQL and Redis, prepares the data in a process of its own, and supervises web, worker, beat and the
sandbox bank with honcho. When every one of them answers it prints `ready URL`. When one ends, all end.
"""

import os
import re
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO

from celery import Celery
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from honcho.manager import Manager
from honcho.printer import Message, Printer

from customs_portal.embedded import Unavailable, leave, servers, sole_use

IMPORTANT = re.compile(r"error|critical|traceback|exception", re.IGNORECASE)
BEAT_RUNS = "beat: Starting"
ALLOWED_START = 120.0


class DemoPrinter(Printer):  # type: ignore[misc]
    """Writes each process's lines to its own log file and only the important ones to the screen."""

    def __init__(self, screen: TextIO, logs: Path) -> None:
        super().__init__(screen)
        self.logs = logs
        self.files: dict[str, TextIO] = {}
        self.beat_runs = threading.Event()

    def write(self, message: Message) -> None:
        text = message.data.decode("utf-8", "replace") if isinstance(message.data, bytes) else message.data
        if message.name not in self.files:
            self.files[message.name] = (self.logs / f"{message.name}.log").open("a", buffering=1)
        self.files[message.name].write(text if text.endswith("\n") else text + "\n")
        if BEAT_RUNS in text:
            self.beat_runs.set()
        if IMPORTANT.search(text) or (message.name == "system" and "stopped" in text):
            super().write(message)


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
        environment = _environment(data, port, places)
        prepared = subprocess.run([sys.executable, "manage.py", "prepare_demo"], cwd=settings.BASE_DIR, env=environment)
        if prepared.returncode:
            raise CommandError("the data could not be prepared; the lines above say why")
        printer = DemoPrinter(sys.stdout, data / "logs")
        manager = Manager(printer)
        for name, command in _processes(data, port).items():
            manager.add_process(name, shlex.join(command), env=environment, cwd=str(settings.BASE_DIR))
        watcher = threading.Thread(target=_announce, args=(manager, printer, port, places["REDIS_URL"]), daemon=True)
        watcher.start()
        manager.loop()
        asked_to_stop = manager.returncode in (130, 143)
        print("stopped" if asked_to_stop else f"a process ended by itself; see {data / 'logs'}", flush=True)
        return 0 if asked_to_stop else 1


def _processes(data: Path, port: int) -> dict[str, list[str]]:
    python = sys.executable
    celery = [python, "-m", "celery", "-A", "customs_portal"]
    bind = ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm"]  # noqa: S108
    return {
        "web": [python, "-m", "gunicorn", "customs_portal.wsgi", *bind, "--graceful-timeout", "4"],
        "worker": [*celery, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle", "-l", "INFO"],
        "beat": [*celery, "beat", "-l", "INFO", "--pidfile=", "--schedule", str(data / "beat-schedule")],
        "bank": [python, "manage.py", "sandbox_bank", "--port", str(port + 1)],
    }


def _environment(data: Path, port: int, places: dict[str, str]) -> dict[str, str]:
    key = data / "secret_key"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(50))
    return {
        **os.environ,
        **places,
        "DEMO": "1",
        "DATA_DIR": str(data),
        "SECRET_KEY_FILE": str(key),
        "SITE_URL": os.environ.get("SITE_URL", f"http://127.0.0.1:{port}"),
        "BANK_URL": f"http://127.0.0.1:{port + 1}",
        "LOG_FORMAT": os.environ.get("LOG_FORMAT", "text"),
        "PYTHONUNBUFFERED": "1",
    }


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
    for name in ("postgres", "media", "static"):
        shutil.rmtree(data / name, ignore_errors=True)
    for path in [data / "secret_key", *data.glob("beat-schedule*")]:
        path.unlink(missing_ok=True)


# Readiness ----------------------------------------------------------------------------------------------------


def _announce(manager: Manager, printer: DemoPrinter, port: int, redis_url: str) -> None:
    """Print the one ready line when every process answers; stop everything when that takes too long."""
    until = time.monotonic() + ALLOWED_START
    while time.monotonic() < until:
        waiting = _not_answering(printer, port, redis_url)
        if not waiting:
            print(f"ready http://127.0.0.1:{port}/", flush=True)
            return
        time.sleep(0.3)
    print(f"not ready after {ALLOWED_START:.0f} s: {', '.join(waiting)}", flush=True)
    os.kill(os.getpid(), signal.SIGTERM)


def _not_answering(printer: DemoPrinter, port: int, redis_url: str) -> list[str]:
    answers = {
        "web": _web_answers(f"http://127.0.0.1:{port}/readyz", below=400),
        "bank": _web_answers(f"http://127.0.0.1:{port + 1}/", below=500),
        "beat": printer.beat_runs.is_set(),
        "worker": _worker_answers(redis_url),
    }
    return [name for name, there in answers.items() if not there]


def _web_answers(url: str, *, below: int) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 (a loopback address of our own)
            return bool(answer.status < below)
    except urllib.error.HTTPError as error:
        return error.code < below
    except OSError:
        return False


def _worker_answers(redis_url: str) -> bool:
    try:
        return bool(Celery(broker=redis_url).control.ping(timeout=1, limit=1))
    except OSError:
        return False
