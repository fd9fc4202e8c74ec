"""The photo of a passport in the form: it fills what is empty, is shown for comparison, and is never kept."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lib.passport_photo import Unread
from lib.travel_documents import read_zone
from passengers.models import Photo, TravelDeclaration
from passengers.views import asking
from tests.passengers import travelling as way

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "told")]
ZONE = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("passport.jpg", b"\xff\xd8 a photo")


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The photos that were read; each has the zone of the standard's example."""
    read: list[bytes] = []

    def read_photo(content: bytes, *, on: date) -> Any:
        read.append(content)
        return read_zone(ZONE, on=on)

    monkeypatch.setattr(asking, "is_there", lambda: True)
    monkeypatch.setattr(asking, "read_photo", read_photo)
    return read


def test_a_photo_fills_what_is_empty_and_is_shown_for_comparison(client: Client, reading: list[bytes]) -> None:
    key = way.begun(client)
    rows = way.as_rows("people", {"given": "Анна"}) | {"people-0-zone_photo": photo()}
    answer = client.post(way.page(key, "people"), rows)
    assert answer["Location"] == way.page(key, "people") + "?read=1"
    shown = client.get(answer["Location"]).content.decode()
    assert "Compare it with the passport" in shown
    for value in ("ERIKSSON", "Анна", "12.08.1974", "L898902C3"):
        assert f'value="{value}"' in shown
    made = TravelDeclaration.objects.get()
    assert "zone_photo" not in made.draft["people"][0]
    assert Photo.objects.count() == 0
    assert not list(Path(settings.MEDIA_ROOT).glob(f"travel/{made.public_id}/*"))


def test_one_photo_is_read_at_a_time_and_some_in_a_minute(client: Client, reading: list[bytes]) -> None:
    key = way.begun(client)
    two = way.as_rows("people", {"given": "A"}, {"given": "B"})
    answer = client.post(
        way.page(key, "people"), two | {"people-0-zone_photo": photo(), "people-1-zone_photo": photo()}
    )
    assert answer.status_code == 422
    assert "Type it by hand" in answer.content.decode()
    assert len(reading) == 1
    for _time in range(20):
        client.post(way.page(key, "people"), way.as_rows("people", {}) | {"people-0-zone_photo": photo()})
    assert len(reading) <= asking.PHOTOS_A_MINUTE


@pytest.mark.parametrize(("why", "sentence"), [("nothing", "Nothing could be read"), ("late", "takes too long")])
def test_what_cannot_be_read_is_typed_and_nothing_is_lost(
    client: Client, monkeypatch: pytest.MonkeyPatch, reading: list[bytes], why: str, sentence: str
) -> None:
    def unread(*_arguments: Any, **_more: Any) -> None:
        raise Unread(why)

    monkeypatch.setattr(asking, "read_photo", unread)
    key = way.begun(client)
    rows = way.as_rows("people", {"given": "Анна"}) | {"people-0-zone_photo": photo()}
    answer = client.post(way.page(key, "people"), rows)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert 'value="Анна"' in answer.content.decode()


def test_where_no_photo_can_be_read_none_is_asked_for(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "is_there", lambda: False)
    key = way.begun(client)
    assert "zone_photo" not in client.get(way.page(key, "people")).content.decode()
