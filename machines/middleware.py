"""What every request of the API meets: bounds of size and number, and one answer for each Idempotency-Key."""

import hashlib
import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException
from rest_framework.views import APIView

from accounts.models import User
from lib.api_faults import problem_answer
from lib.limits import counted
from lib.requests import client
from lib.violations import Rejected, Violation, refuse
from machines import services
from machines.selectors import Grant

API = "/api/v1/"
# What an answer says beside its body, and what is said again.
_KEPT_HEADERS = ("Content-Type", "ETag", "Location", "Content-Language")
GetResponse = Callable[[HttpRequest], HttpResponse]


class ApiLimitMiddleware:
    """At most `API_PER_MINUTE` requests of a caller in a minute; each answer says how many are left."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(API):
            return self.get_response(request)
        if _announced(request) > settings.API_BODY_BYTES:
            return _too_large()
        now, most = int(time.time()), settings.API_PER_MINUTE
        asked = counted(f"api:{_caller(request)}:{now // 60}", seconds=120)
        until = 60 - now % 60
        response = self.get_response(request) if asked <= most else _too_many(until)
        response["RateLimit-Policy"] = f'"minute";q={most};w=60'
        response["RateLimit"] = f'"minute";r={max(0, most - asked)};t={until}'
        return response


class IdempotencyMiddleware:
    """A POST with an `Idempotency-Key` is done once for its caller; sent again it gets the first answer again."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.headers.get("Idempotency-Key", "")
        if not key or request.method != "POST" or not request.path.startswith(API):
            return self.get_response(request)
        user, may = _signed_in(request)
        if user is None:
            return self.get_response(request)
        try:
            kept = services.begin(user, key, digest=_digest(request, may), at=timezone.now())
        except Rejected as rejected:
            return _refused(rejected)
        if kept is not None:
            return HttpResponse(kept.body, status=kept.status, headers={**kept.headers, "Idempotency-Replayed": "true"})
        return self._first(request, user, key)

    def _first(self, request: HttpRequest, user: User, key: str) -> HttpResponse:
        done = False
        try:
            response = self.get_response(request)
            if not response.streaming and response.status_code < 500:
                said = {name: response[name] for name in _KEPT_HEADERS if name in response}
                services.keep(user, key, services.Answer(response.status_code, said, response.content))
                done = True
            return response
        finally:
            if not done:
                services.forget(user, key)


def _announced(request: HttpRequest) -> int:
    """How many bytes the body has, as its head says."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdigit() else 0


def _too_large() -> HttpResponse:
    """Said before any of it is read or written to a disk."""
    limit = settings.API_BODY_BYTES // (1024 * 1024)
    sentence = _("A request has {limit} MB at the most. Send files one by one.").format(limit=limit)
    return problem_answer(413, [Violation("H413", "", sentence)], headers={"Connection": "close"})


def _caller(request: HttpRequest) -> str:
    """Who asks, without asking the database: a token, a session, an address."""
    shown = request.headers.get("Authorization", "") or request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return hashlib.sha256(shown.encode()).hexdigest()[:20] if shown else client(request)


def _signed_in(request: HttpRequest) -> tuple[User | None, str]:
    """Whom the API will find, and what the token lets it do; None lets the view say what is missing."""
    try:
        found = APIView().initialize_request(request)
        user, grant = found.user, found.auth
    except APIException:
        return None, ""
    may = " ".join(sorted(grant.scopes)) if isinstance(grant, Grant) else "everything"
    return (user if isinstance(user, User) else None), may


def _digest(request: HttpRequest, may: str) -> str:
    """Of everything that makes the request what it is: a token that may less is not told what another one was."""
    digest = hashlib.sha256(f"{request.get_full_path()}\n{request.content_type}\n{may}\n".encode())
    try:
        digest.update(request.body)
    except RequestDataTooBig as fault:
        raise refuse("F002", "", _("What was sent is too large.")) from fault
    return digest.hexdigest()


def _too_many(seconds: int) -> HttpResponse:
    sentence = _("Too many requests in this minute. Ask again in {seconds} s.").format(seconds=seconds)
    return problem_answer(429, [Violation("H429", "", sentence)], headers={"Retry-After": str(seconds)})


def _refused(rejected: Rejected) -> HttpResponse:
    return problem_answer(rejected.status, rejected.violations)
