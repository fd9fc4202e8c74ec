"""Providers of the hosted page: chosen by name, and one of a real shape against a server of its own."""

import json
import threading
import time
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from payments import bank, services
from payments.models import Attempt, Callback, Entry
from payments.providers import check_provider
from payments.providers.redirect import SIGN_HEADER, signature_of, signed
from tests import make
from tests.payments.money_steps import D, begin
from tests.payments.ways_steps import status

pytestmark = pytest.mark.django_db


class Bank:
    """What the local server answers to questions, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.answer: Any = {"payments": []}
        self.sign = True
        self.code = 200


@pytest.fixture
def merchant(settings: Any) -> Iterator[Bank]:
    """The redirect provider, with a bank on a free port."""
    found = Bank()

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._take(urlsplit(self.path).query)

        def do_POST(self) -> None:
            self._take(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def _take(self, form: str) -> None:
            found.asked.append(dict(parse_qsl(form)))
            body = json.dumps(found.answer).encode()
            self.send_response(found.code)
            self.send_header(SIGN_HEADER, signature_of(body) if found.sign else "x")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.BANK_PROVIDER, settings.BANK_MERCHANT = "redirect", "customs"
    settings.BANK_URL = f"http://127.0.0.1:{server.server_port}"
    yield found
    server.shutdown()
    server.server_close()
    thread.join(5)


def call_back(about: Attempt, *, age: int = 0, break_after: dict[str, str] | None = None, **changes: str) -> int:
    said = {
        "merchant": "customs", "order": str(about.public_id), "state": "paid", "payment_id": "P1",
        "amount": f"{int(about.amount * 100)}", "currency": "TJS", "time": str(int(time.time()) - age), **changes,
    }  # fmt: skip
    whole = {**said, "sign": signed(said), **(break_after or {})}
    body = urlencode(whole)
    kind = "application/x-www-form-urlencoded"
    return Client().post(reverse("bank_callback"), body, content_type=kind).status_code


def test_the_payer_is_redirected_with_a_signed_address(merchant: Bank, settings: Any) -> None:
    begun = begin(amount="12.50")
    address = urlsplit(begun.redirect_url)
    fields = dict(parse_qsl(address.query))
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{settings.BANK_URL}/checkout"
    assert (fields["merchant"], fields["amount"], fields["currency"]) == ("customs", "1250", "TJS")
    assert fields["order"] == str(begun.public_id)
    assert fields["sign"] == signed(fields)
    assert not merchant.asked


@pytest.mark.usefixtures("merchant")
def test_its_call_back_books_once() -> None:
    begun = begin(amount="12.50")
    assert [call_back(begun) for _time in range(2)] == [200, 200]
    assert (status(begun), Entry.objects.count()) == ("succeeded", 1)
    assert call_back(begun, state="declined") == 200
    assert status(begun) == "succeeded"


@pytest.mark.usefixtures("merchant")
@pytest.mark.parametrize(
    ("how", "answer"),
    [
        ({"age": 301}, 403),
        ({"break_after": {"amount": "9999"}}, 403),
        ({"break_after": {"sign": "0" * 64}}, 403),
        ({"merchant": "other"}, 403),
        ({"time": "soon"}, 403),
        ({"currency": "EUR"}, 400),
        ({"currency": "XXX"}, 400),
        ({"amount": "0"}, 400),
        ({"amount": "12.5"}, 400),
        ({"amount": "1e3"}, 400),
        ({"payment_id": ""}, 400),
        ({"state": "gone"}, 400),
        ({"order": str(uuid.UUID(int=1))}, 404),
        ({"order": "x"}, 400),
    ],
)
def test_what_is_forged_changed_stale_or_makes_no_sense_books_nothing(how: dict[str, Any], answer: int) -> None:
    assert call_back(begin(amount="12.50"), **how) == answer
    assert not Entry.objects.exists()
    assert Callback.objects.exists() == (answer != 403)


@pytest.mark.usefixtures("merchant")
@pytest.mark.parametrize("body", ["", "x", "a=1&a=2&sign=x&time=1", "\xff=1", "&".join(f"a{n}=1" for n in range(99))])
def test_no_form_is_no_message(body: str) -> None:
    answer = Client().post(reverse("bank_callback"), body.encode("latin-1"), content_type="text/plain")
    assert answer.status_code == 403


def test_a_lost_call_back_is_asked_for(merchant: Bank) -> None:
    begun = begin(amount="12.50")
    paid = {"order": str(begun.public_id), "state": "paid", "payment_id": "P9", "amount": 1250, "currency": "TJS"}
    merchant.answer = {"payments": [paid]}
    assert services.ask(begun, at=make.AT).status == "succeeded"
    assert merchant.asked[0]["sign"] == signed(merchant.asked[0])
    assert Entry.objects.get().idempotency_key == "bank:P9"


@pytest.mark.parametrize(
    ("answer", "more"),
    [
        ({"payments": [7]}, {}),
        ({"payments": [{"order": "x"}]}, {}),
        ({}, {}),
        ([], {}),
        ({"payments": []}, {"sign": False}),
        ({"payments": []}, {"code": 500}),
    ],
)
def test_an_answer_that_cannot_be_trusted_changes_nothing(merchant: Bank, answer: Any, more: dict[str, Any]) -> None:
    begun = begin(amount="12.50")
    merchant.answer = answer
    for name, value in more.items():
        setattr(merchant, name, value)
    with pytest.raises(bank.BankUnreachable):
        services.ask(begun, at=make.AT)
    assert status(begun) == "pending"


def test_a_refund_is_done_or_it_is_not(merchant: Bank) -> None:
    said = {"reference": "r", "refund": "a", "amount": D("2.50"), "currency": "TJS", "at": make.AT}
    merchant.answer = {"refund": "a", "state": "done"}
    bank.refund(**said)
    assert merchant.asked[0]["amount"] == "250"
    for answer in ({"refund": "b", "state": "done"}, {"refund": "a", "state": "waiting"}):
        merchant.answer = answer
        with pytest.raises(bank.BankUnreachable):
            bank.refund(**said)


def test_a_name_that_nobody_knows_is_refused_when_the_portal_starts(settings: Any) -> None:
    assert check_provider() == []
    settings.BANK_PROVIDER = "redirect"
    settings.BANK_MERCHANT = ""
    assert [each.id for each in check_provider()] == ["payments.E002"]
    settings.BANK_PROVIDER = "tooth fairy"
    assert [each.id for each in check_provider()] == ["payments.E001"]
