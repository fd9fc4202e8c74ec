"""SAD and notice, which show how a declaration stands: printed by the worker, which signs them and tells how far it is.

The paper of a small draft alone is printed where it is asked for: customs has not issued it, so it is not signed.
"""

import uuid
from collections.abc import Callable
from datetime import datetime

import structlog
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import translation

from accounts.services.followups import announce
from declarations import sad_pdf
from declarations.models import Declaration, IssuedPaper, PrintedPaper, Status
from declarations.selectors.levies import last_changed
from declarations.services import issued
from declarations.services.printed import forget_file
from lib.papers import told_of_pages
from lib.signing import sign

AT_ONCE_ITEMS = 40
ITEMS_ON_A_PAGE = 3
_TOLD_SECONDS = 300
_UNPRINTED = (Status.DRAFT, Status.LODGED, Status.REJECTED)
log = structlog.get_logger("papers")
Printer = Callable[[Declaration, IssuedPaper | None], bytes]
PRINTERS: dict[str, Printer] = {
    PrintedPaper.Kind.SAD: sad_pdf.render_sad,
    PrintedPaper.Kind.NOTICE: sad_pdf.render_notice,
}


def exists(declaration: Declaration, kind: str) -> bool:
    """Whether the declaration has this paper: a SAD always, a notice once it is assessed."""
    return kind in PRINTERS and (kind != PrintedPaper.Kind.NOTICE or declaration.status not in _UNPRINTED)


def is_small(declaration: Declaration) -> bool:
    """Whether its papers take a moment only, so that it is worth while to wait for one."""
    return declaration.items.count() <= AT_ONCE_ITEMS


def is_own(declaration: Declaration) -> bool:
    """Whether the paper is its author's alone, not one that customs issued."""
    return declaration.status == Status.DRAFT


def print_now(declaration: Declaration, kind: str) -> bytes:
    """The paper of a draft as PDF in the active language."""
    return PRINTERS[kind](declaration, None)


@transaction.atomic
def ask(declaration: Declaration, kind: str, *, language: str, at: datetime) -> PrintedPaper:
    """The paper as the declaration stands now: printed already, or announced to the worker. Safe to repeat."""
    state = last_changed(declaration) if kind == PrintedPaper.Kind.NOTICE else declaration.updated_at
    asked = {"state_of": state, "asked_at": at}
    paper, made = PrintedPaper.objects.select_for_update().get_or_create(
        declaration=declaration, kind=kind, language=language, defaults=asked
    )
    if not made and (paper.state_of != state or _is_lost(paper)):
        forget_file(paper)
        paper.state_of, paper.asked_at, made = state, at, True
        paper.save(update_fields=["state_of", "asked_at", "file"])
    if made:
        announce("paper.asked", paper.pk)
    return paper


def print_paper(paper_pk: int, *, at: datetime) -> None:
    """Print what was asked for, unless it is printed, or was asked for as of another moment; safe to run twice."""
    paper = PrintedPaper.objects.select_related("declaration").filter(pk=paper_pk, file="").first()
    if paper is None:
        return
    declaration = paper.declaration
    pages = max(1, declaration.items.count() // ITEMS_ON_A_PAGE)
    with translation.override(paper.language), told_of_pages(lambda page: _tell(paper_pk, min(page, pages), pages)):
        known = None if is_own(declaration) else issued.register(declaration, kind=paper.kind, at=at)
        content = PRINTERS[paper.kind](declaration, known)
    if known is not None:
        content = sign(content)
    with transaction.atomic():
        latest = PrintedPaper.objects.select_for_update().filter(pk=paper_pk, file="", state_of=paper.state_of).first()
        if latest is not None:
            latest.file.save(f"{declaration.public_id}/{uuid.uuid4().hex}", ContentFile(content), save=False)
            latest.save(update_fields=["file"])
            if known is not None:
                issued.record_print(known, language=paper.language, content=content, at=at)


def progress_of(paper: PrintedPaper) -> tuple[int, int] | None:
    """Pages laid out, of about how many; None where no worker has told lately."""
    found: tuple[int, int] | None = cache.get(f"paper-{paper.pk}")
    return found


def _tell(paper_pk: int, page: int, of: int) -> None:
    cache.set(f"paper-{paper_pk}", (page, of), timeout=_TOLD_SECONDS)


def _is_lost(paper: PrintedPaper) -> bool:
    """Whether the file was printed and is gone, as after a restore without it."""
    name = paper.file.name
    return name is not None and name != "" and not paper.file.storage.exists(name)
