"""The page that checks travellers' receipts, and what a phone takes along: keys, withdrawn receipts, a worker."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.http import parse_etags, quote_etag
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods, require_safe

from lib.limits import asked_this_minute
from lib.money import Currency
from lib.signed_cbor import instant
from lib.travel_receipt import Receipt, Verdict
from travel_receipts import selectors
from travel_receipts.forms import TextForm
from travel_receipts.wording import ANSWERS, DIRECTIONS, OUTCOMES, Saying

CHECKS_A_MINUTE = 60
LONGEST_SINCE = timedelta(days=40)
# What the page's modules import: the worker keeps it, since the page itself does not name it.
MODULES = (
    "js/ed25519.js",
    "js/qr-reader.js",
    "js/signed-cbor.js",
    "js/travel-lists.js",
    "js/travel-receipt.js",
    "js/vendor/noble-ed25519-3.2.0/index.js",
    "js/vendor/noble-hashes-2.4.0/_md.js",
    "js/vendor/noble-hashes-2.4.0/_u64.js",
    "js/vendor/noble-hashes-2.4.0/sha2.js",
    "js/vendor/noble-hashes-2.4.0/utils.js",
    "js/vendor/qr-0.7.0/decode.js",
    "js/vendor/qr-0.7.0/index.js",
)
PAGE_FILES = ("js/travel-check.js", "css/portal.css", "css/header.css", "css/travel-check.css")


@dataclass(frozen=True)
class Shown:
    """A verdict as the page says it."""

    saying: Saying
    receipt: Receipt | None

    @property
    def paid(self) -> Decimal | None:
        return Decimal(self.receipt.minor_units).scaleb(-self.receipt.decimals) if self.receipt else None

    @property
    def currency(self) -> Currency | None:
        return Currency(self.receipt.currency, self.receipt.decimals) if self.receipt else None


def shown(verdict: Verdict) -> Shown:
    return Shown(OUTCOMES[verdict.outcome], verdict.receipt)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Check a receipt. With a script the phone does it by itself; without one the text is sent and judged here."""
    if request.method == "POST" and asked_this_minute(request, "travel-check") > CHECKS_A_MINUTE:
        response = render(request, "travel_receipts/later.html", status=429)
        response["Retry-After"] = "60"
        return response
    form = TextForm(request.POST or None)
    verdict = None
    if form.is_bound and form.is_valid():
        verdict = selectors.checked(form.cleaned_data["text"], at=timezone.now())
    context = {
        "form": form,
        "shown": shown(verdict) if verdict else None,
        "outcomes": OUTCOMES,
        "answers": {int(number): capfirst(str(text)) for number, text in ANSWERS.items()},
        "directions": {int(number): capfirst(str(text)) for number, text in DIRECTIONS.items()},
        "time_zone": settings.TIME_ZONE,
    }
    response = render(request, "travel_receipts/check.html", context)
    response["Cache-Control"] = "no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: it keeps the page and its files, under a name that changes with any of them."""
    version = hashlib.sha256(" ".join(static(name) for name in (*MODULES, *PAGE_FILES)).encode()).hexdigest()[:12]
    context = {"version": version, "modules": [settings.STATIC_URL + name for name in MODULES]}
    response = render(request, "travel_receipts/worker.js", context, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def signed_file(make: Callable[..., bytes]) -> Callable[..., HttpResponse]:
    """Answers as a file does: with a tag, by which whoever has it already gets 304 without its being made."""

    @wraps(make)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        at = timezone.now()
        since = _since(request, at=at)
        if since is None:
            return HttpResponseBadRequest(b"", content_type="text/plain")
        tag = quote_etag(f"{make.__name__}-{int(since.timestamp())}-{selectors.lists_tag(at=at)}")
        held = {each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))}
        if tag in held:  # weak where the answer was compressed on its way
            response = HttpResponse(status=304)
        else:
            try:
                response = HttpResponse(make(since, at=at), content_type="application/cbor")
            except selectors.NoSigningKey:
                response = HttpResponse(status=503, headers={"Retry-After": "600"})
                response["Cache-Control"] = "no-store"
                return response
        response["ETag"] = tag
        response["Cache-Control"] = "no-cache"
        return response

    return require_safe(answer)


def _since(request: HttpRequest, *, at: datetime) -> datetime | None:
    """The instant that is asked for; 1970 for a whole list; None for what is no instant of the last days."""
    text = request.GET.get("since", "0")
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        return None
    since = instant(int(text))
    return since if int(text) == 0 or at - LONGEST_SINCE < since <= at else None


@signed_file
def keys(_since: datetime, *, at: datetime) -> bytes:
    """The public keys."""
    return selectors.keys_list(at=at)


@signed_file
def withdrawn(since: datetime, *, at: datetime) -> bytes:
    """The receipts that do not count any more, all or since an instant."""
    return selectors.withdrawn_list(since=since if since.timestamp() else None, at=at)
