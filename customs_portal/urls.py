"""Site routes: each app's own, in the order in which people meet them."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
]
