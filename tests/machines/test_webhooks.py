"""The feed and the webhooks: what is told, how it is signed, and whom a bad receiver harms."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from clearance.services import cancel
from lib.violations import Rejected
from machines import addresses, services, signatures, tasks
from machines.kinds import Kind
from machines.models import Happening, Sending, Trial
from machines.services import sending
from machines.services.sending import PAUSES
from tests import make
from tests.clearance import make as files
from tests.conftest import client_of
from tests.machines import make as machines

pytestmark = pytest.mark.django_db
FEED = "/api/v1/events/"


def sent(*, at: Any = None) -> int:
    """Both rounds; the worker starts them apart."""
    return sum(services.send_due(at=at or timezone.now(), seconds=30, failing=failing) for failing in (False, True))


# What is told -----------------------------------------------------------------------------------------------------
def test_the_life_of_a_declaration_stands_in_the_feed_in_order(follow_ups: Any) -> None:
    program, _client, _secret = machines.program()
    door = machines.door(machines.token(program))
    with follow_ups():
        case = files.paid("yellow")
        cancel(case.declaration, reason="Sold elsewhere.", by=make.trader(), at=timezone.now())
    body = door.get(FEED).json()
    types = [event["type"] for event in body["results"]]
    assert types == ["declaration.assessed", "declaration.paid", "declaration.cancelled"]
    assert {event["data"]["mrn"] for event in body["results"]} == {case.declaration.mrn}
    assert {event["company"] for event in body["results"]} == {make.TIN}
    rest = door.get(FEED, {"after": body["after"]}).json()
    assert rest == {"results": [], "after": body["after"], "more": False}
    first = door.get(FEED, {"limit": 1}).json()
    assert (len(first["results"]), first["more"]) == (1, True)
    assert [each["type"] for each in door.get(FEED, {"type": "declaration.paid"}).json()["results"]] == [
        "declaration.paid"
    ]


def test_a_question_is_told_with_its_key() -> None:
    machines.program()
    query = files.queried()
    tasks.question_asked(query.pk)
    tasks.question_asked(query.pk)
    event = Happening.objects.get()
    assert (event.kind, event.data["query"]) == (Kind.QUERY_ASKED, query.pk)


def test_a_company_without_a_program_costs_no_row() -> None:
    tasks.assessed(make.lodged().pk)
    assert not Happening.objects.exists()


@pytest.mark.parametrize("query", [{"after": "-1"}, {"after": "x"}, {"after": "9" * 30}, {"limit": "501"}])
def test_a_place_that_is_no_number_is_said(query: dict[str, str]) -> None:
    program, _client, _secret = machines.program()
    answer = machines.door(machines.token(program)).get(FEED, query)
    assert answer.status_code == 422
    assert answer.json()["violations"][0]["code"] == "M030"


def test_a_stranger_reads_nothing_of_it() -> None:
    machines.program()
    tasks.assessed(make.lodged().pk)
    assert client_of(make.stranger()).get(FEED).json()["results"] == []


# How it is sent ---------------------------------------------------------------------------------------------------
def test_an_event_is_sent_signed_and_once() -> None:
    with machines.receiver() as there:
        _endpoint, secret = machines.endpoint(there.url)
        tasks.assessed(make.lodged().pk)
        assert sent() == 1
        assert sent() == 0
    (headers, body) = there.came[0]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert json.loads(body)["id"] == headers["webhook-id"]
    assert Sending.objects.get().status == "sent"
    assert Trial.objects.get().answer == 204


def test_the_published_example_of_the_signature() -> None:
    """The example of the standard's own description."""
    made = signatures.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        name="msg_p5jXN8AQM9LWM0D4loKWxJek",
        seconds=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_only_the_events_that_were_chosen_are_sent() -> None:
    with machines.receiver() as there:
        machines.endpoint(there.url, "declaration.paid")
        declaration = make.paid()
        tasks.assessed(declaration.pk)
        tasks.paid(declaration.pk)
        sent()
    assert there.types == ["declaration.paid"]


