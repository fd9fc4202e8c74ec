"""Pictures that people send: small, upright, without what the camera wrote; whatever else comes is refused by name."""

import io
from typing import Any

import pytest
from PIL import Image

from lib import pictures
from lib.pictures import first_bytes, small_picture
from lib.violations import Rejected

GPS, MAKER, UPRIGHT_AFTER_A_TURN = 0x8825, 0x010F, 6


def picture(kind: str = "JPEG", size: tuple[int, int] = (3000, 2000), mode: str = "RGB", **more: Any) -> bytes:
    kept = io.BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else 0).save(kept, kind, **more)
    return kept.getvalue()


def from_a_phone() -> bytes:
    """With place and maker, lying on its side."""
    exif = Image.Exif()
    exif[MAKER] = "Phone"
    exif[0x0112] = UPRIGHT_AFTER_A_TURN
    exif.get_ifd(GPS)[1] = "N"
    return picture(exif=exif)


def test_a_photo_becomes_small_and_upright_and_says_nothing_of_its_place() -> None:
    content = from_a_phone()
    assert Image.open(io.BytesIO(content)).getexif()[MAKER] == "Phone"
    made = Image.open(io.BytesIO(small_picture(content)))
    assert (made.format, made.width, made.height) == ("JPEG", 1067, 1600)
    assert dict(made.getexif()) == {}
    assert "exif" not in made.info


@pytest.mark.parametrize(
    "made", [picture("PNG", mode="RGBA"), picture("PNG", mode="P"), picture("WEBP"), picture("PNG", mode="1")]
)
def test_other_kinds_become_jpeg(made: bytes) -> None:
    assert small_picture(made).startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "F001"),
        (b"MZ no picture", "F003"),
        (b"GIF89a" + bytes(50), "F003"),
        (b"%PDF-1.7 no picture", "F003"),
        (picture()[: len(picture()) // 2], "F005"),
        (picture("PNG")[:200], "F005"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "F005"),
    ],
)
def test_what_is_no_whole_picture_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        small_picture(content)
    assert refused.value.violations[0].code == code


def test_a_picture_of_too_many_points_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 1000)
    with pytest.raises(Rejected) as refused:
        small_picture(picture("PNG", (100, 100)))
    assert refused.value.violations[0].code == "F002"


def test_of_forty_megabytes_no_more_is_read_than_is_accepted(settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 100
    content = first_bytes(io.BytesIO(bytes(1000)))
    assert len(content) == 101
    with pytest.raises(Rejected) as refused:
        small_picture(content)
    assert refused.value.violations[0].code == "F002"
