"""The page that checks receipts, and the files that a phone takes along."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import cbor2
import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lib import signed_cbor
from tests.travel_receipts.make import AT, receipt
from travel_receipts import selectors, services
from travel_receipts.models import SigningKey, Why

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def key() -> SigningKey:
    return services.make_key(signs_from=AT, at=AT)


def issue(**changes: object) -> str:
    return services.issue(receipt(**changes), at=AT)


def listed(content: bytes, key: SigningKey) -> list[object]:
    """What the list of withdrawn receipts says, after its signature was checked."""
    assert signed_cbor.is_genuine(content, purpose=selectors.LIST_PURPOSE, public=bytes.fromhex(key.public))
    value = signed_cbor.read(content[signed_cbor.HEAD_BYTES :])
    assert isinstance(value, list)
    return value


# The page -------------------------------------------------------------------------------------------------------
def test_without_a_script_the_text_is_sent_and_judged(key: SigningKey) -> None:
    page = Client().post("/travel/check/", {"text": f" {issue().lower()}\n"}).content.decode()
    assert re.search(r"<h2 data-title[^>]*>Genuine</h2>", page)
    assert "12,345.67\u00a0TJS" in page
    assert "P26-7K3M-9TQX" in page


def test_a_forged_text_is_called_so_and_says_nothing(key: SigningKey) -> None:
    text = issue()
    page = Client().post("/travel/check/", {"text": text[:40] + ("A" if text[40] != "A" else "B") + text[41:]})
    assert re.search(r"<h2 data-title[^>]*>Forged or altered</h2>", page.content.decode())
    assert "P26-7K3M-9TQX" not in page.content.decode()


def test_the_page_that_a_phone_keeps_names_nobody(as_trader: Client) -> None:
    page = as_trader.get("/travel/check/").content.decode()
    assert "trader@example.com" not in page
    assert 'href="/profile/"' not in page
    assert "Sign out" not in page


def test_the_page_is_light(key: SigningKey) -> None:
    assert len(Client().get("/travel/check/", headers={"Accept-Encoding": "gzip"}).content) < 15_000


def test_checks_by_sending_are_counted(key: SigningKey) -> None:
    client = Client()
    answers = [client.post("/travel/check/", {"text": "X"}).status_code for _ in range(62)]
    assert answers[0] == 200
    assert answers[-1] == 429


def test_the_worker_may_rule_the_page_alone_and_keeps_every_module() -> None:
    answer = Client().get("/travel/check/worker.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert '"/static/js/vendor/qr-0.7.0/decode.js"' in answer.content.decode()


# The keys -------------------------------------------------------------------------------------------------------
def test_the_keys_are_signed_by_the_old_one_and_by_the_next(key: SigningKey) -> None:
    following = services.make_key(signs_from=AT + 7 * DAY, at=AT)
    content, signed = cbor2.loads(Client().get("/travel/check/keys").content)
    version, at, rows = cbor2.loads(content)
    assert (version, at) == (1, AT.timestamp())
    assert [row[0].hex() for row in rows] == [key.key_id, following.key_id]
    assert [row[3] for row in rows] == [(AT + 7 * DAY).timestamp(), 0]
    publics = {bytes.fromhex(each.key_id): bytes.fromhex(each.public) for each in (key, following)}
    assert {head for head, _signature in signed} == set(publics)
    for head, signature in signed:
        message = head + signature + content
        assert signed_cbor.is_genuine(message, purpose=selectors.KEYS_PURPOSE, public=publics[head])


def test_a_withdrawn_key_is_listed_as_such_and_signs_no_list(key: SigningKey) -> None:
    services.make_key(signs_from=AT, at=AT)
    services.withdraw_key(key.key_id, at=AT)
    content, signed = cbor2.loads(selectors.keys_list(at=AT))
    assert [row[4] for row in cbor2.loads(content)[2]] == [AT.timestamp(), 0]
    assert key.key_id not in {head.hex() for head, _signature in signed}


def test_without_a_key_nothing_is_served() -> None:
    for path in ("keys", "withdrawn"):
        answer = Client().get(f"/travel/check/{path}")
        assert answer.status_code == 503
        assert answer["Retry-After"]


# The list -------------------------------------------------------------------------------------------------------
def test_the_list_names_what_would_count_otherwise_by_eight_bytes_each(key: SigningKey) -> None:
    used = [issue(travellers=number) for number in range(1, 5)]
    revoked, expired = issue(travellers=9), issue(travellers=10, issued_at=AT - DAY, valid_until=AT - DAY / 2)
    for text in used:
        services.withdraw(text, why=Why.USED, at=AT)
    for text in (revoked, expired):
        services.withdraw(text, why=Why.REVOKED, at=AT)
    answer = Client().get("/travel/check/withdrawn")
    ids = sorted(selectors.travel_receipt.receipt_id(text) for text in used)
    revoked_id = selectors.travel_receipt.receipt_id(revoked)
    assert listed(answer.content, key) == [1, AT.timestamp(), 0, b"".join(ids), revoked_id]
    assert answer["Content-Type"] == "application/cbor"


def test_what_came_since_is_sent_alone_and_nothing_falls_between_two_lists(key: SigningKey) -> None:
    """A transaction that began before a list was made may end after it: its row is in the next list too."""
    for hours in (30, 2):
        services.withdraw(issue(travellers=hours), why=Why.USED, at=AT - timedelta(hours=hours))
    late = issue(travellers=7)
    services.withdraw(late, why=Why.USED, at=AT - timedelta(minutes=64))
    since = int((AT - timedelta(hours=1)).timestamp())
    value = listed(Client().get(f"/travel/check/withdrawn?since={since}").content, key)
    assert value[2:4] == [since, selectors.travel_receipt.receipt_id(late)]


def test_an_unchanged_list_costs_a_304_and_a_changed_one_does_not(
    key: SigningKey, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    for path in ("/travel/check/keys", "/travel/check/withdrawn"):
        first = client.get(path)
        for held in (first["ETag"], f"W/{first['ETag']}"):
            with django_assert_num_queries(2):
                again = client.get(path, headers={"If-None-Match": held})
            assert again.status_code == 304
            assert again["ETag"] == first["ETag"]
    tag = client.get("/travel/check/withdrawn")["ETag"]
    services.withdraw(issue(), why=Why.USED, at=AT)
    assert client.get("/travel/check/withdrawn", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("since", ["x", "-1", "9" * 20, str(int(datetime(2030, 1, 1, tzinfo=UTC).timestamp())), "5"])
def test_an_instant_that_is_none_is_refused(key: SigningKey, since: str) -> None:
    assert Client().get("/travel/check/withdrawn", {"since": since}).status_code == 400
