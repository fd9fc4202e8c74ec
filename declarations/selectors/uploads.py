"""Uploads of several files, for those who prepare for the company that files."""

import uuid
from datetime import date

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from declarations.models import Upload, UploadedFile
from declarations.selectors.served import PREPARE
from traders.selectors import companies_of


def uploads_of(user: User, *, on: date) -> QuerySet[Upload]:
    """The newest first, with how many files each has and how many of them wait, were refused."""
    status = UploadedFile.Status
    rows = Upload.objects.filter(declarant__in=companies_of(user, *PREPARE, on=on)).select_related("declarant", "by")
    return rows.annotate(
        number=Count("files"),
        waiting=Count("files", filter=Q(files__status=status.WAITING)),
        refused=Count("files", filter=Q(files__status=status.REFUSED)),
    ).order_by("-pk")


def upload_for(user: User, key: uuid.UUID, *, on: date) -> Upload:
    """One of them. Raises Upload.DoesNotExist for a stranger."""
    return uploads_of(user, on=on).get(public_id=key)


def files_in(upload: Upload) -> list[UploadedFile]:
    """What became of each file, in the order in which they were chosen."""
    return list(upload.files.select_related("declaration").defer("declaration__held", "declaration__kept"))
