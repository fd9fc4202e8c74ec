"""What the sandbox bank does badly on purpose, as its testers chose: what arrives, and what is answered."""

import io
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from lib.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, headers, is_genuine
from payments.sandbox_bank.application import Application
from payments.sandbox_bank.behaviour import BEHAVIOURS, REFUSALS, SILENT, plans
from payments.sandbox_bank.delivery import Courier
from payments.sandbox_bank.store import Payment, Store

SECRET = "of the bank"


@pytest.fixture
def heard() -> Iterator[tuple[str, list[tuple[bytes, dict[str, str]]]]]:
    """An address to which call-backs go, and what came there."""
    came: list[tuple[bytes, dict[str, str]]] = []

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append((self.rfile.read(int(self.headers["Content-Length"])), dict(self.headers)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_words: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", came
    server.shutdown()
    server.server_close()
    thread.join(5)


def paid(store: Store, *, callback_url: str = "http://127.0.0.1:9/") -> Payment:
    started = store.start(
        reference="R", amount="100.00", currency="TJS", text="", language="en", return_url="", callback_url=callback_url
    )
    store.finish(started.id, status="succeeded", booked="100.00")
    found = store.payment(started.id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("how", "genuine", "said"),
    [
        ("", True, {"amount": "100.00", "currency": "TJS"}),
        ("foreign", True, {"currency": "XTS"}),
        ("forged", False, {"amount": "100.00"}),
        ("changed", False, {"amount": "1100.00"}),
        ("slow", True, {"amount": "100.00"}),
    ],
)
def test_a_call_back_arrives_as_the_tester_chose(
    how: str, genuine: bool, said: dict[str, str], heard: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("payments.sandbox_bank.delivery._PAUSE", 0.001)
    address, came = heard
    store = Store(tmp_path / "bank.sqlite3")
    store.plan(paid(store, callback_url=address).id, status="succeeded", due=0, how=how)
    courier = Courier(store, secret=SECRET)
    courier.start()
    until = time.monotonic() + 10
    while not came and time.monotonic() < until:
        time.sleep(0.02)
    courier.stop()
    body, head = came[0]
    assert said.items() <= json.loads(body).items()
    timestamp, signature = head.get(TIMESTAMP_HEADER.title(), ""), head.get(SIGNATURE_HEADER.title(), "")
    now = int(time.time())
    assert is_genuine(body, timestamp=timestamp, signature=signature, secret=SECRET, now=now) == genuine


@pytest.mark.parametrize("how", ["broken", "sleepy"])
def test_questions_are_answered_badly_so_many_times_and_then_well(how: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "bank.sqlite3")
    payment = paid(store)
    bank = Application(store, url="http://bank", secret=SECRET, late=0.01)
    store.refuse_questions(payment.id, how=how, times=REFUSALS)
    answers = [asked(bank) for _time in range(REFUSALS + 1)]
    assert answers == [*(["500" if how == "broken" else "200"] * REFUSALS), "200"]
    assert store.question(payment.id) == ""


def asked(bank: Application) -> str:
    body = json.dumps({"message": "status", "reference": "R"}).encode()
    signed = headers(body, timestamp=int(time.time()), secret=SECRET)
    said: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": "/api/payments/status/", "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **{"HTTP_" + name.upper().replace("-", "_"): text for name, text in signed.items()},
    }  # fmt: skip
    bank(environ, lambda status, _head: said.append(status[:3]))  # type: ignore[arg-type,return-value]
    return said[0]


def test_every_behaviour_is_planned() -> None:
    for behaviour in BEHAVIOURS:
        assert bool(plans("succeeded", behaviour=behaviour, late=1)) == (behaviour not in SILENT)
