"""Pages for what went wrong: what happened, that nothing was lost, and what to do next. The machine door gets JSON."""

import structlog
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lib.api_faults import problem_answer
from lib.violations import Violation


def _answer(request: HttpRequest, *, status: int, title: str | Promise, template: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem_answer(status, [Violation(f"H{status}", "", str(title))])
    return render(request, template, {"heading": title}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that names another host has no page here: none of the portal's links would be right."""
    if isinstance(exception, DisallowedHost):
        return HttpResponse("400: this portal does not answer under that name.\n", "text/plain", status=400)
    return _answer(request, status=400, title=_("The request could not be read"), template="400.html")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, status=403, title=_("You may not do this"), template="403.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, status=404, title=_("There is nothing here"), template="404.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's security token is too old or cookies are refused."""
    return _answer(request, status=403, title=_("This form is too old"), template="403_csrf.html")


def broken(request: HttpRequest) -> HttpResponse:
    """Says what it can without database, session or context: any of them may be what is broken."""
    reference = structlog.contextvars.get_contextvars().get("request_id", "")
    if request.path.startswith("/api/"):
        sentence = f"The portal failed. Repeat the request; the reference is {reference}."
        return problem_answer(500, [Violation("H500", "", sentence)])
    return HttpResponse(render_to_string("500.html", {"reference": reference}), status=500)
