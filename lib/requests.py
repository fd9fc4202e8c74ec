"""Every request has an id: taken from `X-Request-ID` or made here, in each log line and in the answer.

Requests are counted and timed by route for Prometheus as well.
"""

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

log = structlog.get_logger("request")
_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")
ANSWERED = Counter("portal_requests_total", "Requests answered.", ["method", "route", "status"])
DURATION = Histogram("portal_request_seconds", "Time to answer.", ["route"])
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_QUIET = ("/static/", "/healthz", "/readyz", "/metrics")


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


class WithoutZeroMiddleware:
    """There is no page at an address with a character of zero: no database takes it, so none can be looked up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path:
            raise Http404
        return self.get_response(request)


def _note(request: HttpRequest, response: HttpResponse, *, seconds: float) -> None:
    route = request.resolver_match.route if request.resolver_match else "none"
    method = request.method if request.method in _METHODS else "other"
    ANSWERED.labels(method, route, response.status_code).inc()
    DURATION.labels(route).observe(seconds)
    log.info(
        "answered",
        method=request.method,
        path=request.path,
        status=response.status_code,
        ms=round(seconds * 1000),
    )
