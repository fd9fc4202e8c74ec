"""Several files uploaded at once: each waits for the worker, which says what became of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from declarations.models.declaration import Declaration
from traders.models import Company


class Upload(models.Model):
    """Files that one person sent together, for one company that files."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    declarant = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="uploads", verbose_name=_("declarant")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("uploaded"))

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")

    def __str__(self) -> str:
        return str(self.public_id)


class UploadedFile(models.Model):
    """One of the files. Its content is here as long as it waits; afterwards the draft keeps it.

    `faults`: how many things the draft still lacks. `refusal`: why there is no draft, as violations.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("waits")
        DRAFTED = "drafted", _("draft made")
        REFUSED = "refused", _("refused")

    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="files")
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("name"), max_length=200)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    content = models.FileField(_("file"), upload_to="uploads", blank=True)
    status = models.CharField(_("status"), max_length=7, choices=Status.choices, default=Status.WAITING)
    declaration = models.OneToOneField(
        Declaration, on_delete=models.SET_NULL, null=True, blank=True, related_name="uploaded_as"
    )
    faults = models.PositiveIntegerField(_("faults"), default=0)
    refusal = models.JSONField(_("why it was refused"), default=list, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        ordering = ["position"]
        verbose_name = _("uploaded file")
        verbose_name_plural = _("uploaded files")
        constraints = [
            models.UniqueConstraint(fields=["upload", "position"], name="uploaded_file_position"),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "drafted", "refused"]), name="uploaded_file_status_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name
