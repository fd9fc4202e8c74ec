"""The price of a declaration in CPU time; declarations a second from POST to ASSESSED, how soon the lane is known.

Requests leave on a fixed timetable whatever the answers do, and each is timed from the moment it was due, so a slow
answer is not hidden by the requests it held up. The lane counts as known when another connection can read the score.
The price is what all processes of portal and database use together, from POST until lane and settlement are known;
against a loop of fixed work it can be compared between machines.
"""

import http.client
import json
import os
import queue
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.db import connection

from bench import size
from bench.cpu import reference_loop, used
from bench.portal import URL, declaration, percentile, ratio, table, token

RATE, SECONDS, CLIENTS = 14, size(60, 1), 24
FAST_SECONDS, FAST_CLIENTS = size(20, 1), 8
CROWD = 48
PAGE = "/tariff/"
PRICED = size(150, 10)
PATH = "/api/v1/declarations/lodge/"


@dataclass
class Results:
    answered: list[float] = field(default_factory=list)
    due: dict[str, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    sent_away: list[float] = field(default_factory=list)


class Client:
    """One kept-alive connection with a token."""

    def __init__(self, key: str) -> None:
        self.line = http.client.HTTPConnection(urlsplit(URL).netloc, timeout=60)
        self.headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}

    def lodge(self, body: str, *, due: float, into: Results) -> None:
        try:
            answer = self._send(body)
        except (http.client.HTTPException, OSError):  # the server closed an idle connection: the LRN makes it safe
            self.line.close()
            answer = self._send(body)
        content = answer.read()
        if answer.status == 503 and answer.headers["Retry-After"]:
            into.sent_away.append(time.monotonic() - due)
            return
        if answer.status not in (200, 201):
            into.failed.append(f"{answer.status} {content[:300]!r}")
            return
        into.answered.append(time.monotonic() - due)
        into.due[json.loads(content)["mrn"]] = due

    def _send(self, body: str) -> http.client.HTTPResponse:
        self.line.request("POST", PATH, body=body, headers=self.headers)
        return self.line.getresponse()


