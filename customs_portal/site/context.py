"""What every page knows: languages, the reader's theme, and the links of the navigation that fit the reader."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from customs_portal.site.navigation import navigation
from tariffs.templatetags.portal import forget_national_currency

THEMES = ("light", "dark")


def portal(request: HttpRequest) -> dict[str, object]:
    forget_national_currency()
    theme = request.COOKIES.get("theme", "")
    return {
        "DEMO": settings.DEMO,
        "LANGUAGE_CHOICES": settings.LANGUAGES,
        "theme": theme if theme in THEMES else "",
        "nav": SimpleLazyObject(lambda: navigation(request, on=timezone.localdate())),
    }
