"""Reads of what an examination gathered, and the link by which a phone sends photographs to it."""

import uuid
from datetime import datetime

from django.core.files.base import File

from accounts.models import User
from accounts.selectors import phone_link
from clearance.models import Case, Examination, ExaminationPhoto, Presence, Sample
from clearance.selectors.case import newest_of
from lib import phone_links

PHOTOS = "clearance.photos"


def picture_of(case: Case, public_id: uuid.UUID) -> File | None:  # type: ignore[type-arg]
    """A photograph or signature of the file's examinations, on any version; None if there is none."""
    for rows, name in ((ExaminationPhoto.objects, "file"), (Presence.objects, "signature")):
        found = rows.filter(examination__case__mrn=case.mrn, public_id=public_id).first()
        if found is not None:
            picture: File | None = getattr(found, name) or None  # type: ignore[type-arg]
            return picture
    return None


def photos_in(examination: Examination) -> int:
    """How many photographs an examination holds."""
    return int(ExaminationPhoto.objects.filter(examination=examination).count())


def sample_of(case: Case, pk: int) -> Sample | None:
    """A sample of the file, on any version."""
    found: Sample | None = Sample.objects.filter(examination__case__mrn=case.mrn, pk=pk).first()
    return found


def photo_link(examination: Examination, *, by: User, at: datetime) -> str:
    """The token of a link by which a phone sends photographs for `by`, without signing in."""
    return phone_links.make(PHOTOS, subject=examination.pk, person=by.pk, at=at)


def by_photo_link(token: str) -> tuple[Examination, User] | None:
    """The examination and the officer of a link; None if it is not ours, too old or was ended, the examination is
    finished, or it is another officer's by now: who holds the file, or after release who examines it."""
    read = phone_link(PHOTOS, token)
    if read is None:
        return None
    examination = Examination.objects.filter(pk=read.subject, finished_at=None).select_related("case").first()
    officer = User.objects.filter(pk=read.person, is_active=True).first()
    if examination is None or officer is None:
        return None
    is_audit = examination.kind == Examination.Kind.AUDIT
    at_work = examination.officer_id if is_audit else newest_of(examination.case.mrn).claimed_by_id
    return (examination, officer) if at_work == officer.pk else None
