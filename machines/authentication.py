"""How programs sign in: `Authorization: Bearer …`, and what a token lets them do."""

from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.models import User
from machines import services
from machines.selectors import Grant, grant_of

# The first part of a view's module names what its scope is about.
_ABOUT = {"clearance": "declarations", "machines": "messages", "notifications": "messages"}
_LONGEST = 200


class ProgramAuthentication(BaseAuthentication):
    """The program's user, and the grant of its token as `request.auth`."""

    def authenticate(self, request: Request) -> tuple[User, Grant] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        token = words[1].decode("latin-1") if len(words) == 2 else ""
        found = grant_of(token, at=timezone.now()) if 0 < len(token) <= _LONGEST else None
        if found is None:
            raise AuthenticationFailed(_("The token is unknown, has expired or was ended."))
        services.used(found, on=timezone.localdate())
        if found.user.language and not request.headers.get("Accept-Language"):
            translation.activate(found.user.language)
        return found.user, found

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class WithinScope(BasePermission):
    """A program does what its token names: `<what>:read` or `<what>:write`. People are not bound by scopes."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, Grant):
            return True
        scope = scope_of(request.method or "", view)
        self.message = _("The token does not hold the scope %(scope)s.") % {"scope": scope}
        return scope in request.auth.scopes


def scope_of(method: str, view: Any) -> str:
    """The scope that a request to `view` needs."""
    app = type(view).__module__.partition(".")[0]
    return f"{_ABOUT.get(app, app)}:{'read' if method in SAFE_METHODS else 'write'}"
