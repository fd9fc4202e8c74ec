"""Who looked into which file, and when."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from declarations.models import Declaration


class Opening(models.Model):
    """An officer opened a customs file, on a page or by a program. Append-only."""

    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, related_name="openings", db_index=False, verbose_name=_("declaration")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("officer"),
    )
    at = models.DateTimeField(_("opened"))

    class Meta:
        verbose_name = _("opening of a file")
        verbose_name_plural = _("openings of files")
        indexes = [
            models.Index(fields=["declaration", "-id"], name="opening_of_file"),
            models.Index(fields=["by", "-id"], name="opening_by_officer"),
            models.Index(fields=["-at", "-id"], name="opening_at"),
        ]

    def __str__(self) -> str:
        return f"{self.declaration_id} {self.by_id}"
