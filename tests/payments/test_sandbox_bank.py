"""The sandbox bank as a process of its own: paid, declined and lost payments between two real servers."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from declarations.models import Declaration
from payments import selectors, services
from payments.models import Attempt, Callback
from payments.sandbox_bank.behaviour import plans
from payments.sandbox_bank.store import Store
from tests import make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]


class StayHere(urllib.request.HTTPRedirectHandler):
    """The answer's own address is what the test looks at."""

    def redirect_request(self, *args: object, **more: object) -> None:
        return None


@pytest.fixture
def sandbox(tmp_path: Path, live_server: LiveServer, settings: object) -> Iterator[str]:
    """A bank on a free port; its address."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    settings.BANK_URL, settings.SITE_URL = address, live_server.url
    command = [sys.executable, "manage.py", "sandbox_bank", "--port", str(port), "--late-seconds", "1"]
    environment = {**os.environ, "BANK_URL": address, "BANK_SECRET": settings.BANK_SECRET, "DEBUG": "1"}
    process = subprocess.Popen(
        [*command, "--file", str(tmp_path / "bank.sqlite3")], env=environment, cwd=settings.BASE_DIR
    )
    try:
        wait_for(lambda: answers(f"{address}/healthz"), seconds=40)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def wait_for(come_true: Callable[[], bool], *, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not come_true():
        assert time.monotonic() < end, "It did not come true in time."
        time.sleep(0.1)


def decide(begun: Attempt, *, decision: str, behaviour: str) -> str:
    """Press a button on the bank's page; where the payer is sent."""
    form = urllib.parse.urlencode({"decision": decision, "behaviour": behaviour}).encode()
    with pytest.raises(urllib.error.HTTPError, match="303") as answer:
        urllib.request.build_opener(StayHere).open(begun.redirect_url, data=form, timeout=10)
    return str(answer.value.headers["Location"])


def begin(declaration: Declaration, key: str) -> Attempt:
    return services.start_bank_payment(
        company=make.company(),
        declaration=declaration,
        amount=declaration.payable,
        by=make.trader(),
        at=timezone.now(),
        idempotency_key=key,
    )


def status(row: Attempt | Declaration) -> str:
    row.refresh_from_db()
    return str(row.status)


def test_the_bank_and_the_portal_settle_over_http_whatever_the_bank_does(sandbox: str, live_server: LiveServer):
    for behaviour in ("normal", "twice", "disordered", "contradicting", "late"):
        declaration = make.assessed()
        begun = begin(declaration, behaviour)
        with urllib.request.urlopen(begun.redirect_url, timeout=10) as page:
            assert declaration.mrn in page.read().decode()
            assert "form-action 'self' " + live_server.url in page.headers["Content-Security-Policy"]
        back = decide(begun, decision="pay", behaviour=behaviour)
        assert back == f"{live_server.url}/payments/return/{begun.public_id}/"
        wait_for(lambda begun=begun: status(begun) == "succeeded")
        wait_for(lambda declaration=declaration: status(declaration) == "paid")
    assert selectors.balance(make.company()) == 0

    declined = begin(make.assessed(), "declined")
    decide(declined, decision="decline", behaviour="normal")
    wait_for(lambda: status(declined) == "failed")

    declaration = make.assessed()
    lost = begin(declaration, "lost")
    heard = Callback.objects.count()
    decide(lost, decision="pay", behaviour="lost")
    assert services.ask(lost, at=timezone.now()).status == "succeeded"
    assert status(declaration) == "paid"
    assert Callback.objects.count() == heard

    short = make.assessed()
    decide(begin(short, "less"), decision="pay", behaviour="less")
    wait_for(lambda: selectors.balance(make.company()) == short.payable - 1)
    assert status(short) == "assessed"


def test_the_bank_takes_no_unsigned_start(sandbox: str):
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{sandbox}/api/payments/", data=b"{}", timeout=5)
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{sandbox}/pay/nothing/", timeout=5)


def test_the_same_reference_is_begun_once(tmp_path: Path):
    store = Store(tmp_path / "bank.sqlite3")
    said = {
        "reference": "r", "amount": "5.00", "currency": "TJS", "text": "t", "language": "en", "return_url": "u",
        "callback_url": "c",
    }  # fmt: skip
    first, second = store.start(**said), store.start(**said)
    assert first == second
    assert store.finish(first.id, status="succeeded", booked="5.00")
    assert not store.finish(first.id, status="failed")


def test_every_behaviour_but_lost_tells_the_end():
    assert plans("succeeded", behaviour="lost", late=9) == []
    for behaviour in ("normal", "twice", "late", "disordered", "contradicting", "less"):
        assert "succeeded" in {plan.status for plan in plans("succeeded", behaviour=behaviour, late=9)}
    assert plans("succeeded", behaviour="late", late=9)[0].after == 9
