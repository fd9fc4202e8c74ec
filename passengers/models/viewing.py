"""Who saw what of whom: a row for each look at a traveller's declaration, kept for those who watch the watchers."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from passengers.models.declaration import TravelDeclaration


class PassengerView(models.Model):
    """Somebody of customs looked at `what`. A search has its text, and no declaration. Append-only."""

    class What(models.TextChoices):
        DECLARATION = "declaration", _("the declaration")
        HISTORY = "history", _("earlier declarations of the same document")
        PHOTO = "photo", _("a photograph")
        SEARCH = "search", _("a search")
        SCAN = "scan", _("a code that was scanned or typed")
        CARGO = "cargo", _("goods handed over to the cargo side")
        VEHICLE = "vehicle", _("the stay of a vehicle")
        CLAIM = "claim", _("a claim at the exit")
        CROSSINGS = "crossings", _("cash of a person across crossings")
        EXPORT = "export", _("a file for the financial monitor")

    declaration = models.ForeignKey(
        TravelDeclaration, on_delete=models.PROTECT, null=True, blank=True, related_name="views"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    what = models.CharField(_("what"), max_length=11, choices=What.choices)
    text = models.CharField(_("looked for"), max_length=120, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("look at a traveller's declaration")
        verbose_name_plural = _("looks at travellers' declarations")
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=["search", "export"]) | Q(declaration__isnull=False), name="view_of_something"
            ),
        ]
        indexes = [
            models.Index(fields=["by", "declaration", "what", "at"], name="passenger_view_recent"),
            models.Index(fields=["-at", "-id"], name="passenger_view_at"),
        ]
