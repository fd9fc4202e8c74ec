"""What an officer's phone keeps for a bad line, the page that scans, and the code that a traveller's phone reads."""

import hashlib
import uuid

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from border import selectors
from border.forms import FindForm
from border.views.gate import officers_only, powers
from lib.limits import asked_this_minute
from passengers.requests import remember

OPEN_SALT = "border.open"
OPENS_FOR = 15 * 60
OPENED_A_MINUTE = 30
# What the worker keeps: what pages name, and what their modules import, which pages do not name.
PAGE_FILES = (
    "css/portal.css",
    "css/header.css",
    "css/travellers.css",
    "js/base.js",
    "js/border-page.js",
    "js/border-scan.js",
)
MODULES = ("js/border-outbox.js", "js/qr-reader.js", "js/vendor/qr-0.7.0/decode.js", "js/vendor/qr-0.7.0/index.js")


@officers_only
@require_safe
def scan(request: HttpRequest) -> HttpResponse:
    """The page that reads a QR code, by camera or photo, or takes a typed code."""
    context = {"tab": "scan", "form": FindForm(), "key": uuid.uuid4().hex, "powers": powers(request)}
    return render(request, "border/scan.html", context)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of these pages: files, and the pages that were seen, for a few hours."""
    version = hashlib.sha256(" ".join(static(name) for name in (*MODULES, *PAGE_FILES)).encode()).hexdigest()[:12]
    files = [*(static(name) for name in PAGE_FILES), *(settings.STATIC_URL + name for name in MODULES)]
    context = {"version": version, "files": files}
    response = render(request, "border/worker.js", context, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@never_cache
@require_safe
def open_on_phone(request: HttpRequest, token: str) -> HttpResponse:
    """Open the declaration in the browser that read the officer's code: there the traveller pays."""
    if asked_this_minute(request, "travel-open") > OPENED_A_MINUTE:
        raise Http404
    try:
        pk = signing.loads(token, salt=OPEN_SALT, max_age=OPENS_FOR)
    except signing.BadSignature as wrong:
        raise Http404 from wrong
    found = selectors.sent_declaration(pk)
    if found is None:
        raise Http404
    return remember(redirect("travel_standing", key=found.public_id), request, found)
