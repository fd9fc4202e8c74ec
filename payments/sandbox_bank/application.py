"""The bank's web application (WSGI): three signed machine doors, the hosted page, its stylesheet, a health answer."""

import json
import re
import time
from collections.abc import Callable, Iterable
from decimal import Decimal
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

from django.template.loader import render_to_string
from django.utils import translation

from lib.numbers import in_notation
from lib.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, is_genuine
from payments.sandbox_bank.behaviour import BEHAVIOURS, REFUSALS, booked, plans
from payments.sandbox_bank.delivery import notice
from payments.sandbox_bank.store import Payment, Store

_STYLE = Path(__file__).with_name("bank.css")
_LONGEST_BODY = 20_000
_AMOUNT = re.compile(r"[0-9]{1,13}(\.[0-9]{1,12})?")
_STARTING = ("reference", "amount", "currency", "text", "language", "return_url", "callback_url")


class Answer(Exception):
    """An answer given from anywhere below. `to` redirects; `to_origin` is where the page's form may lead."""

    def __init__(
        self,
        status: HTTPStatus,
        body: bytes = b"",
        *,
        kind: str = "text/plain; charset=utf-8",
        to: str = "",
        to_origin: str = "",
    ) -> None:
        super().__init__(status)
        self.status, self.body, self.kind, self.to, self.to_origin = status, body, kind, to, to_origin


