"""The release note: issued once for a released declaration, with a token that only its holder knows."""

import secrets
from datetime import datetime

from django.db import transaction

from clearance import release_note_pdf
from clearance.models import Case, ReleaseNote
from declarations.models import Declaration, Status, StoredFile
from declarations.services import lock, record, store_file
from lib.languages import in_every_language

TOKEN_BYTES = 24


@transaction.atomic
def issue_release_note(declaration_pk: int, *, at: datetime) -> ReleaseNote | None:
    """Print and store the release note, unless it is there; None if the declaration is not released."""
    declaration = lock(declaration_pk)
    if declaration.stands_as:
        return None  # The note of the version that was released stays the note.
    released = Case.objects.filter(declaration=declaration, closed_as=Case.End.RELEASED)
    if declaration.status not in (Status.RELEASED, Status.EXITED) and not released.exists():
        return None
    if done := ReleaseNote.objects.filter(declaration=declaration).first():
        return done
    return _issue(declaration, at=at)


def _issue(declaration: Declaration, *, at: datetime) -> ReleaseNote:
    note = ReleaseNote(
        declaration=declaration,
        number=f"{declaration.mrn}-{declaration.version}",
        token=secrets.token_urlsafe(TOKEN_BYTES),
        issued_at=at,
    )
    papers = in_every_language(lambda: release_note_pdf.render(note))
    files = {
        language: store_file(
            declaration,
            kind=StoredFile.Kind.RELEASE_NOTE,
            name=f"release-note-{note.number}-{language}.pdf",
            content=content,
            by=None,
            at=at,
        )
        for language, content in papers.items()
    }
    note.file, note.file_ru, note.file_tg = files["en"], files["ru"], files["tg"]
    note.sha256 = note.file.sha256
    note.save(force_insert=True)
    record(declaration, verb="release_note", by=None, at=at, data={"number": note.number, "sha256": note.sha256})
    return note
