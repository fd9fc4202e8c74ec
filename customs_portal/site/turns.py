"""When machines send more than can be done, they are told to come again; people's pages stay quick.

A process works on so many requests of the API at one time, and lets as many again wait for a moment. What comes beyond
that is answered at once with 503 and Retry-After, so that nothing queues for half a minute.
"""

from collections.abc import Callable
from threading import BoundedSemaphore

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from prometheus_client import Counter

from lib.api_faults import problem_answer
from lib.violations import Violation

API = "/api/"
SENT_AWAY = Counter("portal_api_sent_away_total", "Requests of the API that were answered with 503.")


class ApiTurnsMiddleware:
    """`API_AT_ONCE` requests are worked on, `API_WAITING` more wait up to `API_WAIT_SECONDS`, in each process."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.working = BoundedSemaphore(settings.API_AT_ONCE)
        self.inside = BoundedSemaphore(settings.API_AT_ONCE + settings.API_WAITING)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(API):
            return self.get_response(request)
        if not self.inside.acquire(blocking=False):
            return come_again()
        try:
            if not self.working.acquire(timeout=settings.API_WAIT_SECONDS):
                return come_again()
            try:
                return self.get_response(request)
            finally:
                self.working.release()
        finally:
            self.inside.release()


def come_again() -> HttpResponse:
    """503: nothing was done."""
    SENT_AWAY.inc()
    seconds = settings.API_RETRY_SECONDS
    sentence = _("The portal has more to do than it can. Nothing was done: send the same again in {seconds} s.")
    violation = Violation("H503", "", sentence.format(seconds=seconds))
    return problem_answer(503, [violation], headers={"Retry-After": str(seconds)})
