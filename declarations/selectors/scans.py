"""Scans of a declaration: those that prove a line of box 44, those that prove none yet, those of all its versions."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from declarations.models import Declaration, FileView, StoredFile

VIEWS_SHOWN = 50


def scans_of(declaration: Declaration) -> list[StoredFile]:
    """Papers that people sent with any version of the declaration, the oldest first, each with its declaration."""
    own = Q(declaration=declaration)
    if mrn := declaration.mrn or (declaration.amends.mrn if declaration.amends else ""):
        own |= Q(declaration__mrn=mrn) | Q(declaration__amends__mrn=mrn, declaration__sent_at__isnull=False)
    rows = StoredFile.objects.filter(own, kind=StoredFile.Kind.ATTACHMENT).select_related("declaration")
    return list(rows.order_by("declaration__version", "pk"))


def scans_by_id(declaration: Declaration) -> dict[str, StoredFile]:
    """`scans_of` by their public ids, as canonical JSON names them."""
    return {str(scan.public_id): scan for scan in scans_of(declaration)}


def unbound_scans(declaration: Declaration, draft: Mapping[str, Any]) -> list[StoredFile]:
    """Papers of this draft itself that no line names."""
    documents = [document for item in draft["items"] for document in item["documents"]]
    named = {str(document.get("file") or "") for document in documents}
    named |= {str(each) for document in documents for each in document.get("files") or ()}
    own = declaration.files.filter(kind=StoredFile.Kind.ATTACHMENT).order_by("pk")
    return [scan for scan in own if str(scan.public_id) not in named]


def looks_at(scans: Iterable[StoredFile]) -> list[FileView]:
    """Who looked at these files, the latest first."""
    rows = FileView.objects.filter(file__in=list(scans)).select_related("by", "file")
    return list(rows[:VIEWS_SHOWN])
