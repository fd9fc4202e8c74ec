"""Scans of papers: bound to the lines of box 44 that they prove, looked at page by page, checked for viruses.

Pages of a PDF are drawn by the worker and kept beside the files for as long as somebody looks at them now and then.
"""

import os
import shutil
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import announce
from declarations.models import Declaration, FileView, ItemDocument, StoredFile
from declarations.services.content import MOST_SCANS
from declarations.services.history import lock_draft
from declarations.states import SAFETY
from lib import clamd
from lib.limits import counted
from lib.pdfs import drawn_pages
from lib.violations import Conflict, Violation, refuse

log = structlog.get_logger("scans")
PDF = "application/pdf"
DRAWN_AT_ONCE, MOST_PAGES = 10, 300
ASKED_AGAIN_SECONDS = 20
KEPT_FOR = timedelta(days=60)
ONE_LOOK = timedelta(minutes=10)
CHECKED_AT_ONCE = 50


def random_name(declaration: Declaration) -> str:
    """Files lie under their declaration, named by a random id: nothing of the user's name reaches the disk."""
    return f"{declaration.public_id}/{uuid.uuid4().hex}"


# Lines and their scans ----------------------------------------------------------------------------------------
@transaction.atomic
def bind_scan(declaration: Declaration, scan: StoredFile, *, lines: Collection[str], by: User, at: datetime) -> None:
    """The scan proves these lines of box 44, named by their keys; what they have already they keep.

    Raises Rejected: F090 kept aside, S004 too many; Conflict F094 if a line is gone.
    """
    locked = lock_draft(declaration.pk)
    if scan.safety == StoredFile.Safety.FOUND:
        raise refuse("F090", "file", _("This file is kept aside: a virus was found in it. Send another one."))
    for document in _lines(locked, lines):
        if document.file_id is None:
            document.file = scan
        elif scan.pk != document.file_id and scan.public_id not in document.more_files:
            if len(document.more_files) + 2 > MOST_SCANS:
                raise refuse("S004", "file", _("There may be {limit} at the most.").format(limit=MOST_SCANS))
            document.more_files = [*document.more_files, scan.public_id]
        document.save(update_fields=["file", "more_files"])
    _touched(locked, by=by, at=at)


@transaction.atomic
def unbind_scan(declaration: Declaration, scan: StoredFile, *, lines: Collection[str], by: User, at: datetime) -> None:
    """The scan proves these lines no longer; it stays with the draft. Raises Conflict F094 if a line is gone."""
    locked = lock_draft(declaration.pk)
    for document in _lines(locked, lines):
        left = [key for key in document.more_files if key != scan.public_id]
        if document.file_id == scan.pk:
            document.file = StoredFile.objects.get(public_id=left.pop(0)) if left else None
        document.more_files = left
        document.save(update_fields=["file", "more_files"])
    _touched(locked, by=by, at=at)


@transaction.atomic
def drop_scan(declaration: Declaration, scan: StoredFile, *, by: User, at: datetime) -> None:
    """Delete a scan of a draft, and what its lines say of it. That of an earlier version is only unbound."""
    locked = lock_draft(declaration.pk)
    unbind_scan(locked, scan, lines=lines_of(locked, scan), by=by, at=at)
    if scan.declaration_id == locked.pk and scan.kind == StoredFile.Kind.ATTACHMENT:
        forget_scan(scan)


def lines_of(declaration: Declaration, scan: StoredFile) -> list[str]:
    """The keys of the lines that the scan proves."""
    rows = ItemDocument.objects.filter(item__declaration=declaration)
    first = rows.filter(file=scan).values_list("key", flat=True)
    return [*first, *rows.filter(more_files__contains=[scan.public_id]).values_list("key", flat=True)]


def forget_scan(scan: StoredFile) -> None:
    """The row goes at once, its file and pages when the transaction is through."""
    name, pages = scan.file.name, _folder(scan)
    scan.delete()
    if name:
        transaction.on_commit(partial(scan.file.storage.delete, name))
    transaction.on_commit(partial(shutil.rmtree, pages, ignore_errors=True))


def _lines(declaration: Declaration, keys: Collection[str]) -> list[ItemDocument]:
    found = list(ItemDocument.objects.filter(item__declaration=declaration, key__in=set(keys)))
    if len(found) != len(set(keys)):
        raise Conflict([Violation("F094", "", _("This paper was changed or removed meanwhile. Nothing was changed."))])
    return found


