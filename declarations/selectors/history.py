"""What was written about a declaration: its history, files and versions."""

from django.db.models import Q, QuerySet

from declarations.models import Beginning, Declaration, Event, Status, StoredFile


def events_of(declaration: Declaration) -> QuerySet[Event]:
    """The history of all versions of the declaration, oldest first."""
    same = Q(declaration=declaration)
    if declaration.mrn:
        same |= Q(declaration__mrn=declaration.mrn, declaration__version__lte=declaration.version)
    return Event.objects.filter(same).select_related("by", "declaration").order_by("at", "pk")


def files_of(declaration: Declaration) -> QuerySet[StoredFile]:
    """Files of the declaration, oldest first."""
    return declaration.files.select_related("by")


def versions_of(declaration: Declaration) -> QuerySet[Declaration]:
    """All versions under the declaration's MRN, oldest first; a draft stands alone."""
    if not declaration.mrn:
        return Declaration.objects.filter(pk=declaration.pk)
    return Declaration.objects.filter(mrn=declaration.mrn).order_by("version")


def lodged_under(*, declarant_id: int, lrn: str) -> Declaration | None:
    """What the declarant lodged under this reference (its newest version), or None."""
    return (
        Declaration.objects.filter(declarant_id=declarant_id, lrn=lrn)
        .exclude(lrn="")
        .exclude(status=Status.DRAFT)
        .order_by("-version")
        .first()
    )


def beginning_of(declaration: Declaration) -> Beginning | None:
    """From what a draft was made; None for one that began otherwise."""
    return Beginning.objects.select_related("earlier", "template").filter(declaration=declaration).first()
