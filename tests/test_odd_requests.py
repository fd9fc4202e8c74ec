"""Requests as no browser sends them: each gets a clear refusal, never a failure of ours."""

from typing import Any

import pytest
from django.test import Client

from clearance.selectors import genuine_paper
from clearance.services import issue_release_note
from tests import make
from tests.clearance import make as clearance
from tests.conftest import client_of

pytestmark = pytest.mark.django_db

PATHS = [
    "/exchange-rates/%00/",
    "/verify/a%00b/",
    "/%00",
    "/companies/%00/",
    "/api/v1/declarations/%00/",
    "/tariff/%00/",
]
QUERIES = ["/tariff/?q=a%00b", "/verify/?token=%00", "/?%00=1", "/account/login/?next=%00"]


@pytest.mark.parametrize("path", PATHS)
def test_a_nul_in_a_path_is_refused(path: str) -> None:
    for browser in (Client(raise_request_exception=False), client_of(make.trader())):
        browser.raise_request_exception = False
        answer = browser.get(path)
        assert answer.status_code in (400, 404), path


@pytest.mark.parametrize("path", QUERIES)
def test_a_nul_in_a_query_is_as_if_it_were_not_there(path: str) -> None:
    for browser in (Client(), client_of(make.trader())):
        with_it, without = browser.get(path), browser.get(path.replace("%00", ""))
        assert with_it.status_code == without.status_code
        assert with_it.headers.get("Location") == without.headers.get("Location")


@pytest.mark.parametrize("path", ["/account/login/", "/account/signup/", "/account/password/reset/", "/language/"])
def test_a_nul_in_a_form_is_as_if_it_were_not_there(path: str) -> None:
    names = ("login", "password", "email", "password1", "password2", "language", "next")
    for sent in (dict.fromkeys(names, "a\0b"), {"a\0b": "x"}):
        plain = {name.replace("\0", ""): value.replace("\0", "") for name, value in sent.items()}
        assert Client().post(path, sent).status_code == Client().post(path, plain).status_code < 500


def test_a_nul_in_json_is_refused() -> None:
    browser = client_of(make.trader())
    browser.raise_request_exception = False
    data = make.data(exporter_name="a\0b")
    for sent in (data, {"lrn": "\0"}, {"items": [{"commercial_description": "\0"}]}):
        answer = browser.post("/api/v1/declarations/", sent, content_type="application/json")
        assert answer.status_code in (201, 400, 422)


@pytest.mark.parametrize("host", ["evil.example", "testserver:x", "a b", "", "x" * 300, "[::"])
@pytest.mark.parametrize("path", ["/", "/api/v1/declarations/", "/admin/", "/nothing/"])
def test_another_host_is_refused_in_words(path: str, host: str) -> None:
    answer = Client(raise_request_exception=False).get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert b"does not answer under that name" in answer.content


def test_a_link_of_a_note_with_a_language_behind_it_is_found() -> None:
    case = clearance.released()
    note = issue_release_note(case.declaration_id, at=clearance.LATER)
    assert note is not None
    assert genuine_paper(note.token)
    for typed in (
        note.token,
        f"http://127.0.0.1:8000/verify/{note.token}/",
        f"https://portal.example/verify/{note.token}/?lang=ru",
        f" /verify/{note.token}?lang=ru&x=/a/#top ",
    ):
        answer = Client().get("/verify/", {"token": typed})
        assert answer["Location"] == f"/verify/{note.token}/", typed


def test_the_admin_has_a_policy_and_the_rest_a_stricter_one() -> None:
    administrator = client_of(make.officer(make.Role.ADMIN, None))
    strict, loose = (administrator.get(path)["Content-Security-Policy"] for path in ("/", "/admin/"))
    assert "unsafe" not in strict
    assert "default-src 'none'" in loose
    assert "script-src 'self' 'unsafe-eval'" in loose
    assert "frame-ancestors 'none'" in loose


def test_uploaded_files_are_private(settings: Any) -> None:
    assert settings.FILE_UPLOAD_PERMISSIONS == 0o600
    assert settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS == 0o700
