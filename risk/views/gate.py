"""Who may open the pages of risk: whoever may not is told that there is no such page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from accounts.requests import person
from risk import selectors
from risk.models import Criterion

View = Callable[..., HttpResponse]


def readers_only(view: View) -> View:
    """For analysts and auditors; for anybody else criteria do not exist."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not selectors.may_see_criteria(person(request), on=timezone.localdate()):
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(answer)


def analysts_only(view: View) -> View:
    """For analysts; an auditor reads and changes nothing."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not selectors.is_analyst(person(request), on=timezone.localdate()):
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(answer)


def criterion_or_404(pk: int) -> Criterion:
    """One version."""
    try:
        return selectors.criterion(pk)
    except Criterion.DoesNotExist as missing:
        raise Http404 from missing
