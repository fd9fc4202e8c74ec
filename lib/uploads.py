"""Files that people send: what they are is read from their content, never believed from their name."""

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING

import filetype
from django.conf import settings
from django.utils.translation import gettext as _

from lib.spelling import seen
from lib.violations import Rejected, refuse
from lib.xml_text import looks_like_xml

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
OFFICE_OPEN = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
ACCEPTED = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg", ".jfif", ".jpe"),  # the third is what Windows writes for pictures of pages
    "application/xml": (".xml",),
    **{content_type: (suffix,) for content_type, suffix in OFFICE_OPEN.items()},
}
TOLD = {"image/heic": "HEIC", "image/heif": "HEIC", "image/avif": "AVIF", "image/tiff": "TIFF"}
SCANS = {content_type: ACCEPTED[content_type] for content_type in ("application/pdf", "image/png", "image/jpeg")}


def endings(accepted: Mapping[str, tuple[str, ...]] = ACCEPTED) -> str:
    """The endings of names, as a page's file chooser takes them: `.pdf,.png`."""
    return ",".join(ending for of_one in accepted.values() for ending in of_one)


def read_upload(upload: "UploadedFile[bytes]", *, pointer: str = "file", limit: int | None = None) -> bytes:
    """The content of an uploaded file; one of more than `limit` bytes is refused unread. Raises Rejected F002.

    The one way in which a door reads what was sent. Without `limit`: the setting UPLOAD_LIMIT_BYTES.
    """
    most = limit or settings.UPLOAD_LIMIT_BYTES
    if (upload.size or 0) > most:
        raise too_large(most, pointer=pointer)
    return bytes(upload.read())


def too_large(limit: int, *, pointer: str = "file") -> Rejected:
    sentence = _("This file is too large: {limit} MB at the most.")
    return refuse("F002", pointer, sentence.format(limit=limit // (1024 * 1024)))


def judge_file(*, name: str, content: bytes, accepted: Mapping[str, tuple[str, ...]] = ACCEPTED) -> str:
    """The content type read off the content. Raises Rejected if the file is empty, too large, unknown or lies."""
    if not content:
        raise refuse("F001", "file", _("This file is empty. Choose another one."))
    if len(content) > settings.UPLOAD_LIMIT_BYTES:
        raise too_large(settings.UPLOAD_LIMIT_BYTES)
    found = sniff(content)
    if found in TOLD:
        raise _told(TOLD[found])
    if found not in accepted:
        kinds = ", ".join(suffixes[0].removeprefix(".").upper() for suffixes in accepted.values())
        raise refuse(
            "F003", "file", _("Files of this type are not accepted. Send one of: {kinds}.").format(kinds=kinds)
        )
    suffix = PurePath(name).suffix.lower()
    if suffix not in accepted[found]:
        raise _lie(suffix, found)
    return found


def _told(kind: str) -> Rejected:
    """A picture that few programs show: how to send it in a kind that all do."""
    sentence = _(
        "{kind} pictures are not accepted. Photograph the paper by the link for a phone, which sends JPEG, "
        "or save the picture as JPEG or PDF."
    )
    return refuse("F080", "file", sentence.format(kind=kind))


def _lie(suffix: str, found: str) -> Rejected:
    sentence = _("The name ends in “{suffix}” but the content is of the type {found}. Rename or convert the file.")
    return refuse("F004", "file", sentence.format(suffix=suffix or "—", found=found))


def sniff(content: bytes) -> str:
    """The content type by the content's own signature, empty if it has none that is accepted."""
    guessed: str | None = filetype.guess_mime(content[:8192])
    if guessed == "application/zip":
        return _office_type(content)
    if guessed:
        return guessed
    return "application/xml" if looks_like_xml(content) else ""


def _office_type(content: bytes) -> str:
    if b"[Content_Types].xml" not in content[:65536]:
        return ""
    if b"xl/workbook.xml" in content:
        return next(kind for kind, suffix in OFFICE_OPEN.items() if suffix == ".xlsx")
    return next((kind for kind, suffix in OFFICE_OPEN.items() if suffix == ".docx" and b"word/" in content), "")


def shown_name(name: str) -> str:
    """The file's own name without folders or signs that nobody sees, at most 200 characters with its ending kept.

    A mark that turns the direction of writing would show `invoice‹mark›gnp.pdf` as `invoicefdp.png`.
    """
    path = PurePath(_CONTROL.sub("", seen(name)).strip().replace("\\", "/").rpartition("/")[2] or "file")
    return path.stem[: 200 - len(path.suffix)] + path.suffix[:20]
