"""The way in to every page of the form: signed in, a draft of one's own company, else a stranger's 404.

A script whose session has ended gets 401, so that it keeps what was typed and sends the person to log in. It is told in
words, as it is of a draft that is not there for the person any more: 404.
"""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.requests import person
from declarations import selectors
from declarations.models import Declaration
from lib.violations import Violation

View = Callable[..., HttpResponseBase]


class LodgedAlready(Exception):
    """What was asked for changes a draft, and this declaration is none any more."""

    def __init__(self, declaration: Declaration) -> None:
        self.declaration = declaration
        super().__init__(str(declaration))


def by_script(request: HttpRequest) -> bool:
    """Whether a script of ours asks, and not a person's click."""
    return "application/json" in request.headers.get("Accept", "") or bool(request.headers.get("HX-Request"))


def signed_in(view: View) -> View:
    """Only for people who are logged in; others log in and come back to the page they were on."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _log_in_first(request)
        try:
            return view(request, *args, **kwargs)
        except LodgedAlready as lodged:
            return _not_a_draft(request, lodged.declaration)
        except Http404:
            if not by_script(request):
                raise
            return JsonResponse({"violations": [_gone().as_dict()]}, status=404)

    return answer


def _log_in_first(request: HttpRequest) -> HttpResponse:
    if not by_script(request):
        return redirect_to_login(request.get_full_path())
    page = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    back = f"{page.path}?{page.query}" if page.query else page.path
    address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}"
    sentence = _("Your session has ended. Sign in again, and do this once more.")
    return JsonResponse({"log_in": address, "violations": [Violation("F095", "", sentence).as_dict()]}, status=401)


def _gone() -> Violation:
    sentence = _("This is no longer here for you: it was deleted, or your right to it has ended. Nothing was changed.")
    return Violation("F096", "", sentence)


def _not_a_draft(request: HttpRequest, declaration: Declaration) -> HttpResponse:
    address = resolve_url("declaration", declaration.public_id)
    return JsonResponse({"moved": address}, status=409) if by_script(request) else redirect(address)


def draft_of(request: HttpRequest, key: uuid.UUID) -> Declaration:
    """The draft that the person may change. Raises Http404 for a stranger, LodgedAlready for what is no draft."""
    try:
        declaration = selectors.draft_for(person(request), key, on=timezone.localdate())
    except Declaration.DoesNotExist as missing:
        raise Http404 from missing
    if not declaration.is_editable:
        raise LodgedAlready(declaration)
    return declaration


def seen_by(request: HttpRequest, key: uuid.UUID) -> Declaration:
    """The declaration, draft or lodged, that the person may read. Raises Http404 for a stranger."""
    try:
        return selectors.declaration_for(person(request), key, on=timezone.localdate())
    except Declaration.DoesNotExist as missing:
        raise Http404 from missing
