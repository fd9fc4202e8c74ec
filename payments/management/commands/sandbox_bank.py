"""`manage.py sandbox_bank --port 8001`: the bank to practise with, until it is told to stop."""

import signal
from argparse import ArgumentParser
from pathlib import Path
from socketserver import ThreadingMixIn
from types import FrameType
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from payments.sandbox_bank.application import Application
from payments.sandbox_bank.delivery import Courier
from payments.sandbox_bank.store import Store


class Command(BaseCommand):
    help = "Run the sandbox bank: a hosted payment page with signed call-backs. For practice, never for real money."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8001)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--url", default="", help="Where browsers reach it; by default BANK_URL.")
        parser.add_argument("--file", type=Path, default=settings.DATA_DIR / "sandbox_bank.sqlite3", help="Its books.")
        parser.add_argument("--late-seconds", type=float, default=20, help="How long a late call-back waits.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.BANK_SECRET:
            raise CommandError("BANK_SECRET (or BANK_SECRET_FILE) is not set.")
        store, secret = Store(options["file"]), settings.BANK_SECRET
        bank = Application(store, url=options["url"] or settings.BANK_URL, secret=secret, late=options["late_seconds"])
        courier = Courier(store, secret=secret)
        courier.start()
        with make_server(options["host"], options["port"], bank, _ThreadedServer, _QuietHandler) as server:
            signal.signal(signal.SIGTERM, _stop)
            self.stdout.write(f"sandbox bank at http://{options['host']}:{options['port']}/")
            self.stdout.flush()
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                courier.stop()


class _ThreadedServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Health checks every second are not worth a line each."""


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
