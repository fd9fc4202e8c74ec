"""Papers that people send: one judge for every door. What passes is harmless: pictures made anew, PDFs without scripts.

The type is read from the content; what a reader of papers cannot use is refused with what to do instead.
"""

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from django.utils.translation import gettext as _

from lib.pdfs import judged_pdf
from lib.pictures import KINDS, small_picture
from lib.sheets.limits import MOST_BYTES_UNPACKED, MOST_PARTS
from lib.uploads import ACCEPTED, OFFICE_OPEN, judge_file, shown_name
from lib.violations import Rejected, refuse

LONGEST = 2400  # points of a scan: A4 at 200 an inch
PDF, JPEG = "application/pdf", "image/jpeg"


@dataclass(frozen=True, slots=True)
class Received:
    """A paper as it is kept. `pages` None: it has none that can be shown."""

    name: str
    content: bytes
    content_type: str
    pages: int | None


def received(*, name: str, content: bytes, accepted: Mapping[str, tuple[str, ...]] = ACCEPTED) -> Received:
    """What is kept of a file. Raises Rejected: F001 to F005, F080 to F087, F092, all pointing at `file`."""
    shown = shown_name(name)
    content_type = judge_file(name=shown, content=content, accepted=accepted)
    if content_type == PDF:
        pdf = judged_pdf(content)
        return Received(shown, pdf.content, content_type, pdf.pages)
    if content_type in KINDS:
        return Received(_as_jpeg(shown), small_picture(content, longest=LONGEST), JPEG, 1)
    if content_type in OFFICE_OPEN:
        _judge_office(content)
    return Received(shown, content, content_type, None)


def _as_jpeg(name: str) -> str:
    path = PurePath(name)
    return name if path.suffix.lower() in ACCEPTED[JPEG] else f"{path.stem}.jpg"


def _judge_office(content: bytes) -> None:
    """Raises Rejected F092 for an archive that is a bomb, locked, damaged, or brings programs and other files along."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            too_much = len(entries) > MOST_PARTS or sum(each.file_size for each in entries) > MOST_BYTES_UNPACKED
            locked = any(each.flag_bits & 1 for each in entries)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError) as error:
        raise _office(_("This file is damaged. Save it again, or send it as a PDF.")) from error
    if too_much or locked:
        raise _office(_("This file unpacks to far more than a paper has, or is locked. Send it as a PDF."))
    names = [each.filename.lower() for each in entries]
    if any(name.endswith("vbaproject.bin") or "/embeddings/" in name or "/activex/" in name for name in names):
        raise _office(_("This file carries a program or other files inside. Send it as a PDF."))


def _office(sentence: str) -> Rejected:
    return refuse("F092", "file", sentence)
