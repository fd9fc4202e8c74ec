"""What every page knows: the site's name and whether this is the demonstration."""

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, object]:
    return {"DEMO": settings.DEMO, "LANGUAGE_CHOICES": settings.LANGUAGES}
