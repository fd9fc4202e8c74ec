"""Scans of a draft: sent by drag, many at once, each by itself; bound to the lines of box 44; taken away."""

import uuid
from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import person
from declarations import selectors, services
from declarations.forms import papers
from declarations.models import Declaration, StoredFile
from declarations.views.gate import draft_of, signed_in
from lib.uploads import read_upload
from lib.violations import Conflict, Rejected, Violation, refuse

MOST_AT_ONCE = 50
MOST_KEY = 40


def _scan(declaration: Declaration, key: str) -> StoredFile:
    """A scan of the draft or of an earlier version of it. Raises Conflict F094 if it is gone."""
    found = selectors.scans_by_id(declaration).get(key)
    if found is None:
        raise Conflict([Violation("F094", "file", _("This file was removed meanwhile. Nothing was changed."))])
    return found


def _lines(declaration: Declaration, name: str) -> list[str]:
    """The keys of the lines that stand for the paper with this name. Raises Conflict F094 if there is none."""
    draft = selectors.as_dict(declaration)
    places = papers.places_of(name, draft, declaration.held)
    if not places:
        raise Conflict([Violation("F094", "", _("This paper was changed or removed meanwhile. Nothing was changed."))])
    return [draft["items"][item]["documents"][place]["key"] for item, place in places]


# What a button of the form asks for ---------------------------------------------------------------------------
def _bind(request: HttpRequest, declaration: Declaration, argument: str, at: datetime) -> None:
    """The scan `argument` proves the paper chosen beside it."""
    name = request.POST.get(f"line:{argument}", "") or request.POST.get("line", "")
    if not name:
        raise refuse("F094", f"line:{argument}", _("Choose the paper that this scan proves."))
    lines = _lines(declaration, name)
    services.bind_scan(declaration, _scan(declaration, argument), lines=lines, by=person(request), at=at)


def _unbind(request: HttpRequest, declaration: Declaration, argument: str, at: datetime) -> None:
    name, _bar, key = argument.partition("|")
    lines = _lines(declaration, name)
    services.unbind_scan(declaration, _scan(declaration, key), lines=lines, by=person(request), at=at)


def _drop(request: HttpRequest, declaration: Declaration, argument: str, at: datetime) -> None:
    services.drop_scan(declaration, _scan(declaration, argument), by=person(request), at=at)


def _add(request: HttpRequest, declaration: Declaration, argument: str, at: datetime) -> None:
    """Files chosen in a browser without script: good ones are kept, the others are named."""
    for upload in request.FILES.getlist("scans")[:MOST_AT_ONCE]:
        try:
            _receive(request, declaration, upload, at=at)
        except Rejected as rejected:
            for fault in rejected.violations:
                messages.error(request, f"{upload.name}: {fault.sentence}")


Change = Callable[[HttpRequest, Declaration, str, datetime], HttpResponse | None]
CHANGES: dict[str, Change] = {"bind_scan": _bind, "unbind_scan": _unbind, "drop_scan": _drop, "add_scans": _add}


# What a script sends ------------------------------------------------------------------------------------------
@signed_in
@require_http_methods(["GET", "POST"])
def scans(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """GET: how many scans the draft has, for a page that looks whether one came. POST: one file, under a key.

    `line` names the paper that it proves, if any. A file that comes twice under its key is there once.
    """
    draft = draft_of(request, key)
    if request.method == "GET":
        return JsonResponse(state_of_scans(draft))
    try:
        upload = request.FILES.get("file")
        if not isinstance(upload, UploadedFile):
            raise refuse("F001", "file", _("Choose a file first."))
        stored = _receive(request, draft, upload, at=timezone.now())
        if name := request.POST.get("line", ""):
            lines = _lines(draft, name)
            services.bind_scan(draft, stored, lines=lines, by=person(request), at=timezone.now())
    except Rejected as rejected:
        return JsonResponse({"violations": [v.as_dict() for v in rejected.violations]}, status=rejected.status)
    return JsonResponse({"id": str(stored.public_id), "name": stored.name, "size": stored.size}, status=201)


def state_of_scans(draft: Declaration) -> dict[str, int]:
    """What changes when a scan comes, goes or is checked."""
    rows = draft.files.filter(kind=StoredFile.Kind.ATTACHMENT)
    waiting = rows.filter(safety=StoredFile.Safety.WAITING).count()
    return {"scans": rows.count(), "waiting": waiting, "aside": rows.filter(safety=StoredFile.Safety.FOUND).count()}


def _receive(request: HttpRequest, draft: Declaration, upload: "UploadedFile[bytes]", *, at: datetime) -> StoredFile:
    key, name = request.POST.get("key", "")[:MOST_KEY], str(upload.name or "")
    return services.receive_file(draft, name=name, content=read_upload(upload), by=person(request), at=at, key=key)
