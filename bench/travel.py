"""Travellers' declarations a second from the last button to the answer, on a fixed timetable.

Each is a working copy of one traveller with goods above the limit and cash, prepared before; what is measured is the
sending: judged whole, written with its rows, answered with the address of what stands.
"""

import http.client
import itertools
import queue
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.core.signing import get_cookie_signer
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string

from bench import size
from bench.portal import URL, percentile, ratio, table
from passengers import services
from passengers.models import TravelDeclaration
from passengers.requests import COOKIE, SALT
from tariffs.selectors import territory

RATE, SECONDS, CLIENTS = 20, size(30, 2), 16
WANTED = 0.4
TOKEN = get_random_string(32)
_serial = itertools.count(1)


@dataclass
class Results:
    answered: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def prepared() -> TravelDeclaration:
    """A working copy that is ready to be sent."""
    now, on, number = timezone.now(), timezone.localdate(), next(_serial)
    dollar = territory().trade_currencies[0]
    trip = {"direction": "entry", "way": "air", "post": "TJ01", "day": on.isoformat(), "carriage": "TK 254"}
    made = services.begin(trip=trip, language="en", at=now)
    good = {"topic": "goods", "category": "CLOTHES", "commodity": "62", "mass": "30", "price": "1500",
            "currency": dollar, "description": "Presents"}  # fmt: skip
    person = {"family": "Раҳмонов", "given": "Фирӯз", "birth": "1990-05-01", "document": f"4{number:08d}",
              "citizenship": "TJ", "residence": "TJ"}  # fmt: skip
    money = {"person": "1", "kind": "cash", "currency": dollar, "amount": "4000"}
    parts: dict[str, list[Any]] = {"people": [person], "carries": ["money", "goods"], "money": [money],
             "goods": [good | {"key": "a1"}, good | {"key": "a2", "price": "300", "mass": "5"}]}  # fmt: skip
    for part, value in parts.items():
        made = services.save_part(made, part=part, value=value, at=now)
    return made


def send(line: http.client.HTTPConnection, made: TravelDeclaration, *, due: float, into: Results) -> None:
    key = made.public_id
    cookie = get_cookie_signer(salt=COOKIE + SALT).sign(key.hex)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"csrftoken={TOKEN}; {COOKIE}={cookie}",
    }
    body = urlencode({"csrfmiddlewaretoken": TOKEN, "key": uuid.uuid4().hex})
    line.request("POST", reverse("travel_review", args=[key]), body=body, headers=headers)
    answer = line.getresponse()
    content = answer.read()
    if answer.status == 302 and answer.headers["Location"] == reverse("travel_standing", args=[key]):
        into.answered.append(time.monotonic() - due)
    else:
        into.failed.append(f"{answer.status} {content[:300]!r}")


def on_a_timetable(declarations: list[TravelDeclaration]) -> Results:
    """Each is sent when it is due, whatever the others do, and timed from then."""
    results = Results()
    work: queue.Queue[tuple[float, TravelDeclaration] | None] = queue.Queue()

    def serve() -> None:
        line = http.client.HTTPConnection(urlsplit(URL).netloc, timeout=60)
        while (job := work.get()) is not None:
            try:
                send(line, job[1], due=job[0], into=results)
            except (http.client.HTTPException, OSError) as error:
                line.close()
                results.failed.append(repr(error))

    clients = [threading.Thread(target=serve) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    begin = time.monotonic() + 0.5
    for number, made in enumerate(declarations):
        due = begin + number / RATE
        time.sleep(max(0.0, due - time.monotonic()))
        work.put((due, made))
    for _ in clients:
        work.put(None)
    for client in clients:
        client.join()
    return results


def main() -> None:
    on_a_timetable([prepared() for _ in range(RATE)])  # what is remembered is read
    results = on_a_timetable([prepared() for _ in range(RATE * SECONDS)])
    asked, slow = RATE * SECONDS, percentile(results.answered or [0.0], 0.95)
    rows = [
        ("sent and answered", f"{len(results.answered)}", f"{asked}", ratio(len(results.answered), asked)),
        ("answer, median", f"{percentile(results.answered or [0.0], 0.5) * 1000:.0f} ms", "", ""),
        ("answer, 95th percentile", f"{slow * 1000:.0f} ms", f"{WANTED * 1000:.0f} ms", ratio(slow, WANTED)),
    ]
    table(f"Travellers: {RATE} declarations a second for {SECONDS} s; two things above the limit, and cash", rows)
    for fault in results.failed[:3]:
        print("refused:", fault)


if __name__ == "__main__":
    main()
