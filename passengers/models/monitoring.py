"""Files for the financial monitor: the declarations of cash of a period, made in the worker."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CashExport(models.Model):
    """A file of the declarations of cash that were released between two days, with its hash and who asked for it."""

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"
        JSON = "json", "JSON"

    class Status(models.TextChoices):
        WAITING = "waiting", _("is being made")
        DONE = "done", _("ready")
        FAILED = "failed", _("could not be made")

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    since = models.DateField(_("from"))
    until = models.DateField(_("to"))
    format = models.CharField(_("format"), max_length=4, choices=Format.choices)
    status = models.CharField(_("status"), max_length=7, choices=Status.choices, default=Status.WAITING)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    asked_at = models.DateTimeField(_("asked"))
    done_at = models.DateTimeField(_("made"), null=True, blank=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    file = models.FileField(_("file"), upload_to="cash_exports", blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("file for the financial monitor")
        verbose_name_plural = _("files for the financial monitor")
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="cash_export_period"),
            models.CheckConstraint(condition=~Q(status="done") | ~Q(sha256=""), name="cash_export_done_has_hash"),
        ]

    def __str__(self) -> str:
        return f"cash-{self.since}-{self.until}.{self.format}"
