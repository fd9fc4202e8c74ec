"""The papers that go with the goods: the release note, and for goods that leave the country the exit note."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from clearance import release_note_pdf
from clearance.models import Case
from declarations import services as declarations
from declarations.models import IssuedPaper, Status

_Render = Callable[[IssuedPaper], bytes]


def issue_release_note(declaration_pk: int, *, at: datetime) -> IssuedPaper | None:
    """Print, sign and store the release note, unless it is there; None if the declaration is not released."""
    return _issue(declaration_pk, kind=IssuedPaper.Kind.RELEASE_NOTE, render=release_note_pdf.render, at=at)


def issue_exit_note(declaration_pk: int, *, at: datetime) -> IssuedPaper | None:
    """As `issue_release_note`, for goods that leave the country alone."""
    return _issue(declaration_pk, kind=IssuedPaper.Kind.EXIT_NOTE, render=release_note_pdf.render_exit, at=at)


@transaction.atomic
def _issue(declaration_pk: int, *, kind: IssuedPaper.Kind, render: _Render, at: datetime) -> IssuedPaper | None:
    declaration = declarations.lock(declaration_pk)
    if declaration.stands_as:
        return None  # The note of the version that was released stays the note.
    stays = kind == IssuedPaper.Kind.EXIT_NOTE and declaration.flow != "export"
    released = Case.objects.filter(declaration=declaration, closed_as=Case.End.RELEASED)
    if stays or (declaration.status not in (Status.RELEASED, Status.EXITED) and not released.exists()):
        return None
    if done := IssuedPaper.objects.filter(declaration=declaration, kind=kind).first():
        return done
    number = declarations.paper_number(declaration)
    paper = declarations.issue(declaration, kind=kind, number=number, render=render, by=None, at=at)
    digest = paper.file_in("en").sha256
    declarations.record(declaration, verb=str(kind), by=None, at=at, data={"number": number, "sha256": digest})
    return paper
