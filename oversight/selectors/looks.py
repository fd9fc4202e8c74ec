"""Who looked at whose data, in one list, read from the logs of the desks and the general one."""

from collections.abc import Callable, Sequence

from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from accounts.models import Look
from clearance.models import Opening
from declarations.models import FileView
from declarations.selectors import written_mrn
from oversight.selectors.union import Asked, Source, Union
from passengers.models import PassengerView
from traders.models import Company


def _of_files(prefix: str) -> Callable[[str], Q]:
    """Files by their MRN, and all files of a company by its TIN."""

    def narrow(text: str) -> Q:
        companies = list(Company.objects.filter(tin=text.replace(" ", "")).values_list("pk", flat=True)[:2])
        parties = Q(**{f"{prefix}trader__in": companies}) | Q(**{f"{prefix}declarant__in": companies})
        return Q(**{f"{prefix}mrn": written_mrn(text)}) | parties

    return narrow


SOURCES: tuple[Source, ...] = (
    Source(
        "files", _("files"), Opening.objects.all, kind=Value("opened"), about=("declaration__mrn",),
        kinds={"opened": _("file opened")}, narrow=_of_files("declaration__"),
    ),
    Source(
        "papers", _("papers"), FileView.objects.all, kind="what", about=("file__name", "file__declaration__mrn"),
        kinds={"pages": _("paper looked at"), "content": _("paper saved")}, narrow=_of_files("file__declaration__"),
    ),
    Source(
        "travellers", _("travellers"), PassengerView.objects.all, kind="what", about=("declaration__reference", "text"),
        kinds=dict(PassengerView.What.choices), narrow=lambda text: Q(declaration__reference=text.upper()),
    ),
    Source(
        "other", _("people, companies, searches, tables"), Look.objects.all, kind="what",
        about=("text", "tin", "person__email"), person="person", kinds=dict(Look.What.choices),
        narrow=lambda text: Q(tin=text.replace(" ", "")),
    ),
)  # fmt: skip


def looks(asked: Asked) -> Union:
    """Looks that fit, the newest first; `asked.whose` is an MRN, a TIN, a traveller's reference, or a person."""
    return Union(SOURCES, asked)


def kinds_of_looks() -> Sequence[tuple[str, object]]:
    """What a form offers to filter by."""
    return [(each.name, each.label) for each in SOURCES]