def _touched(declaration: Declaration, *, by: User, at: datetime) -> None:
    Declaration.objects.filter(pk=declaration.pk).update(updated_by=by, updated_at=at)


# Pages --------------------------------------------------------------------------------------------------------
def page_picture(scan: StoredFile, number: int) -> Path | None:
    """Where the picture of a page lies; None if it is still to be drawn, which is asked for here."""
    if scan.content_type != PDF:
        return Path(scan.file.path)
    place = _picture(scan, number)
    if place.is_file():
        os.utime(place.parent)
        return place
    if counted(f"pages-asked:{scan.pk}", seconds=ASKED_AGAIN_SECONDS) == 1:
        announce("file.pages_asked", scan.pk)
    return None


def draw_pages(pk: int, *, most: int = MOST_PAGES) -> None:
    """Draw those of the first `most` pages that are not drawn, some at a time. Safe to run twice."""
    scan = StoredFile.objects.filter(pk=pk, content_type=PDF).first()
    if scan is None or not scan.is_shown:
        return
    missing = [n for n in range(1, min(most, scan.pages or 0) + 1) if not _picture(scan, n).is_file()]
    if not missing:
        return
    with scan.file.open("rb") as file:
        content = file.read()
    _folder(scan).mkdir(parents=True, exist_ok=True, mode=0o700)
    for first in range(missing[0], missing[-1] + 1, DRAWN_AT_ONCE):
        pictures = drawn_pages(content, first=first, last=min(first + DRAWN_AT_ONCE - 1, missing[-1]))
        for number, picture in enumerate(pictures, first):
            half = _picture(scan, number).with_suffix(f".{os.getpid()}")
            half.write_bytes(picture)
            half.replace(_picture(scan, number))


def draw_first_pages(pk: int) -> None:
    """What was received is drawn before anybody asks."""
    draw_pages(pk, most=DRAWN_AT_ONCE)


def throw_away_pages(*, at: datetime) -> int:
    """Delete drawn pages at which nobody has looked for two months; they are drawn again when asked for."""
    old, gone = (at - KEPT_FOR).timestamp(), 0
    root = Path(settings.MEDIA_ROOT) / "pages"
    for folder in root.iterdir() if root.is_dir() else ():
        if folder.stat().st_mtime < old:
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone


def _folder(scan: StoredFile) -> Path:
    return Path(settings.MEDIA_ROOT) / "pages" / str(scan.public_id)


def _picture(scan: StoredFile, number: int) -> Path:
    return _folder(scan) / f"{number}.jpg"


# Looks --------------------------------------------------------------------------------------------------------
def note_look(scan: StoredFile, *, what: FileView.What, by: User, at: datetime) -> None:
    """Write down that `by` looked at a file that customs has; the same look again within minutes is the same one."""
    if scan.declaration.is_editable:
        return
    looks = FileView.objects.filter(file=scan, by=by, what=what)
    if not looks.filter(at__gt=at - ONE_LOOK, at__lte=at).exists():
        FileView.objects.create(file=scan, by=by, at=at, what=what)


# The virus check ----------------------------------------------------------------------------------------------
def check_file(pk: int, *, at: datetime) -> bool:
    """Ask clamd about a file that waits, and write down what it says; whether it gave a verdict. Safe to run twice."""
    scan = StoredFile.objects.filter(pk=pk, safety=StoredFile.Safety.WAITING).first()
    if scan is None or not clamd.is_configured():
        return True
    with scan.file.open("rb") as file:
        content = file.read()
    try:
        found = clamd.look(content)
    except clamd.Away as away:
        log.warning("not checked", file=pk, why=str(away))
        return False
    verdict = StoredFile.Safety.FOUND if found else StoredFile.Safety.CLEAN
    with transaction.atomic():
        if SAFETY.write(pk, verdict, checked_at=at, found=found) and found:
            transaction.on_commit(partial(shutil.rmtree, _folder(scan), ignore_errors=True))
            announce("file.found", pk)
    return True


def check_waiting(*, at: datetime) -> int:
    """Check files that were not checked when they came, the oldest first, until clamd gives no verdict; how many."""
    waiting = StoredFile.objects.filter(safety=StoredFile.Safety.WAITING).order_by("pk")
    done = 0
    for pk in waiting.values_list("pk", flat=True)[:CHECKED_AT_ONCE]:
        if not check_file(pk, at=at):
            break
        done += 1
    return done
