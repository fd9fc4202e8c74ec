"""What a program does after lodging: answers questions with papers, and fetches papers and files by its token."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from clearance.models import Query
from machines.kinds import Scope
from tests import make
from tests.clearance import make as files
from tests.conftest import client_of
from tests.machines import make as machines
from tests.scans import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def door() -> Client:
    program, _client, _secret = machines.program()
    return machines.door(machines.token(program))


def of(query: Query) -> str:
    return f"/api/v1/declarations/{query.case.declaration.mrn}/queries/"


def test_a_program_reads_a_question_and_answers_it_with_papers(door: Client) -> None:
    query = files.queried()
    (asked,) = door.get(of(query)).json()
    assert (asked["question"], asked["answer"], asked["withdrawn"]) == ("Where is the contract?", None, False)
    paper = SimpleUploadedFile("contract.pdf", PDF, "application/pdf")
    answered = door.post(f"{of(query)}{query.pk}/answer/", {"text": "It is attached.", "papers": [paper]})
    assert answered.status_code == 200, answered.content
    assert answered.json()["answer"] == "It is attached."
    (key,) = answered.json()["files"]
    fetched = door.get(f"/api/v1/files/{key}/")
    assert b"".join(fetched.streaming_content) == PDF  # type: ignore[arg-type]
    assert fetched["Content-Disposition"].startswith("attachment")
    again = door.post(f"{of(query)}{query.pk}/answer/", {"text": "x"}, content_type="application/json")
    assert (again.status_code, again.json()["violations"][0]["code"]) == (422, "C012")


def test_an_answer_by_json_and_what_is_wrong_with_one(door: Client) -> None:
    query = files.queried()
    empty = door.post(f"{of(query)}{query.pk}/answer/", {"text": " "}, content_type="application/json")
    assert (empty.status_code, empty.json()["violations"][0]["pointer"]) == (422, "text")
    many = [SimpleUploadedFile(f"{number}.pdf", PDF) for number in range(11)]
    assert (
        door.post(f"{of(query)}{query.pk}/answer/", {"text": "x", "papers": many}).json()["violations"][0]["code"]
        == "C014"
    )
    wrong = door.post(f"{of(query)}{query.pk}/answer/", {"text": "x", "papers": [SimpleUploadedFile("a.exe", b"MZ")]})
    assert wrong.json()["violations"][0]["pointer"] == "papers[0]"
    done = door.post(f"{of(query)}{query.pk}/answer/", {"text": "Gladly."}, content_type="application/json")
    assert done.status_code == 200


def test_questions_and_papers_of_others_are_not_there(door: Client) -> None:
    query = files.queried()
    mrn, stranger = query.case.declaration.mrn, client_of(make.stranger())
    assert stranger.get(of(query)).status_code == 404
    assert stranger.post(f"{of(query)}{query.pk}/answer/", {"text": "x"}).status_code == 404
    assert door.post(f"{of(query)}{query.pk + 1}/answer/", {"text": "x"}).status_code == 404
    for path in ("xml/", "papers/sad/", "papers/notice/"):
        assert stranger.get(f"/api/v1/declarations/{mrn}/{path}").status_code == 404
        assert Client().get(f"/api/v1/declarations/{mrn}/{path}").status_code == 401
    program, _client, _secret = machines.program("other")
    messages = machines.door(machines.token(program, Scope.MESSAGES_READ))
    assert messages.get(f"/api/v1/declarations/{mrn}/xml/").status_code == 403


def test_the_papers_of_a_declaration_come_by_token(door: Client, follow_ups: Any) -> None:
    declaration = make.lodged()
    path = f"/api/v1/declarations/{declaration.mrn}/"
    assert door.get(f"{path}xml/").content.startswith(b"<?xml")
    assert door.get(f"{path}papers/letter/").status_code == 404
    with follow_ups():
        waits = door.get(f"{path}papers/notice/")
    assert (waits.status_code, waits["Retry-After"]) == (202, "1")
    there = door.get(f"{path}papers/notice/")
    assert b"".join(there.streaming_content).startswith(b"%PDF")  # type: ignore[arg-type]
    draft = make.draft(lrn="d")
    assert door.get(f"/api/v1/declarations/{draft.public_id}/papers/sad/").content.startswith(b"%PDF")


def test_the_page_about_the_api_names_every_request_and_is_small() -> None:
    page = Client().get("/api/docs/")
    assert page.status_code == 200
    assert len(page.content) < 250_000
    paths = Client().get("/api/schema/", headers={"accept": "application/json"}).json()["paths"]
    assert all(path in page.content.decode() for path in paths)
