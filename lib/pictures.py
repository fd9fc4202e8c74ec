"""Pictures that people send: opened within bounds, made small, without what a camera writes of place and owner."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps

from lib.uploads import sniff
from lib.violations import Rejected, refuse

KINDS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
MOST_PIXELS = 60_000_000
LONGEST, QUALITY = 1600, 80


def first_bytes(file: Any) -> bytes:
    """The content of a file, one byte more than is accepted at the most: `opened` tells, and memory is bounded."""
    content: bytes = file.read(settings.UPLOAD_LIMIT_BYTES + 1)
    return content


@contextmanager
def opened(content: bytes, *, longest: int = LONGEST) -> Iterator[Image.Image]:
    """The picture, upright, not much smaller than twice `longest`.

    Raises Rejected: F001 empty, F002 too large, F003 no picture, F005 cut off or broken.
    """
    kind = _judged(content)
    # The library that prints papers switches this on for everybody: half a photo would be taken for a whole one.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[KINDS[kind]]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise _too_many_points()
                picture.draft("RGB", (longest * 2, longest * 2))
                yield ImageOps.exif_transpose(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_points() from None
    except (OSError, SyntaxError, ValueError, EOFError) as broken:
        sentence = _("This picture cannot be opened: it may have been cut off on its way. Choose it again.")
        raise refuse("F005", "file", sentence) from broken


def _judged(content: bytes) -> str:
    if not content:
        raise refuse("F001", "file", _("This file is empty. Choose another one."))
    if len(content) > settings.UPLOAD_LIMIT_BYTES:
        raise _too_large()
    kind = sniff(content)
    if kind not in KINDS:
        sentence = _("Files of this type are not accepted. Send one of: {kinds}.")
        raise refuse("F003", "file", sentence.format(kinds="JPEG, PNG, WEBP"))
    return kind


def _too_large() -> Rejected:
    limit = settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)
    return refuse("F002", "file", _("This file is too large: {limit} MB at the most.").format(limit=limit))


def _too_many_points() -> Rejected:
    sentence = _("This picture has too many points: {most} million at the most. Save it smaller and send it again.")
    return refuse("F002", "file", sentence.format(most=MOST_PIXELS // 1_000_000))


def small_picture(content: bytes, *, longest: int = LONGEST) -> bytes:
    """The picture as a JPEG of at most `longest` points in length, nothing but its points. Raises as `opened`."""
    kept = io.BytesIO()
    with opened(content, longest=longest) as picture:
        picture.thumbnail((longest, longest))
        _on_white(picture).save(kept, "JPEG", quality=QUALITY)
    return kept.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGB", "L"):
        return picture
    points = picture.convert("RGBA")
    plain = Image.new("RGB", points.size, "white")
    plain.paste(points, mask=points.getchannel("A"))
    return plain
