"""The working copy: begun, saved part by part as it is typed, with photographs."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from lib.resume_codes import new_code
from lib.uploads import judge_file, shown_name
from lib.violations import refuse
from passengers.models import Photo, TravelDeclaration
from passengers.services.history import lock_open, record

PARTS = ("trip", "people", "carries", "money", "goods", "vehicle")
PICTURES = {"image/png": (".png",), "image/jpeg": (".jpg", ".jpeg")}
MOST_PHOTOS = 20


@transaction.atomic
def begin(*, trip: Mapping[str, Any], language: str, at: datetime, by: User | None = None) -> TravelDeclaration:
    """A new working copy with a code of its own; `by` is the officer who fills it in for somebody without a phone."""
    made: TravelDeclaration = TravelDeclaration.objects.create(
        code=_free_code(), draft={"trip": dict(trip)}, language=language, created_at=at, updated_at=at
    )
    record(made, verb="begin", by=by, at=at)
    return made


def _free_code() -> str:
    """A code that no declaration has; the table refuses a second one all the same."""
    while TravelDeclaration.objects.filter(code=(code := new_code())).exists():
        pass
    return code


@transaction.atomic
def save_part(
    declaration: TravelDeclaration, *, part: str, value: Mapping[str, Any] | Sequence[Any], at: datetime
) -> TravelDeclaration:
    """Put one part of the working copy in place of what it was. What was sent stands until it is sent again."""
    assert part in PARTS, part
    locked = lock_open(declaration.pk)
    locked.draft = {**locked.draft, part: value}
    locked.draft_version += 1
    locked.updated_at = at
    locked.save(update_fields=["draft", "draft_version", "updated_at"])
    return locked


@transaction.atomic
def keep_photo(declaration: TravelDeclaration, *, name: str, content: bytes, at: datetime) -> Photo:
    """Keep a photograph. Raises Rejected F001 to F004 for what is no picture, G011 for too many."""
    locked = lock_open(declaration.pk)
    if Photo.objects.filter(declaration=locked).count() >= MOST_PHOTOS:
        sentence = _("Twenty photographs at the most. Show the rest to the officer.")
        raise refuse("G011", "file", sentence)
    shown = shown_name(name)
    photo = Photo(
        declaration=locked,
        name=shown,
        content_type=judge_file(name=shown, content=content, accepted=PICTURES),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        at=at,
    )
    photo.file.save(f"{locked.public_id}/{uuid.uuid4().hex}", ContentFile(content), save=False)
    photo.save(force_insert=True)
    return photo
