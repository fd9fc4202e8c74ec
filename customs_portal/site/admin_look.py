"""How the admin (unfold) looks. Who sees what in it follows from roles: `accounts.permissions`."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _


def environment(request: HttpRequest) -> list[str] | None:
    """A label on every page of the admin while nothing there has legal effect."""
    return [str(_("demonstration")), "warning"] if settings.DEMO else None


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Customs Portal"),
    "SITE_HEADER": _("Customs Portal"),
    "SITE_SUBHEADER": _("Tables and people"),
    "SITE_URL": "/",
    "SITE_ICON": lambda request: static("img/emblem.svg"),
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("img/favicon.svg")}],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": False,
    "BORDER_RADIUS": "6px",
    "ENVIRONMENT": "customs_portal.site.admin_look.environment",
    "SIDEBAR": {"show_search": True, "show_all_applications": True},
    "COLORS": {
        "primary": {
            "50": "240 247 251",
            "100": "219 236 246",
            "200": "183 217 237",
            "300": "134 190 222",
            "400": "76 154 200",
            "500": "37 120 171",
            "600": "11 95 146",
            "700": "8 74 115",
            "800": "11 74 111",
            "900": "8 55 83",
            "950": "6 32 47",
        },
    },
}
