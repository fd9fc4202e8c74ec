"""Who signed in and asks: for views behind a login, and for the machine door behind a token."""

from django.http import HttpRequest
from rest_framework.request import Request

from accounts.models import User


class SignedInRequest(HttpRequest):
    user: User


def person(request: HttpRequest | Request) -> User:
    """Who asks; the door has let in nobody without a name."""
    assert isinstance(request.user, User)
    return request.user
