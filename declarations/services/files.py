"""Files of a declaration: what they are is read from their content, never believed from their name."""

import hashlib
import uuid
from datetime import datetime
from pathlib import PurePath

import filetype
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from declarations import sad_xml
from declarations.models import Declaration, StoredFile
from declarations.reading import clean
from declarations.services.drafts import create_draft
from lib.violations import Rejected, refuse
from traders.models import Company

OFFICE_OPEN = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
ACCEPTED = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "application/xml": (".xml",),
    **{content_type: (suffix,) for content_type, suffix in OFFICE_OPEN.items()},
}


@transaction.atomic
def store_file(
    declaration: Declaration,
    *,
    kind: str,
    name: str,
    content: bytes,
    by: User | None,
    at: datetime,
    document_code: str = "",
) -> StoredFile:
    """Store a file under its declaration. Raises Rejected F001 to F004: empty, too large, of no known type, a liar."""
    shown = _shown(name)
    content_type = judge_file(name=shown, content=content)
    stored = StoredFile(
        declaration=declaration,
        kind=kind,
        name=shown,
        document_code=document_code,
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        at=at,
        by=by,
    )
    stored.file.save(_random_name(declaration), ContentFile(content), save=False)
    stored.save(force_insert=True)
    return stored


def _random_name(declaration: Declaration) -> str:
    """Files lie under their declaration, named by a random id: nothing of the user's name reaches the disk."""
    return f"{declaration.public_id}/{uuid.uuid4().hex}"


@transaction.atomic
def draft_from_xml(*, declarant: Company, name: str, content: bytes, by: User, at: datetime) -> Declaration:
    """A draft from an ASYCUDA export, the file itself stored with it. Raises Rejected and makes nothing."""
    judge_file(name=_shown(name), content=content)
    parsed = sad_xml.parse(content)
    draft = create_draft(
        declarant=declarant,
        by=by,
        at=at,
        source=Declaration.Source.XML,
        data=parsed["draft"],
        kept=parsed["kept"],
    )
    store_file(draft, kind=StoredFile.Kind.XML, name=name, content=content, by=by, at=at)
    return draft


def judge_file(*, name: str, content: bytes) -> str:
    """The content type read off the content. Raises Rejected if the file is empty, too large, unknown or lies."""
    if not content:
        raise refuse("F001", "file", _("This file is empty. Choose another one."))
    if len(content) > settings.UPLOAD_LIMIT_BYTES:
        limit = settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)
        raise refuse("F002", "file", _("This file is too large: {limit} MB at the most.").format(limit=limit))
    found = sniff(content)
    if found not in ACCEPTED:
        raise refuse("F003", "file", _("Files of this type are not accepted. Send PDF, PNG, JPEG, XML, XLSX or DOCX."))
    suffix = PurePath(name).suffix.lower()
    if suffix not in ACCEPTED[found]:
        raise _lie(suffix, found)
    return found


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
    return "application/xml" if sad_xml.looks_like_xml(content) else ""


def _office_type(content: bytes) -> str:
    if b"[Content_Types].xml" not in content[:65536]:
        return ""
    if b"xl/workbook.xml" in content:
        return next(kind for kind, suffix in OFFICE_OPEN.items() if suffix == ".xlsx")
    return next((kind for kind, suffix in OFFICE_OPEN.items() if suffix == ".docx" and b"word/" in content), "")


def _shown(name: str) -> str:
    """The file's own name without folders or control characters, at most 200 characters with its ending kept."""
    path = PurePath(clean(name).replace("\\", "/").rpartition("/")[2] or "file")
    return path.stem[: 200 - len(path.suffix)] + path.suffix[:20]
