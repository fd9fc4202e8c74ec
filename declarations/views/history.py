"""The auditor's page of history: how it was checked, what was found, and a check when one is wanted."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import person
from declarations.models import HistoryCheck
from declarations.selectors.checks import FAULTS_SHOWN, last_anchor, last_checks, may_check_history
from declarations.services import history_checks
from declarations.views.gate import signed_in

LOOK_AGAIN_SECONDS = 3


def auditors_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """For auditors; for anybody else the page does not exist."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_check_history(person(request), on=timezone.localdate()):
            raise Http404
        return view(request, *args, **kwargs)

    return signed_in(answer)


@auditors_only
@require_GET
def history(request: HttpRequest, check: int | None = None) -> HttpResponse:
    """The last checks, and what one of them (the latest) found; while one is under way the page looks again."""
    checks = last_checks()
    shown = get_object_or_404(HistoryCheck, pk=check) if check else (checks[0] if checks else None)
    context = {
        "checks": checks,
        "shown": shown,
        "found": list(shown.found.all()[:FAULTS_SHOWN]) if shown else [],
        "anchor": last_anchor(),
        "running": next((each for each in checks if each.finished_at is None), None),
    }
    answer = render(request, "declarations/history.html", context)
    if context["running"]:
        answer["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return answer


@auditors_only
@require_POST
def check_now(request: HttpRequest) -> HttpResponse:
    """Have all history read by the worker; if that is under way already, it goes on."""
    history_checks.ask_check(by=person(request), at=timezone.now())
    return redirect("history")
