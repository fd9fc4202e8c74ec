"""Papers by a phone's camera: a signed link of half an hour to one draft, for whoever holds the phone.

The link acts for the person who made it: it ends with the person's right to the draft, with the draft, with time, and
when that person says so.
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.requests import person
from accounts.selectors import phone_link
from accounts.services import end_phone_links
from declarations import services
from declarations.models import Declaration, StoredFile
from declarations.selectors.access import draft_for_holder
from declarations.views.gate import draft_of, signed_in
from declarations.views.scans import MOST_KEY
from lib import phone_links
from lib.limits import asked_this_minute
from lib.papers import qr_drawing
from lib.uploads import read_upload
from lib.violations import Rejected, refuse

PAPERS = "papers"
GOOD_FOR = timedelta(minutes=30)
MOST_A_MINUTE = 60


@signed_in
@require_POST
def link(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A new link to the draft, as a QR and in letters."""
    draft = draft_of(request, key)
    token = phone_links.make(PAPERS, subject=draft.public_id, person=person(request).pk, at=timezone.now())
    address = settings.SITE_URL + reverse("scan_by_phone", args=[token])
    context = {"declaration": draft, "address": address, "qr": qr_drawing(address), "minutes": GOOD_FOR.seconds // 60}
    return render(request, "declarations/phone_link.html", context)


@signed_in
@require_POST
def end(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """All links to the draft end that this person made; those of colleagues stay."""
    draft = draft_of(request, key)
    end_phone_links(PAPERS, subject=draft.public_id, by=person(request), at=timezone.now())
    return render(request, "declarations/phone_link_ended.html")


def _opened(token: str) -> tuple[Declaration, User]:
    """The draft that the link opens, and the person for whom it acts. Raises Rejected F093 when it has ended."""
    ended = refuse("F093", "", _("This link has ended. Make a new one on the page of the declaration."))
    read = phone_link(PAPERS, token, good_for=GOOD_FOR)
    if read is None:
        raise ended
    try:
        draft, by = draft_for_holder(uuid.UUID(read.subject), read.person, on=timezone.localdate())
    except Declaration.DoesNotExist:
        raise ended from None
    if not draft.is_editable:
        raise ended
    return draft, by


@require_http_methods(["GET", "HEAD", "POST"])
def by_phone(request: HttpRequest, token: str) -> HttpResponse:
    """The phone's page: photographs are taken, made small there, and sent one by one under keys of their own."""
    if asked_this_minute(request, "papers-by-phone") > MOST_A_MINUTE:
        return HttpResponse(_("Too many at once. Wait a minute."), status=429, headers={"Retry-After": "60"})
    try:
        draft, by = _opened(token)
    except Rejected as ended:
        return _ended(request, ended)
    if request.method != "POST":
        return render(request, "declarations/by_phone.html", _context(draft, token))
    try:
        kept = [_receive(request, draft, by)]
    except Rejected as rejected:
        if _wants_json(request):
            body = {"violations": [v.as_dict() for v in rejected.violations]}
            return JsonResponse(body, status=rejected.status)
        context = _context(draft, token) | {"faults": rejected.violations}
        return render(request, "declarations/by_phone.html", context, status=rejected.status)
    if _wants_json(request):
        return JsonResponse({"id": str(kept[0].public_id), "name": kept[0].name, "size": kept[0].size}, status=201)
    return render(request, "declarations/by_phone.html", _context(draft, token) | {"kept": kept})


def _receive(request: HttpRequest, draft: Declaration, by: User) -> StoredFile:
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        raise refuse("F001", "file", _("Choose a file first."))
    at, key = timezone.now(), request.POST.get("key", "")[:MOST_KEY]
    return services.receive_file(draft, name=str(upload.name or ""), content=read_upload(upload), by=by, at=at, key=key)


def _context(draft: Declaration, token: str) -> dict[str, object]:
    return {"declaration": draft, "token": token}


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _ended(request: HttpRequest, ended: Rejected) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"violations": [v.as_dict() for v in ended.violations]}, status=410)
    return render(request, "declarations/by_phone.html", {"ended": ended.violations}, status=410)
