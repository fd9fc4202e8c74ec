"""Names kept in three languages: `name`, `name_ru`, `name_tg`; an empty one falls back to English, then to any.

And the reader's own language, which travels in Django's cookie.
"""

from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpResponseBase
from django.utils.translation import get_language

R = TypeVar("R", bound=HttpResponseBase)
YEAR = 365 * 24 * 60 * 60


def in_language(row: Any, field: str = "name") -> str:
    """The text of `field` in the reader's language, else in English, else in whichever language has one."""
    language = (get_language() or "en")[:2]
    translated = getattr(row, f"{field}_{language}", "") if language != "en" else ""
    if text := translated or getattr(row, field):
        return str(text)
    return str(getattr(row, f"{field}_ru", "") or getattr(row, f"{field}_tg", ""))


def remember_language(response: R, language: str) -> R:
    """`response` with the language cookie set, if `language` is one of the site's."""
    if language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, samesite="Lax")
    return response
