"""The reader's language travels in Django's language cookie; here it is set when a person's own choice is known."""

from typing import TypeVar

from django.conf import settings
from django.http import HttpResponseBase

R = TypeVar("R", bound=HttpResponseBase)
YEAR = 365 * 24 * 60 * 60


def remember_language(response: R, language: str) -> R:
    """`response` with the language cookie set, if `language` is one of the site's."""
    if language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, samesite="Lax")
    return response
