"""Pages for anyone: whether a paper is genuine, and published release times."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.requests import person
from clearance import selectors, services
from clearance.forms import ExitForm, ExitRefusalForm, PeriodForm, TokenForm, VerbForm
from lib.limits import asked_this_minute
from lib.sheets import written

CHECKS_A_MINUTE = 30


def throttled(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """At most 30 checks a minute from one address: a token of 192 bits cannot be guessed, this keeps off the noise.

    Without its counter (Redis emptied or away) the check still answers.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if asked_this_minute(request, "verify") > CHECKS_A_MINUTE:
            response = render(request, "clearance/verify_later.html", status=429)
            response["Retry-After"] = "60"
            return response
        return view(request, *args, **kwargs)

    return answer


@require_GET
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for the code of a paper; an address copied from the QR does as well."""
    form = TokenForm(request.GET or None)
    if form.is_bound and form.is_valid():
        token = urlsplit(form.cleaned_data["token"].strip()).path.rstrip("/").rpartition("/")[2]
        return redirect("verify_token", token=token or "-")
    return render(request, "clearance/verify.html", {"form": form})


@require_GET
@throttled
def verify_token(request: HttpRequest, token: str) -> HttpResponse:
    """Whether the paper with this token is genuine. A wrong token learns nothing but that.

    An officer of the office of exit may confirm here that the goods leave.
    """
    return shown(request, token)


def shown(request: HttpRequest, token: str, refused: dict[str, VerbForm] | None = None) -> HttpResponse:
    """The page of the check; `refused` holds the form that a verb refused."""
    genuine = selectors.genuine_paper(token)
    context: dict[str, Any] = {"genuine": genuine, "form": TokenForm()}
    if genuine is not None and request.user.is_authenticated:
        context |= _at_the_gate(request, genuine) | (refused or {})
    response = render(request, "clearance/verified.html", context, status=422 if refused else 200 if genuine else 404)
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _at_the_gate(request: HttpRequest, genuine: selectors.Genuine) -> dict[str, Any]:
    """For an officer at a gate: the forms of exit, or why this is not the officer's to confirm."""
    declaration, officer, now = genuine.paper.declaration, person(request), timezone.now()
    powers = selectors.powers_of(officer, on=timezone.localdate(now))
    if declaration is None or declaration.flow != "export" or not selectors.confirms_exits(powers):
        return {}
    hindrance = services.exit_hindrance(declaration, by=officer, at=now)
    forms = {"leaving": ExitForm(prefix="exit"), "staying": ExitRefusalForm(prefix="stay")}
    return forms | {"at_the_gate": True, "hindrance": hindrance}


@require_GET
def release_times(request: HttpRequest) -> HttpResponse:
    """Median and 90th percentile from lodging to release, by office and lane, as a page or as CSV."""
    form = PeriodForm({"days": request.GET.get("days") or 30})
    days = form.cleaned_data["days"] if form.is_valid() else 0
    today = timezone.localdate()
    rows = selectors.release_times(today, days=days) if days else []
    if days and request.GET.get("format") == "csv":
        return _as_csv(rows, name=f"release-times-{today}-{days}.csv")
    names = selectors.office_names(on=today)
    context = {"rows": rows, "form": form, "days": days, "names": names, "today": today}
    return render(request, "clearance/release_times.html", context, status=200 if days else 404)


def _as_csv(rows: Any, *, name: str) -> HttpResponse:
    table: list[list[object]] = [["office", "lane", "released", "median_minutes", "p90_minutes"]]
    for row in rows:
        minutes = [round(each.total_seconds() / 60) for each in (row.median, row.p90)]
        table.append([row.office_code, row.lane, row.released, *minutes])
    response = HttpResponse("".join(written(table)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
