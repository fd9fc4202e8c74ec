"""What a signed-in person brings to each request: a time zone, roles, and for officers a second factor."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.selectors import roles_of

GetResponse = Callable[[HttpRequest], HttpResponse]
# What an officer without a second factor may still open: its set-up and the way out.
OPEN_PATHS = (
    "/account/2fa/",
    "/account/logout/",
    "/account/reauthenticate/",
    "/account/confirm-email/",
    "/account/email/",
    "/static/",
    "/language/",
    "/theme/",
    "/healthz",
    "/readyz",
)


class TimeZoneMiddleware:
    """Instants are shown in the time zone of the person who reads."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(self.zone_of(request)):
            return self.get_response(request)

    def zone_of(self, request: HttpRequest) -> ZoneInfo | None:
        """The person's zone; none means the portal's own."""
        if not request.user.is_authenticated:
            return None
        try:
            return ZoneInfo(request.user.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            return None


class SignInAgainMiddleware:
    """A part of a page that asks in vain because the session has ended sends the whole page to the login, and back."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        login = str(settings.LOGIN_URL)
        if not request.headers.get("HX-Request") or not response.get("Location", "").startswith(login):
            return response
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        back = urlencode({"next": f"{page.path}?{page.query}" if page.query else page.path or "/"})
        return HttpResponse(status=204, headers={"HX-Redirect": f"{login}?{back}"})


class PersonFactsMiddleware:
    """What a person is entitled to is read once while a page is only looked at, and forgotten with the answer.

    A request that may write reads each time: what it changes may be what it asks for next.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if request.method not in ("GET", "HEAD") or not user.is_authenticated:
            return self.get_response(request)
        user.facts = {}
        try:
            return self.get_response(request)
        finally:
            user.facts = None


class OfficersNeedSecondFactorMiddleware:
    """An officer, or anyone who may open the admin, works only after a second factor is set up."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated:
            user.held_roles = frozenset(roles_of(user, on=timezone.localdate()))
            guarded = (user.held_roles or user.is_staff) and not request.path.startswith(OPEN_PATHS)
            if guarded and not is_mfa_enabled(user):
                return self.ask_for_second_factor(request)
        return self.get_response(request)

    def ask_for_second_factor(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/"):
            sentence = _("Set up a second factor in the portal first.")
            return JsonResponse({"violations": [{"code": "A003", "pointer": "", "sentence": sentence}]}, status=403)
        messages.info(request, _("Officers work with a second factor. Please set one up now; then you can go on."))
        return redirect("mfa_activate_totp")
