"""What every page knows: languages, the reader's theme, and the links of the navigation that fit the reader."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from customs_portal.demo.accounts import PEOPLE
from customs_portal.navigation import navigation
from customs_portal.templatetags.portal import forget_national_currency

THEMES = ("light", "dark")


def portal(request: HttpRequest) -> dict[str, object]:
    forget_national_currency()
    theme = request.COOKIES.get("theme", "")
    return {
        "DEMO": settings.DEMO,
        "demo_accounts": PEOPLE if settings.DEMO else (),
        "LANGUAGE_CHOICES": settings.LANGUAGES,
        "theme": theme if theme in THEMES else "",
        "nav": SimpleLazyObject(lambda: navigation(request, on=timezone.localdate())),
    }
