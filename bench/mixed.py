"""The API at work: 14 declarations a second, and between them amendments, queries answered, and what a program reads.

As in the part "load" everything leaves on a timetable and is timed from the moment it was due; who is asked to come
again comes again, and the time counts on. Each second holds 14 lodgings, 2 amendments of what was lodged before, 2
questions read, 1 question answered, 2 readings of charges, 2 of the search, and 1 of the feed of events.
"""

import http.client
import json
import queue
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from accounts.models import Role
from bench import size
from bench.portal import URL, declaration, percentile, ratio, table, token, trader, wait_for_the_worker
from clearance import services as clearance
from clearance.models import Case
from declarations import services as declarations
from demo.accounts import TERMINAL
from demo.people import officer_with
from risk.models import Lane

RATE, SECONDS, CLIENTS = 14, size(30, 1), 24
WAITING_QUESTIONS = size(30, 1)
ROOT = "/api/v1/declarations/"
Ask = tuple[str, str, str, dict[str, Any] | None]


@dataclass
class Results:
    """Seconds by kind of request, what was lodged, and what went wrong."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    lodged: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    sent_away: int = 0


def with_questions(number: int) -> list[tuple[str, int]]:
    """Declarations each of which waits for an answer: MRN and question."""
    user, company = trader()
    officer, at, on = officer_with(Role.SUPERVISOR, TERMINAL), timezone.now(), timezone.localdate()
    made = []
    for _each in range(number):
        data = declaration()
        lodged = declarations.lodge_at_once(declarant=company, data=data, on=on, at=at, by=user).declaration
        clearance.take_up(lodged.pk, at=at)
        case = Case.objects.get(declaration=lodged)
        if case.lane not in (Lane.YELLOW, Lane.RED):
            case = clearance.reroute(case, lane=Lane.YELLOW, reason="To ask a question.", by=officer, at=at)
        case = clearance.claim(case, by=officer, at=at)
        due = on + timedelta(days=5)
        made.append((lodged.mrn, clearance.ask(case, question="Which contract?", due=due, by=officer, at=at).pk))
    wait_for_the_worker()
    return made


def of_a_second(results: Results, questions: list[tuple[str, int]], chance: random.Random) -> Iterator[Ask]:
    """What is asked within one second."""
    for _each in range(RATE):
        yield "lodge", "POST", f"{ROOT}lodge/", declaration()
    earlier = results.lodged[:]
    for _each in range(min(2, len(earlier))):
        mrn, content = results.lodged.pop(0)
        changed = {**content, "location_of_goods": f"Yard {chance.randint(1, 99)}", "reason": "The yard changed."}
        yield "amend", "POST", f"{ROOT}{mrn}/amend/", changed
    for mrn, _content in earlier[-4:-2]:
        yield "questions", "GET", f"{ROOT}{mrn}/queries/", None
    for mrn, _content in earlier[-2:]:
        yield "charges", "GET", f"{ROOT}{mrn}/charges/", None
    if questions:
        mrn, query = questions.pop()
        yield "answer", "POST", f"{ROOT}{mrn}/queries/{query}/answer/", {"text": "Contract 7."}
    for mrn, content in earlier[:2]:
        yield "search", "GET", f"{ROOT}?lrn={content['lrn']}&mrn={mrn}", None
    yield "events", "GET", "/api/v1/events/?limit=50", None


class Client:
    """One kept-alive connection with a token."""

    def __init__(self, key: str) -> None:
        self.line = http.client.HTTPConnection(urlsplit(URL).netloc, timeout=60)
        self.headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}

    def ask(self, due: float, asked: Ask, results: Results) -> None:
        kind, method, path, body = asked
        content = None if body is None else json.dumps(body)
        try:
            answer = self._send(method, path, content)
        except (http.client.HTTPException, OSError):
            self.line.close()
            answer = self._send(method, path, content)
        told = answer.read()
        while answer.status == 503 and (pause := answer.headers["Retry-After"]):  # as the answer asks for
            results.sent_away += 1
            time.sleep(int(pause))
            answer = self._send(method, path, content)
            told = answer.read()
        if answer.status not in (200, 201):
            results.failed.append(f"{kind} {answer.status} {told[:300]!r}")
            return
        results.took[kind].append(time.monotonic() - due)
        if kind == "lodge" and body is not None:
            results.lodged.append((json.loads(told)["mrn"], body))

    def _send(self, method: str, path: str, body: str | None) -> http.client.HTTPResponse:
        self.line.request(method, path, body=body, headers=self.headers)
        return self.line.getresponse()


def on_a_timetable(key: str, seconds: Callable[[Results], Iterator[Ask]]) -> Results:
    results = Results()
    work: queue.Queue[tuple[float, Ask] | None] = queue.Queue()

    def serve() -> None:
        client = Client(key)
        while (job := work.get()) is not None:
            client.ask(*job, results)

    clients = [threading.Thread(target=serve) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    begin = time.monotonic() + 0.5
    for second in range(SECONDS):
        asked = list(seconds(results))
        for number, each in enumerate(asked):
            due = begin + second + number / len(asked)
            time.sleep(max(0.0, due - time.monotonic()))
            work.put((due, each))
    for _ in clients:
        work.put(None)
    for client in clients:
        client.join()
    return results


def main() -> None:
    key, chance = token(), random.Random(2026)
    questions = with_questions(WAITING_QUESTIONS)
    warm = Client(key)
    for _ in range(10):
        warm.ask(time.monotonic(), ("lodge", "POST", f"{ROOT}lodge/", declaration()), Results())
    results = on_a_timetable(key, lambda so_far: of_a_second(so_far, questions, chance))
    asked, lodged = RATE * SECONDS, len(results.took["lodge"])
    rows = [("lodged of those sent", f"{lodged}", f"{asked}", ratio(lodged, asked))]
    for kind, took in results.took.items():
        wanted = "500 ms" if kind in ("lodge", "amend") else ""
        late = percentile(took, 0.95)
        share = ratio(late, 0.5) if wanted else ""
        rows.append((f"{kind}: {len(took)}, 95th percentile", f"{late * 1000:.0f} ms", wanted, share))
    rows.append(("asked to come again", f"{results.sent_away}", "", ""))
    rows.append(("failed", f"{len(results.failed)}", "0", ""))
    table(f"The API at work: {RATE} declarations a second for {SECONDS} s, and the rest between", rows)
    for fault in results.failed[:3]:
        print("refused:", fault)


if __name__ == "__main__":
    main()
