"""What a phone keeps for when there is no line: a shell with every question, and the worker that hands it out."""

import hashlib

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.http import require_safe

from passengers.models import TravelDeclaration
from passengers.views.asking import ask
from passengers.views.steps import TOPICS

STEPS = ("trip", "people", "carries", "money", *TOPICS, "vehicle")
FILES = (
    "css/travel.css",
    "img/favicon.svg",
    "js/travel.js",
    "js/travel-print.js",
    "js/travel-copies.js",
    "js/travel-line.js",
    "js/travel-photo.js",
    "js/photo-shrink.js",
)


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """Every question, empty and of nobody: the script shows the one that is asked for, with what the phone has kept."""
    on, nobody = timezone.localdate(), TravelDeclaration()
    sections = [ask(step, nobody, on=on, request=request) for step in STEPS]
    context = {"sections": sections, "countries": sections[0].countries}
    response = render(request, "passengers/shell.html", context)
    response["Cache-Control"] = "no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of the form, under a name that changes with any of its files."""
    names = [static(name) for name in FILES]
    version = hashlib.sha256(" ".join(names).encode()).hexdigest()[:12]
    # Modules name each other without the hash that stands in the page.
    files = sorted({*names, *(settings.STATIC_URL + name for name in FILES if name.startswith("js/"))})
    context = {"version": version, "files": files}
    response = render(request, "passengers/worker.js", context, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