def on_a_timetable(key: str) -> Results:
    results = Results()
    work: queue.Queue[tuple[float, str] | None] = queue.Queue()

    def serve() -> None:
        client = Client(key)
        while (job := work.get()) is not None:
            client.lodge(job[1], due=job[0], into=results)

    clients = [threading.Thread(target=serve) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    begin = time.monotonic() + 0.5
    for number in range(RATE * SECONDS):
        body = json.dumps(declaration())
        due = begin + number / RATE
        time.sleep(max(0.0, due - time.monotonic()))
        work.put((due, body))
    for _ in clients:
        work.put(None)
    for client in clients:
        client.join()
    return results


def as_many_as_possible(key: str, *, clients: int = FAST_CLIENTS) -> Results:
    """Each client sends the next one as soon as it has its answer."""
    results = Results()
    until = time.monotonic() + FAST_SECONDS

    def serve() -> None:
        client = Client(key)
        while time.monotonic() < until:
            client.lodge(json.dumps(declaration()), due=time.monotonic(), into=results)

    threads = [threading.Thread(target=serve) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


class PageReader(threading.Thread):
    """Somebody who opens a page again and again; how long each took."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.times: list[float] = []
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(0.2):
            started = time.monotonic()
            line = http.client.HTTPConnection(urlsplit(URL).netloc, timeout=60)
            line.request("GET", PAGE)
            assert line.getresponse().read()
            line.close()
            self.times.append(time.monotonic() - started)


def crowd(key: str) -> None:
    """Many more machines at once than can be served: who is sent away, how long anybody waits, how pages fare."""
    reader = PageReader()
    reader.start()
    results = as_many_as_possible(key, clients=CROWD)
    reader.stopped.set()
    reader.join()
    waited = [*results.answered, *results.sent_away]
    rows = [
        ("lodged a second", f"{len(results.answered) / FAST_SECONDS:.1f}", "", ""),
        ("sent away with Retry-After, a second", f"{len(results.sent_away) / FAST_SECONDS:.1f}", "", ""),
        ("longest wait for any answer", f"{max(waited):.2f} s", "30 s", ratio(max(waited), 30)),
        ("a page at the same time, median", f"{percentile(reader.times, 0.5) * 1000:.0f} ms", "", ""),
        ("a page at the same time, 95th percentile", f"{percentile(reader.times, 0.95) * 1000:.0f} ms", "", ""),
        ("failed", f"{len(results.failed)}", "0", ""),
    ]
    table(f"Crowd: {CROWD} machines that do not wait, {FAST_SECONDS} s", rows)


class LaneWatch(threading.Thread):
    """Notes when the score of each declaration can be read."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: dict[str, float] = {}
        self.stopped = threading.Event()

    def run(self) -> None:
        last = 0
        with connection.cursor() as cursor:
            while not self.stopped.wait(0.05):
                cursor.execute(
                    "SELECT s.id, d.mrn FROM risk_score s JOIN declarations_declaration d ON d.id = s.declaration_id "
                    "WHERE s.id > %s ORDER BY s.id",
                    [last],
                )
                for number, mrn in cursor.fetchall():
                    last = number
                    self.seen[mrn] = time.monotonic()

    def finish(self, expected: int) -> None:
        until = time.monotonic() + 30
        while len(self.seen) < expected and time.monotonic() < until:
            time.sleep(0.1)
        self.stopped.set()
        self.join()


def price(client: Client) -> dict[str, float]:
    """Milliseconds of CPU per declaration by process, for declarations that come one after another."""
    processes = json.loads(os.environ["BENCH_PROCESSES"])
    watch, results = LaneWatch(), Results()
    watch.start()
    before = used(processes)
    for _ in range(PRICED):
        client.lodge(json.dumps(declaration()), due=time.monotonic(), into=results)
    watch.finish(PRICED)
    time.sleep(2)  # what follows the lane
    after = used(processes)
    assert not results.failed, results.failed[:1]
    return {name: (after[name] - before[name]) / PRICED for name in processes}


def price_table(parts: dict[str, float]) -> None:
    total, loop = sum(parts.values()), reference_loop()
    rows = [(name, f"{spent:.1f} ms", "", "") for name, spent in sorted(parts.items(), key=lambda part: -part[1])]
    rows += [
        ("CPU per declaration", f"{total:.1f} ms", "", ""),
        ("loop of fixed work", f"{loop:.1f} ms", "", ""),
        ("declaration / loop", f"{total / loop:.2f}", "", ""),
    ]
    table(f"Price of a declaration: {PRICED}, one after another; 5 items, 3 documents", rows)


def main() -> None:
    key = token()
    warm = Client(key)
    for _ in range(20):
        warm.lodge(json.dumps(declaration()), due=time.monotonic(), into=Results())
    price_table(price(warm))
    watch = LaneWatch()
    watch.start()
    steady = on_a_timetable(key)
    watch.finish(len(steady.due))
    lanes = [watch.seen[mrn] - due for mrn, due in steady.due.items() if mrn in watch.seen]
    fast = as_many_as_possible(key)
    asked = RATE * SECONDS
    answer, lane = percentile(steady.answered, 0.95), percentile(lanes, 0.95)
    most = len(fast.answered) / FAST_SECONDS
    rows = [
        ("assessed of those sent", f"{len(steady.answered)}", f"{asked}", ratio(len(steady.answered), asked)),
        ("answer, median", f"{percentile(steady.answered, 0.5) * 1000:.0f} ms", "", ""),
        ("answer, 95th percentile", f"{answer * 1000:.0f} ms", "500 ms", ratio(answer, 0.5)),
        ("lane known, 95th percentile", f"{lane:.2f} s", "3 s", ratio(lane, 3)),
        ("lanes known", f"{len(lanes)}", f"{len(steady.due)}", ratio(len(lanes), max(1, len(steady.due)))),
        ("most a second, 8 clients", f"{most:.1f}", f"{RATE}", ratio(most, RATE)),
    ]
    table(f"Load: {RATE} a second for {SECONDS} s; 5 items, 3 documents", rows)
    crowd(key)
    for fault in (steady.failed + fast.failed)[:3]:
        print("refused:", fault)


if __name__ == "__main__":
    main()
