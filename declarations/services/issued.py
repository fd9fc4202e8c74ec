"""Issuing papers: a number, a token for its check, and signed files, in every language of the site."""

import hashlib
import secrets
import uuid
from collections.abc import Callable
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction

from accounts.models import User
from declarations.models import Declaration, IssuedFile, IssuedPaper
from declarations.services.files import store_file
from lib.languages import in_every_language
from lib.signing import sign

TOKEN_BYTES = 24


@transaction.atomic
def issue(
    declaration: Declaration,
    *,
    kind: str,
    number: str,
    render: Callable[[IssuedPaper], bytes],
    by: User | None,
    at: datetime,
) -> IssuedPaper:
    """Print, sign and keep a paper in every language; the one there is under its number, if it was issued before.

    Raises SigningFailed if the key does not work; then nothing was issued and the caller may try again.
    """
    if done := IssuedPaper.objects.filter(kind=kind, number=number).first():
        return done
    paper = IssuedPaper(
        declaration=declaration, kind=kind, number=number, token=secrets.token_urlsafe(TOKEN_BYTES), issued_at=at
    )
    printed = in_every_language(lambda: sign(render(paper)))
    paper.save(force_insert=True)
    for language, content in printed.items():
        name = f"{kind.replace('_', '-')}-{number}-{language}.pdf"
        stored = store_file(declaration, kind=kind, name=name, content=content, by=by, at=at)
        IssuedFile.objects.create(paper=paper, language=language, sha256=stored.sha256, stored=stored, at=at)
    return paper


@transaction.atomic
def issue_of_books(*, kind: str, number: str, render: Callable[[IssuedPaper], bytes], at: datetime) -> IssuedPaper:
    """As `issue`, of a paper about no declaration; its files lie with it."""
    if done := IssuedPaper.objects.filter(kind=kind, number=number).first():
        return done
    paper = IssuedPaper(kind=kind, number=number, token=secrets.token_urlsafe(TOKEN_BYTES), issued_at=at)
    printed = in_every_language(lambda: sign(render(paper)))
    paper.save(force_insert=True)
    for language, content in printed.items():
        made = IssuedFile(paper=paper, language=language, sha256=hashlib.sha256(content).hexdigest(), at=at)
        made.file.save(uuid.uuid4().hex, ContentFile(content), save=False)
        made.save(force_insert=True)
    return paper


def register(declaration: Declaration, *, kind: str, at: datetime, number: str = "") -> IssuedPaper:
    """The number and token of a paper that is printed on demand; made at the first print."""
    made, _new = IssuedPaper.objects.get_or_create(
        kind=kind,
        number=number or paper_number(declaration),
        defaults={"declaration": declaration, "token": secrets.token_urlsafe(TOKEN_BYTES), "issued_at": at},
    )
    return made


def record_print(paper: IssuedPaper, *, language: str, content: bytes, at: datetime) -> None:
    """Keep the hash of what was handed out."""
    digest = hashlib.sha256(content).hexdigest()
    IssuedFile.objects.create(paper=paper, language=language, sha256=digest, at=at)


def paper_number(declaration: Declaration) -> str:
    """The number of a paper that a version of a declaration has once."""
    return f"{declaration.mrn}-{declaration.version}"
