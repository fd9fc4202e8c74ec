"""Passports read from a photo: what the check digits vouch for is right, or nothing is read."""

import io
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from lib import passport_photo
from lib.passport_photo import Unread, read_photo, zone_in
from lib.violations import Rejected

ON = date(2026, 11, 23)
OCR_B = Path("/usr/share/fonts/opentype/ocr-b/OCRB.otf")
PASSPORT = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
CARD = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"


def photo(text: str, *, turned: float) -> bytes:
    """A page of a passport as a phone sees it: turned by so many degrees, a little blurred."""
    page = Image.new("RGB", (1800, 1260), (214, 208, 196))
    drawn, lines = ImageDraw.Draw(page), text.splitlines()
    font = ImageFont.truetype(str(OCR_B), 54 if len(lines) == 2 else 62)
    drawn.rectangle((100, 180, 560, 760), fill=(120, 100, 90))
    for place, line in enumerate(reversed(lines), start=1):
        drawn.text((70, 1220 - place * 84), line, font=font, fill=(30, 30, 30))
    kept = io.BytesIO()
    seen = page.rotate(turned, expand=True, fillcolor=(90, 80, 70)).filter(ImageFilter.GaussianBlur(0.8))
    seen.save(kept, "JPEG", quality=70)
    return kept.getvalue()


@pytest.mark.skipif(not (shutil.which("tesseract") and OCR_B.exists()), reason="neither tesseract nor OCR-B is here")
@pytest.mark.parametrize(
    ("text", "number", "turned"), [(PASSPORT, "L898902C3", 9), (PASSPORT, "L898902C3", 178), (CARD, "D23145890", 1.5)]
)
def test_number_and_birth_are_read_from_a_photo_that_is_askew(
    monkeypatch: pytest.MonkeyPatch, text: str, number: str, turned: float
) -> None:
    monkeypatch.setattr(passport_photo, "SECONDS", 60)  # a busy machine is no reason
    monkeypatch.setattr(passport_photo, "SECONDS_FOR_ALL", 120)
    zone = read_photo(photo(text, turned=turned), on=ON)
    assert (zone.number, zone.birth_date) == (number, date(1974, 8, 12))
    assert zone.family_name.startswith("ERIKSSON")


@pytest.mark.parametrize(
    "text",
    [
        PASSPORT,
        f"Passport\n12 AUG 1974\n\n{PASSPORT}\n",
        PASSPORT.replace("<<<<<<<<<<<<<<<<<<<", "<<<<<KKKCCC<<"),
        PASSPORT.replace("L898902C36UTO7408122F", "L898902C36UT07408I22F"),
        PASSPORT.replace("ZE184226B<<<<<10", "ZE18422"),
        "P<UTOERIKSSON<<ANNA<MARIA<<\n  .L898902C36UTO 7408122F 1204159 <<",
    ],
)
def test_lost_fillers_and_signs_that_look_alike_are_put_right(text: str) -> None:
    zone = zone_in(text, on=ON)
    assert zone is not None
    assert (zone.family_name, zone.given_name, zone.number) == ("ERIKSSON", "ANNA MARIA", "L898902C3")
    assert (zone.nationality, zone.birth_date, zone.expires_on) == ("UTO", date(1974, 8, 12), date(2012, 4, 15))


def test_a_card_is_read_too() -> None:
    zone = zone_in(CARD.replace("UTO<<<<<<<<<<<6", "UT0<<<<<"), on=ON)
    assert zone is not None
    assert (zone.number, zone.nationality, zone.given_name) == ("D23145890", "UTO", "ANNA MARIA")


@pytest.mark.parametrize("place", [0, 4, 9, 13, 18, 19, 21, 26, 27])
def test_a_wrong_digit_is_never_taken_for_right(place: int) -> None:
    first, second = PASSPORT.split("\n")
    wrong = "4" if second[place] != "4" else "7"
    assert zone_in(f"{first}\n{second[:place]}{wrong}{second[place + 1 :]}", on=ON) is None


@pytest.mark.parametrize(
    "text", ["", "\n\n", "A PAGE OF A BOOK WITHOUT ANY LINES OF THAT KIND\nAND ANOTHER LINE OF IT"]
)
def test_where_there_is_none_none_is_read(text: str) -> None:
    assert zone_in(text, on=ON) is None


def test_without_the_program_it_is_done_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(Unread, match="missing"):
        read_photo(b"", on=ON)


def test_what_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_arguments: Any, **options: Any) -> None:
        raise subprocess.TimeoutExpired("tesseract", options["timeout"])

    picture = io.BytesIO()
    Image.new("L", (60, 40)).save(picture, "JPEG")
    monkeypatch.setattr(shutil, "which", lambda _name: "tesseract")
    monkeypatch.setattr(passport_photo.subprocess, "run", slow)  # type: ignore[attr-defined]
    with pytest.raises(Unread, match="late"):
        read_photo(picture.getvalue(), on=ON)
    with pytest.raises(Rejected):
        read_photo(b"no picture", on=ON)
