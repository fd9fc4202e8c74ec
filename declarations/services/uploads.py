"""Several ASYCUDA files at once: taken in as they are, and made into drafts one by one by the worker."""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import date, datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from accounts.services.followups import announce
from declarations.models import Declaration, Upload, UploadedFile
from declarations.services.checking import check
from declarations.services.files import draft_from_xml
from declarations.states import UPLOADED
from lib.uploads import shown_name
from lib.violations import Rejected, Violation, refuse
from traders.models import Company

FILES_AT_MOST = 100
BYTES_AT_MOST = 100 * 1024 * 1024
Named = tuple[str, bytes]


@transaction.atomic
def take_in(*, declarant: Company, files: Sequence[Named], by: User, at: datetime) -> Upload:
    """Keep the files and set the worker to them. Raises Rejected F070 too many, F071 too much in all.

    A file that is in the list twice is taken once; the second is refused at once and says so (F072).
    """
    if len(files) > FILES_AT_MOST:
        sentence = _("There may be {most} files at the most. Send the others afterwards.")
        raise refuse("F070", "file", sentence.format(most=FILES_AT_MOST))
    judge_sum(sum(len(content) for _name, content in files))
    upload = Upload.objects.create(declarant=declarant, by=by, at=at)
    first: dict[str, str] = {}
    for position, (name, content) in enumerate(files, start=1):
        digest = hashlib.sha256(content).hexdigest()
        row = UploadedFile(upload=upload, position=position, name=shown_name(name), size=len(content), sha256=digest)
        if digest not in first:
            row.content.save(f"{upload.public_id}/{uuid.uuid4().hex}", ContentFile(content), save=False)
        row.save(force_insert=True)
        if digest in first:
            sentence = _("This is the same file as {name}, which was sent with it.").format(name=first[digest])
            _refuse(row, [Violation("F072", "file", sentence)], at=at)
        else:
            first[digest] = row.name
            announce("xml.uploaded", row.pk)
    return upload


def judge_sum(size: int) -> None:
    """Raises Rejected F071 where files are too large together; a door asks before it reads them."""
    if size > BYTES_AT_MOST:
        sentence = _("The files are too large together: {limit} MB at the most. Send them in several goes.")
        raise refuse("F071", "file", sentence.format(limit=BYTES_AT_MOST // (1024 * 1024)))


@transaction.atomic
def make_draft(file_pk: int, *, on: date, at: datetime) -> None:
    """Make the draft of one file, or write down why there is none. Safe to repeat; one at a time."""
    row = UploadedFile.objects.select_for_update(of=("self",)).select_related("upload__declarant", "upload__by")
    kept = row.get(pk=file_pk)
    if kept.status != UploadedFile.Status.WAITING:
        return
    upload = kept.upload
    with override(upload.by.language or "en"):
        try:
            draft = _draft(kept, upload, at=at)
        except Rejected as rejected:
            _refuse(kept, rejected.violations, at=at)
        else:
            faults = len(check(draft, on=on))
            UPLOADED.write(
                kept.pk, UploadedFile.Status.DRAFTED, declaration=draft, faults=faults, done_at=at, content=""
            )
    _forget_content(kept)


def _draft(kept: UploadedFile, upload: Upload, *, at: datetime) -> Declaration:
    with transaction.atomic():
        content = kept.content.read()
        return draft_from_xml(declarant=upload.declarant, name=kept.name, content=content, by=upload.by, at=at)


def _refuse(row: UploadedFile, violations: Sequence[Violation], *, at: datetime) -> None:
    told = [violation.as_dict() for violation in violations[:20]]
    UPLOADED.write(row.pk, UploadedFile.Status.REFUSED, refusal=told, done_at=at, content="")


def _forget_content(kept: UploadedFile) -> None:
    """Once it is sure that nobody reads it again."""
    name, storage = kept.content.name, kept.content.storage
    if name:
        transaction.on_commit(lambda: storage.delete(name))
