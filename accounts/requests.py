"""Who asks, or tries to sign in: for views behind a login, the machine door behind a token, and the guard of logins."""

from collections.abc import Mapping

from django.http import HttpRequest
from rest_framework.request import Request

from accounts.models import User


class SignedInRequest(HttpRequest):
    user: User


def person(request: HttpRequest | Request) -> User:
    """Who asks; the door has let in nobody without a name."""
    assert isinstance(request.user, User)
    return request.user


def login_name(request: HttpRequest, credentials: Mapping[str, str] | None) -> str:
    """The address, in lower case, that a failed login counts against, from the credentials or from the login form."""
    given = (credentials or {}).get("email") or (credentials or {}).get("username") or request.POST.get("login", "")
    return given.strip().lower()