class Application:
    """`url` is where the bank is reached; `late` how many seconds a late call-back waits."""

    def __init__(self, store: Store, *, url: str, secret: str, late: float) -> None:
        self._store, self._url, self._secret, self._late = store, url.rstrip("/"), secret, late

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = self._answer(environ)
        head = [
            ("Content-Type", answer.kind),
            ("Content-Length", str(len(answer.body))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
        ]
        if answer.to:
            head.append(("Location", answer.to))
        if answer.kind.startswith("text/html"):
            policy = f"default-src 'none'; style-src 'self'; form-action 'self' {answer.to_origin}"
            head.append(("Content-Security-Policy", policy))
        start_response(f"{answer.status.value} {answer.status.phrase}", head)
        return [answer.body]

    def _answer(self, environ: WSGIEnvironment) -> Answer:
        try:
            self._route(environ)
        except Answer as given:
            return given
        return Answer(HTTPStatus.NOT_FOUND, b"There is no such page at this bank.\n")

    def _route(self, environ: WSGIEnvironment) -> None:
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "/")
        doors: dict[tuple[str, str], Callable[[WSGIEnvironment], None]] = {
            ("POST", "/api/payments/"): self._start,
            ("POST", "/api/payments/status/"): self._status,
            ("POST", "/api/payments/refund/"): self._refund,
            ("GET", "/healthz"): self._health,
            ("GET", "/bank.css"): self._style,
        }
        if door := doors.get((method, path)):
            door(environ)
        if path.startswith("/pay/") and (payment := self._store.payment(path.removeprefix("/pay/").strip("/"))):
            (self._decide if method == "POST" else self._page)(payment, environ)

    def _start(self, environ: WSGIEnvironment) -> None:
        content = self._signed(environ, message="start")
        if not all(isinstance(content.get(name), str) and content[name] for name in _STARTING):
            raise Answer(HTTPStatus.BAD_REQUEST, b"Something is missing.\n")
        payment = self._store.start(**{name: content[name] for name in _STARTING})
        self._json({"payment": payment.id, "url": f"{self._url}/pay/{payment.id}/"})

    def _status(self, environ: WSGIEnvironment) -> None:
        reference = str(self._signed(environ, message="status").get("reference", ""))
        payment = self._store.of_reference(reference)
        if payment is None:
            self._json({"notices": [{"message": "payment", "reference": reference, "status": "unknown"}]})
        else:
            self._refuse(payment)
            self._json({"notices": [notice(payment, status=payment.status)]})

    def _refuse(self, payment: Payment) -> None:
        """Answer a question with an error, or so late that nobody waits for it, where the tester wants it so."""
        how = self._store.question(payment.id)
        if how == "broken":
            raise Answer(HTTPStatus.INTERNAL_SERVER_ERROR, b"Something is broken at this bank.\n")
        if how == "sleepy":
            time.sleep(self._late)

    def _refund(self, environ: WSGIEnvironment) -> None:
        content = self._signed(environ, message="refund")
        asked = {name: str(content.get(name, "")) for name in ("reference", "refund", "amount", "currency")}
        payment = self._store.of_reference(asked["reference"])
        if payment is None or not _AMOUNT.fullmatch(asked["amount"]) or asked["currency"] != payment.currency:
            raise Answer(HTTPStatus.BAD_REQUEST, b"There is no such payment.\n")
        done = self._store.refund(asked["refund"], payment=payment, amount=asked["amount"])
        self._json({"refund": asked["refund"], "status": "done" if done else "refused"})

    def _health(self, environ: WSGIEnvironment) -> None:
        raise Answer(HTTPStatus.OK, b"ok\n")

    def _style(self, environ: WSGIEnvironment) -> None:
        raise Answer(HTTPStatus.OK, _STYLE.read_bytes(), kind="text/css; charset=utf-8")

    def _page(self, payment: Payment, environ: WSGIEnvironment) -> None:
        with translation.override(payment.language):
            context = {"payment": payment, "sum": _written(payment), "behaviours": BEHAVIOURS}
            content = render_to_string("payments/sandbox_bank.html", context)
        origin = origin_of(payment.return_url)
        raise Answer(HTTPStatus.OK, content.encode(), kind="text/html; charset=utf-8", to_origin=origin)

    def _decide(self, payment: Payment, environ: WSGIEnvironment) -> None:
        """Pay or decline, plan the call-backs, and send the payer back."""
        form = {name: values[0] for name, values in parse_qs(_body(environ).decode(errors="replace")).items()}
        behaviour = form.get("behaviour", "normal")
        status = "succeeded" if form.get("decision") == "pay" else "failed"
        taken = booked(payment.amount, behaviour=behaviour) if status == "succeeded" else ""
        if self._store.finish(payment.id, status=status, booked=taken):
            for plan in plans(status, behaviour=behaviour, late=self._late):
                self._store.plan(payment.id, status=plan.status, due=time.time() + plan.after, how=plan.how)
            if behaviour in ("broken", "sleepy"):
                self._store.refuse_questions(payment.id, how=behaviour, times=REFUSALS)
        raise Answer(HTTPStatus.SEE_OTHER, to=payment.return_url)

    def _signed(self, environ: WSGIEnvironment, *, message: str) -> dict[str, Any]:
        """The content of a genuine message of that kind; nothing else passes."""
        body = _body(environ)
        genuine = is_genuine(
            body,
            timestamp=environ.get(_variable(TIMESTAMP_HEADER), ""),
            signature=environ.get(_variable(SIGNATURE_HEADER), ""),
            secret=self._secret,
            now=int(time.time()),
        )
        if not genuine:
            raise Answer(HTTPStatus.FORBIDDEN, b"The signature is wrong or stale.\n")
        try:
            content = json.loads(body)
        except ValueError:
            content = None
        if not isinstance(content, dict) or content.get("message") != message:
            raise Answer(HTTPStatus.BAD_REQUEST, b"Not the message this door expects.\n")
        return content

    def _json(self, content: dict[str, Any]) -> None:
        raise Answer(HTTPStatus.OK, json.dumps(content).encode(), kind="application/json")


def origin_of(url: str) -> str:
    """Scheme and host of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _written(payment: Payment) -> str:
    """The amount in the reader's notation, with its currency."""
    number = Decimal(payment.amount)
    decimals = max(0, -int(number.as_tuple().exponent))
    return f"{in_notation(number, decimals)}\N{NO-BREAK SPACE}{payment.currency}"


def _variable(header: str) -> str:
    return "HTTP_" + header.upper().replace("-", "_")


def _body(environ: WSGIEnvironment) -> bytes:
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > _LONGEST_BODY:
        raise Answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    read: bytes = environ["wsgi.input"].read(int(length))
    return read
