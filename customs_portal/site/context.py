"""What every page knows: languages, the theme, the currencies of amounts, and the navigation that fits the reader."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from customs_portal.site.navigation import navigation
from tariffs.selectors import amounts_context

THEMES = ("light", "dark")


def portal(request: HttpRequest) -> dict[str, object]:
    theme = request.COOKIES.get("theme", "")
    return amounts_context() | {
        "DEMO": settings.DEMO,
        "LANGUAGE_CHOICES": settings.LANGUAGES,
        "theme": theme if theme in THEMES else "",
        "nav": SimpleLazyObject(lambda: navigation(request, on=timezone.localdate())),
    }
