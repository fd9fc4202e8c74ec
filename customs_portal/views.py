"""Pages of the site itself: home, language, theme."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import i18n
from django.views.decorators.http import require_POST

from customs_portal.context import THEMES

YEAR = 365 * 24 * 60 * 60


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html")


def next_page(request: HttpRequest) -> str:
    """Where the form says to go on, if that is a page of this site, else home."""
    target = request.POST.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else "/"


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    return i18n.set_language(request)


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    response = HttpResponseRedirect(next_page(request))
    if request.POST.get("theme") in THEMES:
        response.set_cookie("theme", request.POST["theme"], max_age=YEAR, samesite="Lax")
    return response


def robots(request: HttpRequest) -> HttpResponse:
    """The public tariff may be indexed; what needs a login may not."""
    closed = ("account", "admin", "api", "companies", "declarations", "desk", "payments", "profile", "queue", "risk")
    lines = ["User-agent: *", *(f"Disallow: /{path}/" for path in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
