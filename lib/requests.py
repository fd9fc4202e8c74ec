"""Every request has an id: taken from `X-Request-ID` or made here, in each log line and in the answer.

Requests are counted and timed by route for Prometheus as well.
"""

import re
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from prometheus_client import Counter, Histogram

log = structlog.get_logger("request")
_NUL = "\0"
_ONE_LINE_OF_IPV6 = 64  # bits that name a connection; the rest its owner changes at will
_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")
ANSWERED = Counter("portal_requests_total", "Requests answered.", ["method", "route", "status"])
DURATION = Histogram("portal_request_seconds", "Time to answer.", ["route"])
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# What follows these in a path opens something by itself.
_SECRET = re.compile(
    r"^(/account/confirm-email/|/account/password/reset/key/|/invitations/|/invited/|/pay/by-link/|/travel/open/"
    r"|/travel/pay/|/verify/|/scan/|/photographs/)[^/]+"
)
_QUIET = ("/static/", "/healthz", "/readyz", "/metrics")


def client(request: HttpRequest) -> str:
    """The address that asks, as limits count it: of IPv6 the network of one connection; empty where none is known.

    Behind `settings.PROXIES` proxies it is the entry of `X-Forwarded-For` that the outermost of them wrote, counted
    from the right: what stands further left, anybody may have written.
    """
    address = request.META.get("REMOTE_ADDR", "")
    chain = [entry.strip() for entry in request.headers.get("X-Forwarded-For", "").split(",")]
    if 0 < settings.PROXIES <= len(chain):
        address = chain[-settings.PROXIES]
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    if isinstance(found, IPv6Address) and mapped is None:
        return str(ip_network((found, _ONE_LINE_OF_IPV6), strict=False).network_address)
    return str(mapped or found)


class ReadableMiddleware:
    """The character NUL, which no table keeps and no person types: dropped from query and form, refused in a path.

    So one odd character costs nobody the rest of what was typed, and no page has to think of it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _NUL in request.path_info:
            raise SuspiciousOperation("A NUL in the path.")
        if _holds_nul(request.GET):
            request.GET = _without_nul(request.GET)  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> None:
        """The form was read by the check of its token; what is exempt from that reads its own body."""
        if not getattr(view, "csrf_exempt", False) and _holds_nul(request.POST):
            request.POST = _without_nul(request.POST)  # type: ignore[assignment]


def _holds_nul(values: QueryDict) -> bool:
    return any(_NUL in name or any(_NUL in value for value in found) for name, found in values.lists())


def _without_nul(values: QueryDict) -> QueryDict:
    clean = QueryDict(mutable=True, encoding=values.encoding)
    for name, found in values.lists():
        for value in found:
            clean.appendlist(name.replace(_NUL, ""), value.replace(_NUL, ""))
    return clean


class RequestIdMiddleware:
    """Bind a request id to the log context, answer with it, and write one line for each request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _ACCEPTED.fullmatch(given) else uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.monotonic()
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        if not request.path.startswith(_QUIET):
            _note(request, response, seconds=time.monotonic() - started)
        return response


def _note(request: HttpRequest, response: HttpResponse, *, seconds: float) -> None:
    route = request.resolver_match.route if request.resolver_match else "none"
    method = request.method if request.method in _METHODS else "other"
    ANSWERED.labels(method, route, response.status_code).inc()
    DURATION.labels(route).observe(seconds)
    log.info(
        "answered",
        method=request.method,
        path=_SECRET.sub(r"\1…", request.path),
        status=response.status_code,
        ms=round(seconds * 1000),
    )
