"""Pages of the site itself: home, language, theme."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts import services
from customs_portal.site.context import THEMES
from lib.languages import remember_language
from reporting.models import Figure
from reporting.selectors import published_lately
from risk.models import Lane
from tariffs.models import ExchangeRate
from tariffs.selectors import code_list, exchange_rates_in_force, territory

YEAR = 365 * 24 * 60 * 60
TEN_MINUTES = 10 * 60
HOME_CURRENCIES = 8


@dataclass(frozen=True)
class TimeOfLane:
    """A row of the published release times: a lane (none: all lanes) of an office (none: the whole country)."""

    office: str
    lane: Lane | None
    time: Figure


@dataclass(frozen=True)
class PublishedTimes:
    country: list[TimeOfLane]
    offices: list[TimeOfLane]


def home_rates(*, on: date) -> list[ExchangeRate]:
    """The first few exchange rates of the day: of the currencies of most invoices, then by code."""
    first = {code: place for place, code in enumerate(territory().trade_currencies)}
    rows = exchange_rates_in_force(on=on)
    return sorted(rows, key=lambda row: (first.get(row.currency, len(first)), row.currency))[:HOME_CURRENCIES]


def home_release_times(*, on: date) -> PublishedTimes:
    """Release times of the last 30 days; read again every ten minutes."""
    cache = caches["local"]
    times: Sequence[Figure] = cache.get_or_set("release-times", published_lately, TEN_MINUTES) or ()
    names = code_list("office", on=on)
    rows = [
        TimeOfLane(
            office=names.get(time.office_code, time.office_code),
            lane=Lane(time.lane) if time.lane else None,
            time=time,
        )
        for time in times
    ]
    return PublishedTimes(
        country=[row for row in rows if not row.office],
        offices=[row for row in rows if row.office],
    )


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What one may want to do, today's exchange rates, and how long release has taken lately."""
    on = timezone.localdate()
    context = {"rates": home_rates(on=on), "release_times": home_release_times(on=on), "today": on}
    return render(request, "home.html", context)


def next_page(request: HttpRequest) -> str:
    """Where the form says to go on, if that is a page of this site, else home."""
    target = request.POST.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else "/"


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch the language of the site; a signed-in person's choice is kept in the profile."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        services.choose_language(request.user, language=language)
    return remember_language(HttpResponseRedirect(next_page(request)), language)


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    response = HttpResponseRedirect(next_page(request))
    if request.POST.get("theme") in THEMES:
        response.set_cookie("theme", request.POST["theme"], max_age=YEAR, samesite="Lax")
    return response


def admin_login(request: HttpRequest) -> HttpResponse:
    """The admin has no login of its own: whoever may not open it sees nothing there."""
    if request.user.is_authenticated:
        raise Http404
    return redirect_to_login(request.GET.get("next", "/admin/"))


def robots(request: HttpRequest) -> HttpResponse:
    """The public tariff may be indexed; what needs a login may not."""
    closed = ["account", "admin", "api", "cashier", "companies", "corrections", "declarations", "desk", "exits"]
    closed += ["history", "messages", "payments", "profile", "queue", "risk", "stock", "treasury"]
    lines = ["User-agent: *", *(f"Disallow: /{path}/" for path in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
