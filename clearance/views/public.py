"""Pages for anyone: whether a paper is genuine."""

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
from clearance.forms import ExitForm, ExitRefusalForm, TokenForm, VerbForm
from lib.limits import asked_this_minute

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
