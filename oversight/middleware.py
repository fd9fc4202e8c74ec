"""The one place where a look is written down: behind every door, once somebody of customs was shown what it shows.

What a door writes in its own words (a search, a code that was scanned) stays its own.
"""

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User
from accounts.selectors import roles_of
from oversight import services
from oversight.selectors.doors import rule_of

log = structlog.get_logger("looks")
GetResponse = Callable[[HttpRequest], HttpResponse]
# The page itself, a part of it, the page as the browser has it, the page with what was refused.
SHOWN = frozenset({200, 206, 304, 422})
API = "/api/"
# What opens a door without a login is not written into a log that others read.
SECRET_KEYS = frozenset({"token", "link"})


class LooksMiddleware:
    """After a door has shown somebody's data to somebody of customs: one row, none for the same look again.

    The look is no part of the request: a page that was shown stays shown where the log cannot be written (a database
    that only reads); the look then stands in the log of the process, at level error.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if response.status_code in SHOWN and match is not None and match.kwargs:
            note(request, match.route, match.kwargs)
        return response


def note(request: HttpRequest, route: str, keys: Mapping[str, Any]) -> None:
    rule = rule_of(route)
    by = request.user
    if rule is None or not isinstance(by, User) or not _of_customs(request, by):
        return
    address = route if SECRET_KEYS & set(keys) else request.get_full_path()
    try:
        whose = rule(keys)
        if whose is not None:
            takes_away = ".<slug:kind>" in route
            services.note_door(whose, by=by, at=timezone.now(), address=address, takes_away=takes_away)
    except DatabaseError as fault:
        log.error("look not written", by=by.pk, address=address, fault=str(fault))


def _of_customs(request: HttpRequest, user: User) -> bool:
    """Whether a person of customs asks; a program is a company's. Who came with a token has not told the roles yet."""
    if user.is_program:
        return False
    by_token = request.path.startswith(API) and "Authorization" in request.headers
    return bool(user.is_staff or user.held_roles or (by_token and roles_of(user, on=timezone.localdate())))
