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
from lib.pictures import small_picture
from lib.resume_codes import new_code
from lib.uploads import shown_name
from lib.violations import refuse
from passengers.models import Photo, Status, TravelDeclaration
from passengers.services.history import lock_open, record

PARTS = ("trip", "people", "carries", "money", "goods", "vehicle")
MOST_PHOTOS, MOST_KEYS = 20, 100


@transaction.atomic
def begin(
    *,
    trip: Mapping[str, Any],
    language: str,
    at: datetime,
    carries: Sequence[str] = (),
    key: uuid.UUID | None = None,
    by: User | None = None,
) -> TravelDeclaration:
    """A new working copy with a code of its own; `by` is the officer who fills it in for somebody without a phone.

    `carries` is what was ticked on the start page.

    `key` is chosen by a phone that may have had no line: sent again, it finds what it began, as long as nothing was
    saved there. A key that leads to anything else is not used, and nothing is told.
    """
    draft = {"trip": dict(trip), "carries": list(carries)} if carries else {"trip": dict(trip)}
    filling = {"code": _free_code(), "draft": draft, "language": language}
    times = {"created_at": at, "updated_at": at}
    made: TravelDeclaration
    made, is_new = TravelDeclaration.objects.get_or_create(public_id=key or uuid.uuid4(), defaults=filling | times)
    if not is_new and made.draft_version == 0 and made.status == Status.DRAFT:
        return made
    if not is_new:
        made = TravelDeclaration.objects.create(**filling, **times)
    record(made, verb="begin", by=by, at=at)
    return made


def _free_code() -> str:
    """A code that no declaration has; the table refuses a second one all the same."""
    while TravelDeclaration.objects.filter(code=(code := new_code())).exists():
        pass
    return code


@transaction.atomic
def save_part(
    declaration: TravelDeclaration,
    *,
    part: str,
    value: Mapping[str, Any] | Sequence[Any],
    at: datetime,
    key: str = "",
) -> TravelDeclaration:
    """Put one part of the working copy in place of what it was. What was sent stands until it is sent again.

    The same `key` for the same part again changes nothing: a phone that heard no answer may send late.
    """
    assert part in PARTS, part
    locked, saving = lock_open(declaration.pk), f"{part}:{key}"
    if key and saving in locked.saved_keys:
        return locked
    if key:
        locked.saved_keys = [*locked.saved_keys, saving][-MOST_KEYS:]
    locked.draft = {**locked.draft, part: value}
    locked.draft_version += 1
    locked.updated_at = at
    locked.save(update_fields=["draft", "draft_version", "saved_keys", "updated_at"])
    return locked


@transaction.atomic
def keep_photo(declaration: TravelDeclaration, *, name: str, content: bytes, at: datetime) -> Photo:
    """Keep a photograph, made small and without what the camera wrote of place and time.

    Raises Rejected: F001 to F003 and F005 for what is no whole picture, G011 for too many.
    """
    locked = lock_open(declaration.pk)
    if Photo.objects.filter(declaration=locked).count() >= MOST_PHOTOS:
        sentence = _("Twenty photographs at the most. Show the rest to the officer.")
        raise refuse("G011", "file", sentence)
    kept = small_picture(content)
    photo = Photo(
        declaration=locked,
        name=shown_name(name),
        content_type="image/jpeg",
        size=len(kept),
        sha256=hashlib.sha256(kept).hexdigest(),
        at=at,
    )
    photo.file.save(f"{locked.public_id}/{uuid.uuid4().hex}", ContentFile(kept), save=False)
    photo.save(force_insert=True)
    return photo
