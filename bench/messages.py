"""10,000 messages go out to a slow mail server: how many a second, and what a lodging beside it pays for them.

The server of this part answers each letter after some milliseconds, as one far away does. Declarations are lodged one
after another, first alone, then while the worker sends: the answer must take as long.
"""

import contextlib
import json
import multiprocessing
import os
import socketserver
import time
from collections.abc import Iterator

from django.db import connection
from django.utils import timezone

from bench import size
from bench.cpu import used
from bench.load import Client, Results
from bench.portal import declaration, percentile, ratio, table, token, trader, wait_for_the_worker
from declarations.models import Declaration
from lib.bulk import copy_in
from notifications.models import Delivery, Message

MESSAGES, LODGED = size(10_000, 40), size(150, 5)
SERVER_SECONDS = 0.005
PATIENCE = size(600, 60)


class Sink(socketserver.StreamRequestHandler):
    """Takes every letter, slowly, and throws it away."""

    def handle(self) -> None:
        self._say("220 sink")
        while line := self.rfile.readline():
            if line.upper().startswith(b"DATA"):
                self._say("354 go on")
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
                time.sleep(SERVER_SECONDS)
            self._say("250 taken")

    def _say(self, text: str) -> None:
        with contextlib.suppress(OSError):
            self.wfile.write(f"{text}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextlib.contextmanager
def sink() -> Iterator[None]:
    """Where the portal's worker was told that its mail server is; nothing where it writes letters into its log."""
    port = int(os.environ.get("EMAIL_PORT", "0"))
    if not port:
        yield
        return
    serving = multiprocessing.get_context("fork").Process(target=_serve, args=[port], daemon=True)
    serving.start()  # a process of its own, so that it takes no turn from the client
    yield
    serving.terminate()
    serving.join()


def _serve(port: int) -> None:
    with Server(("127.0.0.1", port), Sink) as server:
        server.serve_forever()


def write_messages(about: Declaration, count: int) -> None:
    """So many messages of one declaration, each with a letter that is due."""
    user, _company = trader()
    at = timezone.now()
    params = {"mrn": about.mrn, "due": "2026-12-01"}
    rows = [
        {"recipient": user, "kind": "question", "occurrence": f"bench:{about.pk}:{number}", "declaration": about,
         "params": params, "at": at}
        for number in range(count)
    ]  # fmt: skip
    keys = copy_in(Message, rows)
    copy_in(Delivery, [{"message": key, "channel": "email", "due_at": at} for key in keys])


def lodge(client: Client, count: int, *, web: int) -> tuple[list[float], float]:
    """Seconds of each answer, and milliseconds of CPU of the web processes for one."""
    results = Results()
    before = used({"web": web})["web"]
    for _each in range(count):
        client.lodge(json.dumps(declaration()), due=time.monotonic(), into=results)
    assert not results.failed, results.failed[:1]
    return results.answered, (used({"web": web})["web"] - before) / count


def waiting() -> int:
    return Delivery.objects.filter(status="waiting", daily=False).count()


def main() -> None:
    client = Client(token())
    web = json.loads(os.environ["BENCH_PROCESSES"])["web"]
    lodge(client, size(20, 2), web=web)
    wait_for_the_worker()
    alone, alone_ms = lodge(client, LODGED, web=web)
    wait_for_the_worker()
    with sink():
        write_messages(Declaration.objects.exclude(mrn="").latest("pk"), MESSAGES)
        started, first = time.monotonic(), waiting()
        while waiting() == first and time.monotonic() - started < PATIENCE:
            time.sleep(0.1)
        began = time.monotonic()
        beside, beside_ms = lodge(client, LODGED, web=web)
        sent_meanwhile = first - waiting()
        while waiting() and time.monotonic() - began < PATIENCE:
            time.sleep(0.2)
        seconds = time.monotonic() - began
    left = waiting()
    connection.close()
    middle, middle_alone = percentile(beside, 0.5), percentile(alone, 0.5)
    late, late_alone = percentile(beside, 0.95), percentile(alone, 0.95)
    rows = [
        ("sent", f"{first - left:,}", f"{MESSAGES:,}", ratio(first - left, MESSAGES)),
        ("sent a second", f"{(first - left) / seconds:.0f}", "", ""),
        ("sent while declarations were lodged", f"{sent_meanwhile:,}", "", ""),
        ("lodging alone, median", f"{middle_alone * 1000:.0f} ms", "", ""),
        ("lodging beside it, median", f"{middle * 1000:.0f} ms", "", ratio(middle, middle_alone)),
        ("lodging beside it, 95th percentile", f"{late * 1000:.0f} ms", "", ratio(late, late_alone)),
        ("CPU of web for one, beside it", f"{beside_ms:.1f} ms", f"{alone_ms:.1f} ms", ratio(beside_ms, alone_ms)),
    ]
    table(f"Messages: {MESSAGES:,} to a mail server that takes {SERVER_SECONDS * 1000:.0f} ms for each", rows)


if __name__ == "__main__":
    main()
