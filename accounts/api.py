"""How programs sign in: by a token, and with the language of the person it belongs to."""

from django.utils import translation
from rest_framework.authentication import TokenAuthentication
from rest_framework.authtoken.models import Token
from rest_framework.request import Request

from accounts.models import User


class PersonTokenAuthentication(TokenAuthentication):
    """Answers come in the person's language, unless the request itself names one (Accept-Language)."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        """The person and the token; None without one. The language lasts for this request: the next sets its own."""
        found: tuple[User, Token] | None = super().authenticate(request)
        if found and found[0].language and not request.headers.get("Accept-Language"):
            translation.activate(found[0].language)
        return found
