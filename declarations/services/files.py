"""Files of a declaration: what they are is read from their content, never believed from their name."""

import hashlib
import uuid
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from declarations import sad_xml
from declarations.models import Declaration, StoredFile
from declarations.services.drafts import create_draft
from lib.uploads import judge_file, shown_name
from lib.violations import refuse
from traders.models import Company


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
    """Store a file under its declaration.

    Raises Rejected F001 to F004 (empty, too large, of no known type, a liar), F064 for a template.
    """
    if declaration.is_template:
        raise refuse("F064", "file", _("A template keeps no files: attach the scan when you file from it."))
    shown = shown_name(name)
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
    judge_file(name=shown_name(name), content=content)
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
