"""Papers that take too long to print while somebody waits: asked for, printed by the worker, kept for some days."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from declarations.models.declaration import Declaration


class LargePaper(models.Model):
    """A SAD or a notice of many items in one language, as the declaration stood in the moment `state_of`.

    `file` is empty until the worker has printed it. Nothing hangs on it: it can be printed again at any time.
    """

    class Kind(models.TextChoices):
        SAD = "sad", _("SAD")
        NOTICE = "notice", _("assessment notice")

    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="large_papers")
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices)
    language = models.CharField(_("language"), max_length=5)
    state_of = models.DateTimeField(_("as of"))
    asked_at = models.DateTimeField(_("asked"))
    file = models.FileField(_("file"), upload_to="papers", blank=True)

    class Meta:
        verbose_name = _("paper in print")
        verbose_name_plural = _("papers in print")
        constraints = [
            models.UniqueConstraint(fields=["declaration", "kind", "language"], name="large_paper_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.declaration_id} {self.language}"