@pytest.mark.parametrize("answer", [500, 404, 302, "hang", "endless"])
def test_what_is_not_taken_is_tried_again_later_and_later(answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "SECONDS", 0.3)
    with machines.receiver(answer) as there:
        machines.endpoint(there.url)
        tasks.assessed(make.lodged().pk)
        now = timezone.now()
        assert sent(at=now) == 0
        assert sent(at=now) == 0
        assert len(there.came) == 1, "it rests"
        row = Sending.objects.get()
        assert (row.status, row.tries) == ("waiting", 1)
        assert PAUSES[0] <= row.due_at - now < PAUSES[0] + timedelta(seconds=5), "it rests from the end of the call"
        assert sent(at=row.due_at) == 1
    assert there.came[0][0]["webhook-id"] == there.came[1][0]["webhook-id"]


def test_the_pauses_grow_to_two_weeks() -> None:
    assert list(PAUSES) == sorted(PAUSES)
    assert timedelta(days=13) < sum(PAUSES, timedelta()) < timedelta(days=15)


def test_after_the_last_try_it_is_given_up_and_sent_again_by_hand() -> None:
    with machines.receiver(500) as there:
        machines.endpoint(there.url)
        tasks.assessed(make.lodged().pk)
        now = timezone.now()
        Sending.objects.update(tries=len(PAUSES))
        sent(at=now)
        row = Sending.objects.get()
        assert row.status == "given_up"
        assert services.send_again(row, at=now)
        assert not services.send_again(row, at=now)
        assert sent(at=now) == 1


def test_an_address_that_says_gone_gets_it_no_more() -> None:
    with machines.receiver(410) as there:
        machines.endpoint(there.url)
        tasks.assessed(make.lodged().pk)
        sent()
    assert Sending.objects.get().status == "given_up"


def test_a_thousand_events_for_a_dead_address_slow_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "SECONDS", 0.3)
    now = timezone.now()
    with machines.receiver("hang") as dead, machines.receiver() as alive:
        first, _secret = machines.endpoint(dead.url)
        machines.endpoint(alive.url, "declaration.paid")
        company = make.company()
        rows = [
            Happening(company=company, kind=Kind.PAID, subject=-number, data={}, at=now) for number in range(1, 1001)
        ]
        Sending.objects.bulk_create(
            [Sending(happening=row, endpoint=first, due_at=now) for row in Happening.objects.bulk_create(rows)]
        )
        tasks.paid(make.paid().pk)
        sent()
    assert (len(dead.came), alive.types) == (1, ["declaration.paid"])


def test_who_is_sound_does_not_wait_for_an_address_that_failed() -> None:
    with machines.receiver(500) as dead, machines.receiver() as alive:
        machines.endpoint(dead.url)
        tasks.assessed(make.lodged().pk)
        now = timezone.now()
        sent(at=now)
        machines.endpoint(alive.url)
        tasks.assessed(make.lodged().pk)
        later = now + 2 * PAUSES[0]
        assert (services.send_due(at=later, seconds=30), len(dead.came), len(alive.came)) == (1, 1, 1)
        assert services.send_due(at=later, seconds=30, failing=True) == 2
        assert len(dead.came) == 3, "it answered, and then took what had waited"
        tasks.assessed(make.lodged().pk)
        assert services.send_due(at=later, seconds=30) == 2, "it is sound again"


def test_what_comes_to_wait_wakes_a_worker_that_sends_it(follow_ups: Any) -> None:
    with machines.receiver() as there:
        endpoint, _secret = machines.endpoint(there.url)
        with follow_ups():
            tasks.assessed(make.lodged().pk)
        assert there.types == ["declaration.assessed"]
        with follow_ups():
            test = services.send_test(endpoint, at=timezone.now())
        with follow_ups():
            assert services.send_again(test, at=timezone.now())
        assert there.types == ["declaration.assessed", "test", "test"]
        machines.endpoint(f"{there.url}other", "declaration.paid")
        with follow_ups():
            tasks.assessed(make.lodged().pk)
        assert there.types[3:] == ["declaration.assessed"], "the other did not ask for it, and is not called"


