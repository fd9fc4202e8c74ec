"""Pages for anyone: the check of a release note."""

import hashlib

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from clearance import services
from clearance.models import Case
from declarations.models import IssuedPaper
from declarations.services import issued
from tests import make
from tests.clearance import make as clearance

pytestmark = pytest.mark.django_db


def note_of(case: Case) -> IssuedPaper:
    return IssuedPaper.objects.get(declaration=case.declaration_id, kind="release_note")


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    cache.clear()


def test_a_genuine_note_says_what_it_released(client: Client) -> None:
    case = clearance.released()
    note = note_of(case)
    page = client.get(reverse("verify_token", args=[note.token]))
    text = page.content.decode()
    assert page.status_code == 200
    assert "genuine" in text
    for said in (case.mrn, note.number, note.file_in("ru").sha256, case.office_code, case.commodity_code):
        assert said in text
    for kept_back in (case.trader_name, str(case.customs_value)):
        assert kept_back not in text


@pytest.mark.parametrize("fate", ["amended", "cancelled"])
def test_the_check_says_when_the_declaration_no_longer_stands(client: Client, fate: str) -> None:
    declaration = make.assessed()
    paper = issued.register(declaration, kind="notice", at=make.AT)
    address = reverse("verify_token", args=[paper.token])
    assert "This paper is genuine" in client.get(address).content.decode()
    if fate == "amended":
        clearance.amended(declaration)
        said = "It was amended since: version 2 counts"
    else:
        services.cancel(declaration, reason="sent back", by=make.trader(), at=make.AT)
        said = "Its declaration was cancelled since"
    text = " ".join(client.get(address).content.decode().split())
    assert "Genuine, but it no longer counts" in text
    assert said in text
    assert "Assessment notice" in text


def test_a_wrong_token_learns_nothing(client: Client) -> None:
    case = clearance.released()
    token = note_of(case).token
    for wrong in (token[:-1], "A" * 32, case.mrn):
        page = client.get(reverse("verify_token", args=[wrong]))
        assert page.status_code == 404
        assert "Not genuine" in page.content.decode()
        assert case.commodity_code not in page.content.decode()


def test_a_code_or_an_address_can_be_typed(client: Client) -> None:
    token = note_of(clearance.released()).token
    for typed in (token, f" https://portal.example/verify/{token}/ "):
        answer = client.get(reverse("verify"), {"token": typed})
        assert answer.headers["Location"] == reverse("verify_token", args=[token])


def test_checks_are_throttled_by_address(client: Client) -> None:
    address = reverse("verify_token", args=["A" * 32])
    statuses = [client.get(address).status_code for _ in range(32)]
    assert statuses[:30] == [404] * 30
    assert 429 in statuses[30:]
    assert client.get(address, REMOTE_ADDR="10.1.1.1").status_code == 404


@pytest.mark.usefixtures("as_owner")
def test_a_note_is_issued_once_with_a_token_nobody_guesses() -> None:
    case = clearance.released()
    note = note_of(case)
    assert services.issue_release_note(case.declaration_id, at=clearance.LATER) == note
    assert len(note.token) >= 32
    with pytest.raises(IntegrityError), transaction.atomic():
        IssuedPaper.objects.filter(pk=note.pk).update(number="X")


def test_a_note_exists_in_every_language_and_the_check_knows_each(client: Client, as_trader: Client) -> None:
    case = clearance.released()
    note = note_of(case)
    address = reverse("release_note", args=[case.declaration.public_id])
    checked = client.get(reverse("verify_token", args=[note.token])).content.decode()
    for language in ("tg", "ru", "en"):
        content = b"".join(as_trader.get(address, {"language": language}).streaming_content)  # type: ignore[attr-defined]
        assert hashlib.sha256(content).hexdigest() in checked
    assert len({note.file_in(language).sha256 for language in ("en", "ru", "tg")}) == 3


def test_a_stranger_gets_no_note(as_stranger: Client) -> None:
    case = clearance.released()
    assert as_stranger.get(reverse("release_note", args=[case.declaration.public_id])).status_code == 404


def test_no_note_before_release() -> None:
    case = clearance.paid("green")
    assert services.issue_release_note(case.declaration_id, at=make.AT) is None
