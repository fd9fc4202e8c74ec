"""Names kept in three languages: `name`, `name_ru`, `name_tg`; an empty one falls back to English, then to any.

Days as the reader's language writes them, on every page and paper.

And the reader's own language, which travels in Django's cookie.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.dateformat import format as write_date
from django.utils.translation import get_language, override

R = TypeVar("R", bound=HttpResponseBase)
T = TypeVar("T")
NO_BREAK = "\N{NO-BREAK SPACE}"
YEAR = 365 * 24 * 60 * 60


def in_language(row: Any, field: str = "name") -> str:
    """The text of `field` in the reader's language, else in English, else in whichever language has one."""
    language = (get_language() or "en")[:2]
    translated = getattr(row, f"{field}_{language}", "") if language != "en" else ""
    if text := translated or getattr(row, field):
        return str(text)
    return str(getattr(row, f"{field}_ru", "") or getattr(row, f"{field}_tg", ""))


def in_every_language(make: Callable[[], T]) -> dict[str, T]:
    """What `make` gives in each of the site's languages, by code: a paper is issued once, in all of them."""
    made = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            made[code] = make()
    return made


def chosen_language(wanted: str | None) -> str:
    """`wanted` if it is one of the site's languages, else the reader's own."""
    known = dict(settings.LANGUAGES)
    own = (get_language() or settings.LANGUAGE_CODE)[:2]
    return wanted if wanted in known else own if own in known else settings.LANGUAGE_CODE


def day_text(value: date | None) -> str:
    """A date as people here write it: 23.11.2026, in English 23 Nov 2026; empty where there is none."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return write_date(value, "j M Y" if (get_language() or "en").startswith("en") else "d.m.Y").replace(" ", NO_BREAK)


def moment_text(value: datetime | None) -> str:
    """An instant in the reader's time zone: date and minute."""
    return f"{day_text(value)},{NO_BREAK}{timezone.localtime(value):%H:%M}" if value else ""


def remember_language(response: R, language: str) -> R:
    """`response` with the language cookie set, if `language` is one of the site's."""
    if language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, samesite="Lax")
    return response
