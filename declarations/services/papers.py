"""Papers of a declaration: a small one is printed at once, a large one by the worker, which tells how far it has come.

The one limit is the number of items: a sheet of the SAD holds three, and a notice explains about as many on a page.
"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import structlog
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import translation

from accounts.services.followups import announce
from declarations import sad_pdf
from declarations.models import Declaration, LargePaper, Status
from lib.papers import told_of_pages

AT_ONCE_ITEMS = 40
ITEMS_ON_A_PAGE = 3
KEPT_FOR = timedelta(days=7)
THROWN_AWAY_AT_ONCE = 500
_TOLD_SECONDS = 300
_UNPRINTED = (Status.DRAFT, Status.LODGED, Status.REJECTED)
log = structlog.get_logger("papers")
Printer = Callable[[Declaration], bytes]
PRINTERS: dict[str, Printer] = {
    LargePaper.Kind.SAD: sad_pdf.render_sad,
    LargePaper.Kind.NOTICE: sad_pdf.render_notice,
}


def exists(declaration: Declaration, kind: str) -> bool:
    """Whether the declaration has this paper: a SAD always, a notice once it is assessed."""
    return kind in PRINTERS and (kind != LargePaper.Kind.NOTICE or declaration.status not in _UNPRINTED)


def is_large(declaration: Declaration) -> bool:
    """Whether its papers are printed by the worker."""
    return declaration.items.count() > AT_ONCE_ITEMS


def print_now(declaration: Declaration, kind: str) -> bytes:
    """The paper as PDF in the active language."""
    return PRINTERS[kind](declaration)


@transaction.atomic
def ask(declaration: Declaration, kind: str, *, language: str, at: datetime) -> LargePaper:
    """The paper as the declaration stands now: printed already, or announced to the worker. Safe to repeat."""
    asked = {"state_of": declaration.updated_at, "asked_at": at}
    paper, made = LargePaper.objects.select_for_update().get_or_create(
        declaration=declaration, kind=kind, language=language, defaults=asked
    )
    if not made and (paper.state_of != declaration.updated_at or _is_lost(paper)):
        _forget_file(paper)
        paper.state_of, paper.asked_at, made = declaration.updated_at, at, True
        paper.save(update_fields=["state_of", "asked_at", "file"])
    if made:
        announce("paper.asked", paper.pk)
    return paper


def print_large(paper_pk: int) -> None:
    """Print what was asked for, unless it is printed, or was asked for as of another moment; safe to run twice."""
    paper = LargePaper.objects.select_related("declaration").filter(pk=paper_pk, file="").first()
    if paper is None:
        return
    declaration = paper.declaration
    pages = max(1, declaration.items.count() // ITEMS_ON_A_PAGE)
    with translation.override(paper.language), told_of_pages(lambda page: _tell(paper_pk, min(page, pages), pages)):
        content = PRINTERS[paper.kind](declaration)
    with transaction.atomic():
        latest = LargePaper.objects.select_for_update().filter(pk=paper_pk, file="", state_of=paper.state_of).first()
        if latest is not None:
            latest.file.save(f"{declaration.public_id}/{uuid.uuid4().hex}", ContentFile(content), save=False)
            latest.save(update_fields=["file"])


def progress_of(paper: LargePaper) -> tuple[int, int] | None:
    """Pages laid out, of about how many; None where no worker has told lately."""
    found: tuple[int, int] | None = cache.get(f"paper-{paper.pk}")
    return found


def _tell(paper_pk: int, page: int, of: int) -> None:
    cache.set(f"paper-{paper_pk}", (page, of), timeout=_TOLD_SECONDS)


def throw_away_old(*, at: datetime) -> int:
    """Delete papers asked for a week ago and more, some hundreds at a time; how many."""
    old = LargePaper.objects.filter(asked_at__lt=at - KEPT_FOR).order_by("pk")[:THROWN_AWAY_AT_ONCE]
    return sum(forget(paper) for paper in old)


def forget_all(declaration: Declaration) -> None:
    """Delete every large paper of a declaration."""
    for paper in LargePaper.objects.filter(declaration=declaration):
        forget(paper)


def forget(paper: LargePaper) -> bool:
    """Delete a paper and its file."""
    _forget_file(paper)
    return paper.delete()[0] > 0


def _is_lost(paper: LargePaper) -> bool:
    """Whether the file was printed and is gone, as after a restore without it."""
    name = paper.file.name
    return name is not None and name != "" and not paper.file.storage.exists(name)


def _forget_file(paper: LargePaper) -> None:
    """The file goes when the transaction is through: one that is undone leaves row and file as they were."""
    if name := paper.file.name:
        transaction.on_commit(partial(paper.file.storage.delete, name))
        paper.file = ""
