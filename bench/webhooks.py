"""1,000 events wait for a receiver that takes the line and never answers: what others pay for it.

A second receiver of the same company is sound. Declarations are lodged at a distance, so that the dead one is called
between them, first without the dead receiver, then with it: how long lodging takes, and how soon the sound receiver
hears of each.
"""

import json
import socket
import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.db import connection
from django.utils import timezone

from bench import size
from bench.load import Client, Results
from bench.portal import declaration, percentile, ratio, table, token, trader
from machines import services
from machines.models import Endpoint

WAITING, LODGED, PATIENCE = size(1000, 20), size(12, 2), 60.0
PAUSE = size(2000, 10) / 1000  # seconds
HEARD: dict[str, float] = {}


class Sound(BaseHTTPRequestHandler):
    """Takes everything and notes when."""

    def do_POST(self) -> None:
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if event["type"] == "declaration.assessed":
            HEARD.setdefault(event["data"]["mrn"], time.monotonic())
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        return


def lodge(key: str) -> tuple[list[float], list[float]]:
    """Seconds of each lodging, and until the sound receiver heard of it."""
    client, results = Client(key), Results()
    for _each in range(LODGED):
        client.lodge(json.dumps(declaration()), due=time.monotonic(), into=results)
        time.sleep(PAUSE)
    assert not results.failed, results.failed[:1]
    until = time.monotonic() + PATIENCE
    while not results.due.keys() <= HEARD.keys() and time.monotonic() < until:
        time.sleep(0.1)
    return results.answered, [HEARD[mrn] - due for mrn, due in results.due.items() if mrn in HEARD]


def let_wait(dead: Endpoint) -> None:
    """So many events that are due at the dead receiver, and at no other."""
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, [dead.company_id, WAITING, dead.pk])


def main() -> None:
    user, company = trader()
    key, at = token(), timezone.now()
    sound = ThreadingHTTPServer(("127.0.0.1", 0), Sound)
    threading.Thread(target=sound.serve_forever, daemon=True).start()
    services.add_endpoint(company, url=f"http://127.0.0.1:{sound.server_port}/", kinds=[], by=user, at=at)
    with closing(socket.create_server(("127.0.0.1", 0), backlog=64)) as silent:
        alone = lodge(key)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        dead, _secret = services.add_endpoint(company, url=url, kinds=["query.asked"], by=user, at=at)
        let_wait(dead)
        beside = lodge(key)
        with connection.cursor() as cursor:
            cursor.execute(_TRIED, [dead.pk])
            (tried,) = cursor.fetchone()
    rows = [
        ("lodging, median", *_beside(alone[0], beside[0])),
        ("heard by the sound receiver, median", *_beside(alone[1], beside[1])),
        ("heard by it, slowest", *_beside(alone[1], beside[1], share=1)),
        ("heard by it at all", f"{len(beside[1])}", f"{LODGED}", ratio(len(beside[1]), LODGED)),
        ("calls to the dead receiver meanwhile", f"{tried}", "", ""),
    ]
    table(f"{WAITING:,} webhooks to a dead receiver, beside none", rows)
    sound.shutdown()


def _beside(alone: list[float], beside: list[float], *, share: float = 0.5) -> tuple[str, str, str]:
    one, two = percentile(alone, share), percentile(beside or [PATIENCE], share)
    return f"{two * 1000:.0f} ms", f"{one * 1000:.0f} ms", ratio(two, one)


_EVENTS = """
WITH told AS (
    INSERT INTO machines_happening (company_id, kind, subject, declaration_id, data, at)
    SELECT %s, 'query.asked', -n, NULL, '{}', now() FROM generate_series(1, %s) n RETURNING id
)
INSERT INTO machines_sending (happening_id, endpoint_id, status, tries, due_at)
SELECT id, %s, 'waiting', 0, now() FROM told
"""
_TRIED = "SELECT count(*) FROM machines_trial t JOIN machines_sending s ON s.id = t.sending_id WHERE s.endpoint_id = %s"

if __name__ == "__main__":
    main()
