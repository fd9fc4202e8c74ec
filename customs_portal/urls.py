"""Site routes: each app's own, in the order in which people meet them."""

from django.contrib import admin
from django.urls import include, path

from customs_portal.site import errors, health, home, registration

urlpatterns = [
    path("", home.home, name="home"),
    path("language/", home.set_language, name="set_language"),
    path("theme/", home.set_theme, name="set_theme"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("robots.txt", home.robots, name="robots"),
    path("admin/login/", home.admin_login),
    path("admin/", admin.site.urls),
    path("account/", include("allauth.urls")),
    path("api/", include("customs_portal.api")),
    path("", include("accounts.urls")),
    path("companies/register/", registration.register_company, name="company_register"),
    path("", include("traders.urls")),
    path("", include("travel_receipts.urls")),
    path("", include("tariff_changes.urls")),
    path("", include("tariff_lookup.urls")),
    path("", include("declarations.urls")),
    path("", include("payments.urls")),
    path("", include("passengers.urls")),
    path("", include("risk.urls")),
    path("", include("clearance.urls")),
    path("", include("border.urls")),
    path("", include("reporting.urls")),
    path("", include("notifications.urls")),
    path("", include("machines.urls")),
    path("", include("oversight.urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
