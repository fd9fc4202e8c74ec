"""Sending call-backs: signed afresh at each try, tried again with growing pauses until the portal answers 200."""

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import structlog

from lib.signature import headers
from payments.sandbox_bank.store import Delivery, Payment, Store

log = structlog.get_logger("sandbox_bank")
MOST_TRIES = 10
TIMEOUT_SECONDS = 10
_DROP, _PAUSE = 20, 0.2
_FOREIGN = "XTS"  # the code of ISO 4217 for tests


def notice(payment: Payment, *, status: str) -> dict[str, str]:
    """What the bank says about a payment; money is named only when it moved."""
    said = {"message": "payment", "reference": payment.reference, "status": status}
    if status == "succeeded":
        said |= {"transaction": payment.moved, "amount": payment.booked, "currency": payment.currency}
    return said


class Courier(threading.Thread):
    """A thread that sends what is due until it is told to stop."""

    def __init__(self, store: Store, *, secret: str) -> None:
        super().__init__(daemon=True, name="courier")
        self._store, self._secret = store, secret
        self._stopped = threading.Event()

    def run(self) -> None:
        while not self._stopped.wait(0.2):
            for delivery in self._store.due(now=time.time()):
                self._deliver(delivery)

    def stop(self) -> None:
        self._stopped.set()

    def _deliver(self, delivery: Delivery) -> None:
        payment = self._store.payment(delivery.payment)
        assert payment is not None
        if delivery.how == "slow":  # In a thread of its own: others do not wait for it.
            self._store.delivered(delivery.id)
            threading.Thread(target=self._sent, args=(payment, delivery), daemon=True).start()
        elif self._sent(payment, delivery) or delivery.tries + 1 >= MOST_TRIES:
            self._store.delivered(delivery.id)
        else:
            self._store.again(delivery.id, due=time.time() + min(2**delivery.tries, 60))

    def _sent(self, payment: Payment, delivery: Delivery) -> bool:
        said = notice(payment, status=delivery.status)
        if delivery.how == "foreign":
            said["currency"] = _FOREIGN
        body = json.dumps(said).encode()
        secret = "guessed" if delivery.how == "forged" else self._secret
        signed = headers(body, timestamp=int(time.time()), secret=secret)
        if delivery.how == "changed":
            body = body.replace(b'"amount": "', b'"amount": "1')
        data: bytes | Iterator[bytes] = body
        if delivery.how == "slow":
            signed["Content-Length"], data = str(len(body)), _in_drops(body)
        request = urllib.request.Request(payment.callback_url, data=data, headers=signed)  # noqa: S310 - was signed
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError) as error:
            log.info("call-back not delivered", reference=payment.reference, error=str(error))
            return False


def _in_drops(body: bytes) -> Iterator[bytes]:
    for place in range(0, len(body), _DROP):
        time.sleep(_PAUSE)
        yield body[place : place + _DROP]
