"""What every request of the API meets: the count of a minute, and keys under which a request is done once."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import UploadedFile
from django.test import Client
from django.utils import timezone

from declarations.models import Declaration
from machines import services
from machines.kinds import Scope
from machines.models import Program, Repeat
from tests import make
from tests.machines import make as machines
from tests.scans import PDF

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/declarations/"


def filed(door: Client, key: str, **changes: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return door.post(ROOT, make.data(**{"lrn": "one", **changes}), content_type="application/json", headers=headers)


@pytest.fixture
def door() -> Client:
    program, _client, _secret = machines.program()
    return machines.door(machines.token(program))


# Keys -------------------------------------------------------------------------------------------------------------
def test_a_request_with_a_key_is_done_once_and_answered_the_same(door: Client) -> None:
    first, second = filed(door, "k1"), filed(door, "k1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert first["ETag"] == second["ETag"]
    assert second["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert Declaration.objects.count() == 1
    assert filed(door, "k2").status_code == 201
    assert Declaration.objects.count() == 2


def test_a_key_for_another_request_is_said(door: Client) -> None:
    filed(door, "k1")
    other = filed(door, "k1", lrn="another")
    assert (other.status_code, other.json()["violations"][0]["code"]) == (422, "M020")


def test_a_token_that_may_less_is_not_told_what_another_one_was_answered(door: Client) -> None:
    assert filed(door, "k1").status_code == 201
    reads = machines.door(machines.token(Program.objects.get(), Scope.DECLARATIONS_READ))
    refused = filed(reads, "k1")
    assert refused.status_code == 422
    assert refused.json()["violations"][0]["code"] == "M020"


def test_a_key_belongs_to_its_caller(door: Client) -> None:
    filed(door, "k1")
    program, _client, _secret = machines.program("other")
    assert "Idempotency-Replayed" not in filed(machines.door(machines.token(program)), "k1")


def test_a_refusal_is_kept_and_a_first_one_under_way_is_said(door: Client) -> None:
    refused = filed(door, "k1", declarant_code="999")
    assert refused.status_code == 422 == filed(door, "k1", declarant_code="999").status_code
    Repeat.objects.update(code=None)
    waits = filed(door, "k1", declarant_code="999")
    assert (waits.status_code, waits.json()["violations"][0]["code"]) == (409, "M021")
    Repeat.objects.update(begun_at=timezone.now() - timedelta(minutes=2))
    assert filed(door, "k1", declarant_code="999").status_code == 422


def test_a_key_of_a_request_that_broke_may_be_used_again(door: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*args: Any, **more: Any) -> None:
        raise RuntimeError("broken")

    with monkeypatch.context() as patch:
        patch.setattr("declarations.services.create_draft", breaks)
        door.raise_request_exception = False
        assert filed(door, "k1").status_code == 500
    assert filed(door, "k1").status_code == 201


@pytest.mark.parametrize("key", ["x" * 101, "a\x07b"])
def test_a_key_that_is_none_is_said(door: Client, key: str) -> None:
    assert filed(door, key).json()["violations"][0]["code"] == "M020"


def test_without_a_person_the_door_itself_answers() -> None:
    assert filed(Client(), "k1").status_code == 401
    assert not Repeat.objects.exists()


def test_old_keys_are_thrown_away(door: Client) -> None:
    filed(door, "k1")
    services.tidy(at=timezone.now() + timedelta(days=1))
    assert Repeat.objects.count() == 1
    services.tidy(at=timezone.now() + timedelta(days=3))
    assert not Repeat.objects.exists()


# Counting ---------------------------------------------------------------------------------------------------------
def test_each_answer_says_how_many_are_left_and_the_last_one_is_sent_away(door: Client, settings: Any) -> None:
    settings.API_PER_MINUTE = 2
    answers = [door.get(ROOT) for _time in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0]["RateLimit"].startswith('"minute";r=1;t=')
    assert answers[0]["RateLimit-Policy"] == '"minute";q=2;w=60'
    assert int(answers[2]["Retry-After"]) <= 60
    assert answers[2].json()["violations"][0]["code"] == "H429"
    program, _client, _secret = machines.program("other")
    assert machines.door(machines.token(program)).get(ROOT).status_code == 200, "another caller has its own count"


# Size -------------------------------------------------------------------------------------------------------------
def test_what_is_too_large_is_refused_unread(door: Client, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = filed(door, "").json()["id"]

    def sent(size: int, **headers: str) -> Any:
        paper = io.BytesIO(PDF.replace(b"1.4\n", b"1.4\n%" + b"x" * size + b"\n"))
        paper.name = "scan.pdf"
        return door.post(f"{ROOT}{made}/files/", {"file": paper}, headers=headers)

    assert sent(3000).status_code == 201
    settings.UPLOAD_LIMIT_BYTES = 2000
    with monkeypatch.context() as patch:
        patch.setattr(UploadedFile, "read", lambda *_any: pytest.fail("it was read"), raising=False)
        refused = sent(3000)
    assert (refused.status_code, refused.json()["code"]) == (422, "F002")
    settings.API_BODY_BYTES = 2000
    with monkeypatch.context() as patch:
        patch.setattr("declarations.api.views.seen_declaration", lambda *_any: pytest.fail("the door was reached"))
        refused = sent(3000)
    assert (refused.status_code, refused.json()["code"]) == (413, "H413")
    assert refused["Content-Type"] == "application/problem+json"
