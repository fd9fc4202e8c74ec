"""Nothing of programs is edited in the admin, and nothing of the library's tables is shown there."""

from django.contrib import admin
from oauth2_provider.models import AccessToken, Application, Grant, IDToken, RefreshToken

for hidden in (AccessToken, Application, Grant, IDToken, RefreshToken):
    if admin.site.is_registered(hidden):
        admin.site.unregister(hidden)
