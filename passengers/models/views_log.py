"""Who saw what of travellers."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from passengers.models.declaration import TravelDeclaration


class PassengerView(models.Model):
    """An officer looked at a page that shows travellers. Append-only.

    `declaration` is the one that was opened; a search has none: `asked` says for what, `found` how many were shown.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_index=True)
    page = models.CharField(_("page"), max_length=30)
    declaration = models.ForeignKey(
        TravelDeclaration, on_delete=models.PROTECT, null=True, blank=True, related_name="views"
    )
    asked = models.JSONField(_("asked for"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    found = models.PositiveIntegerField(_("found"), default=0)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("look at travellers")
        verbose_name_plural = _("looks at travellers")