def test_what_comes_to_wait_during_a_call_goes_out_before_the_call_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "SECONDS", 2)
    monkeypatch.setattr(sending, "_LOOK_SECONDS", 0.05)
    looked = sending._due

    def and_paid_meanwhile(at: Any, **more: Any) -> Any:
        if more["called"]:
            tasks.paid(paid.pk)  # it is told once
        return looked(at, **more)

    with machines.receiver("hang") as silent, machines.receiver() as alive:
        machines.endpoint(silent.url, "declaration.assessed")
        machines.endpoint(alive.url, "declaration.paid")
        paid = make.paid()
        tasks.assessed(paid.pk)
        monkeypatch.setattr(sending, "_due", and_paid_meanwhile)
        assert services.send_due(at=timezone.now(), seconds=30) == 1
    assert (len(silent.came), alive.types) == (1, ["declaration.paid"])
    assert [trial.answer for trial in Trial.objects.order_by("pk")] == [204, 0]


# Where it may go --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "url",
    [
        "http://hook.example/", "ftp://hook.example/", "https://", "https://user:pw@hook.example/", "https://h.example/#x",
        "https://127.0.0.1/", "https://10.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://169.254.169.254/",
        "https://100.64.0.1/", "https://0.0.0.0/", "https://[fd00::1]/", "https://hook.example:22/",
        "https://hook.example:6379/", "https://hook.example:99999/", "https://hook.example/\u0661", "https://a b/",
        "https://[fec0::1]/", "https://[64:ff9b::a00:1]/", "https://[::a00:1]/",
        "https://224.0.0.1/", "https://[2002:0a00:0001::]/", "https://h.example/" + "x" * 500,
    ],
)  # fmt: skip
def test_an_address_inside_or_without_form_is_refused(url: str, settings: Any) -> None:
    settings.WEBHOOK_PRIVATE_HOSTS = []
    with pytest.raises(Rejected, match="M010"):
        machines.endpoint(url)


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.1.2.3", "::1", "169.254.169.254", "192.168.0.9"])
def test_a_name_that_leads_inside_later_is_not_called(
    inside: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_PRIVATE_HOSTS = []
    machines.endpoint("https://hook.example/x")
    tasks.assessed(make.lodged().pk)
    public = (2, 1, 6, "", ("93.184.216.34", 443))
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *args, **more: [public, (2, 1, 6, "", (inside, 443))])
    monkeypatch.setattr(addresses.socket, "create_connection", lambda *args: pytest.fail("it was called"))
    sent()
    assert "not a public one" in Trial.objects.get().fault


def test_no_more_than_ten_addresses_and_none_twice() -> None:
    for number in range(10):
        machines.endpoint(f"https://hook.example/{number}")
    with pytest.raises(Rejected, match="M012"):
        machines.endpoint("https://hook.example/more")
    with pytest.raises(Rejected, match="M011"):
        machines.endpoint("https://hook.example/1")


# By hand ----------------------------------------------------------------------------------------------------------
def test_an_owner_adds_an_address_tests_it_and_reads_its_log() -> None:
    owner, base = client_of(make.trader()), f"/companies/{make.TIN}/webhooks/"
    with machines.receiver() as there:
        shown = owner.post(f"{base}add/", {"url": there.url, "kinds": ["declaration.paid"]})
        assert b"whsec_" in shown.content
        endpoint = shown.context["told"]["endpoint"]
        for _time in range(2):
            assert owner.post(f"{base}{endpoint.pk}/test/").status_code == 302
        sent()
        assert there.types == ["test", "test"]
    log = owner.get(f"{base}{endpoint.pk}/")
    assert b"204" in log.content
    assert b"whsec_" not in log.content
    row = Sending.objects.first()
    assert row is not None
    assert owner.post(f"{base}{endpoint.pk}/again/{row.pk}/").status_code == 302
    assert Sending.objects.filter(status="waiting").count() == 1
    owner.post(f"{base}{endpoint.pk}/end/")
    assert Sending.objects.filter(status="waiting").count() == 0
    assert owner.post(f"{base}add/", {"url": "nonsense"}).status_code == 422


def test_what_is_older_than_promised_is_thrown_away() -> None:
    with machines.receiver() as there:
        machines.endpoint(there.url)
        tasks.assessed(make.lodged().pk)
        sent()
    services.tidy(at=timezone.now() + timedelta(days=89))
    assert Happening.objects.count() == 1
    services.tidy(at=timezone.now() + timedelta(days=91))
    assert not Happening.objects.exists()
    assert not Trial.objects.exists()
