"""The signed receipts of a traveller's declaration: what its QR codes said."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from passengers.models.declaration import TravelDeclaration


class TravelReceipt(models.Model):
    """A receipt as it was signed (ADR 50): one for each version and answer. Since `ended_at` it counts no more."""

    declaration = models.ForeignKey(TravelDeclaration, on_delete=models.PROTECT, related_name="receipts")
    version = models.PositiveIntegerField(_("version"))
    answer = models.PositiveSmallIntegerField(_("answer"))
    text = models.CharField(_("text of the QR code"), max_length=300, unique=True)
    at = models.DateTimeField(_("issued"))
    ended_at = models.DateTimeField(_("counts no more since"), null=True, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("traveller's receipt")
        verbose_name_plural = _("travellers' receipts")
        constraints = [
            models.UniqueConstraint(fields=["declaration", "version", "answer"], name="travel_receipt_once"),
        ]
