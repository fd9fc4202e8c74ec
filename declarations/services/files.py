"""Files of a declaration: what they are is read from their content, never believed from their name.

What people send as papers goes through `receive_file`: the judge of all papers (`lib.received`), bounds, virus check.
"""

import hashlib
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import announce
from declarations import sad_xml
from declarations.models import Declaration, StoredFile
from declarations.services.drafts import create_draft
from declarations.services.history import lock
from declarations.services.scans import random_name
from lib import clamd
from lib.received import Received, received
from lib.uploads import ACCEPTED, judge_file, shown_name
from lib.violations import Conflict, Violation, refuse
from traders.models import Company

XML = {"application/xml": ACCEPTED["application/xml"]}
MOST_FILES, MOST_BYTES = 300, 400 * 1024 * 1024  # of one declaration


def receive_file(
    declaration: Declaration,
    *,
    name: str,
    content: bytes,
    by: User,
    at: datetime,
    document_code: str = "",
    key: str = "",
) -> StoredFile:
    """Keep a paper that somebody sends, made harmless; sent again under the same `key` it is the same file.

    Raises Rejected: what `lib.received` refuses, F064 for a template, F088 the declaration has too many files; Conflict
    F089 if another content came under the key.
    """
    sent = hashlib.sha256(content).hexdigest()
    if known := _sent_before(declaration, key, sent):
        return known
    paper = received(name=name, content=content)
    with transaction.atomic():
        locked = lock(declaration.pk)
        if known := _sent_before(locked, key, sent):
            return known
        _room_for(paper, locked)
        stored = StoredFile(
            declaration=locked,
            kind=StoredFile.Kind.ATTACHMENT,
            name=paper.name,
            document_code=document_code,
            content_type=paper.content_type,
            at=at,
            by=by,
            pages=paper.pages,
            upload_key=key,
            sent_sha256=sent,
            safety=StoredFile.Safety.WAITING if clamd.is_configured() else StoredFile.Safety.UNCHECKED,
        )
        _keep(stored, paper.content)
        announce("file.received", stored.pk)
    return stored


def _sent_before(declaration: Declaration, key: str, sent: str) -> StoredFile | None:
    known: StoredFile | None = declaration.files.filter(upload_key=key).first() if key else None
    if known is not None and known.sent_sha256 != sent:
        raise Conflict([Violation("F089", "key", _("Another file was sent under this key. Send it under a new one."))])
    return known


def _room_for(paper: Received, declaration: Declaration) -> None:
    """Raises Rejected F088."""
    kept = declaration.files.aggregate(size=Sum("size"), files=Count("pk"))
    if kept["files"] >= MOST_FILES or (kept["size"] or 0) + len(paper.content) > MOST_BYTES:
        sentence = _("This declaration has as many files as it may: {files}, or {size} MB. Remove some first.")
        raise refuse("F088", "file", sentence.format(files=MOST_FILES, size=MOST_BYTES // (1024 * 1024)))


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
    """Store what the portal made, or an uploaded XML. Raises Rejected F001 to F004 (see `lib.uploads`), F064."""
    shown = shown_name(name)
    content_type = judge_file(name=shown, content=content)
    stored = StoredFile(
        declaration=declaration,
        kind=kind,
        name=shown,
        document_code=document_code,
        content_type=content_type,
        at=at,
        by=by,
    )
    return _keep(stored, content)


def _keep(stored: StoredFile, content: bytes) -> StoredFile:
    if stored.declaration.is_template:
        raise refuse("F064", "file", _("A template keeps no files: attach the scan when you file from it."))
    stored.size, stored.sha256 = len(content), hashlib.sha256(content).hexdigest()
    stored.file.save(random_name(stored.declaration), ContentFile(content), save=False)
    stored.save(force_insert=True)
    return stored


@transaction.atomic
def draft_from_xml(*, declarant: Company, name: str, content: bytes, by: User, at: datetime) -> Declaration:
    """A draft from an ASYCUDA export, the file itself stored with it. Raises Rejected and makes nothing."""
    judge_file(name=shown_name(name), content=content, accepted=XML)
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
