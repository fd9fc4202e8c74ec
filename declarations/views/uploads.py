"""ASYCUDA files uploaded: one becomes a draft at once, several are worked off behind a list that says what became."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import person
from declarations import selectors, services
from declarations.forms import begin
from declarations.models import Upload
from declarations.services import uploads
from declarations.views.gate import signed_in
from lib.table_answers import table_answer
from lib.uploads import read_upload
from lib.violations import Rejected, Violation, refuse
from traders.models import Company

EARLIER_SHOWN = 10


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Drafts from ASYCUDA XML. A single file that cannot be read is refused with the reason, and makes nothing."""
    user, today = person(request), timezone.localdate()
    declarants = selectors.declarants_of(user, on=today)
    context: dict[str, Any] = {
        "declarants": declarants,
        "limit": settings.UPLOAD_LIMIT_BYTES // 1024 // 1024,
        "most": uploads.FILES_AT_MOST,
        "uploads": selectors.uploads_of(user, on=today)[:EARLIER_SHOWN],
    }
    if request.method == "POST":
        try:
            return _taken(request, begin.chosen(declarants, request.POST.get("declarant", "")))
        except Rejected as rejected:
            context["violations"] = rejected.violations
    return render(request, "declarations/upload.html", context, status=422 if "violations" in context else 200)


def _taken(request: HttpRequest, declarant: Company | None) -> HttpResponse:
    sent = [each for each in request.FILES.getlist("file") if isinstance(each, UploadedFile)]
    by, at = person(request), timezone.now()
    if declarant is None:
        raise Rejected([Violation("F020", "declarant", _("Choose the company that files."))])
    if not sent:
        raise Rejected([Violation("F021", "file", _("Choose a file first."))])
    if len(sent) == 1:
        name, content = str(sent[0].name or ""), read_upload(sent[0])
        draft = services.draft_from_xml(declarant=declarant, name=name, content=content, by=by, at=at)
        return redirect("declaration_uploaded", draft.public_id)
    made = uploads.take_in(declarant=declarant, files=_read(sent), by=by, at=at)
    return redirect("upload", made.public_id)


def _read(sent: "Sequence[UploadedFile[bytes]]") -> list[uploads.Named]:
    """Names and contents; what is too much, or one that is too large, is refused unread. Raises Rejected."""
    if len(sent) > uploads.FILES_AT_MOST:
        sentence = _("There may be {most} files at the most. Send the others afterwards.")
        raise refuse("F070", "file", sentence.format(most=uploads.FILES_AT_MOST))
    uploads.judge_sum(sum(each.size or 0 for each in sent))
    return [(str(each.name or ""), read_upload(each)) for each in sent]


@signed_in
@require_GET
def listed(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What became of each file of an upload; the part with the list asks again while the worker is at it."""
    found = _upload(request, key)
    files = selectors.files_in(found)
    waiting = sum(each.status == each.Status.WAITING for each in files)
    context = {"upload": found, "files": files, "waiting": waiting, "done": len(files) - waiting}
    part = request.headers.get("HX-Request") == "true"
    return render(request, "declarations/_upload_files.html" if part else "declarations/upload_list.html", context)


@signed_in
@require_GET
def table(request: HttpRequest, key: uuid.UUID, kind: str) -> Any:
    """The list, to take away."""
    found = _upload(request, key)
    rows: list[tuple[object, ...]] = [("file", "bytes", "status", "lrn", "declaration", "faults", "refused_because")]
    for each in selectors.files_in(found):
        about = each.declaration
        why = "; ".join(f"{fault['code']} {fault['sentence']}" for fault in each.refusal)
        identity = (about.lrn, about.public_id) if about else ("", "")
        rows.append((each.name, each.size, each.status, *identity, each.faults if about else "", why))
    return table_answer(rows, name="uploads", kind=kind)


def _upload(request: HttpRequest, key: uuid.UUID) -> Upload:
    try:
        return selectors.upload_for(person(request), key, on=timezone.localdate())
    except Upload.DoesNotExist as missing:
        raise Http404 from missing
