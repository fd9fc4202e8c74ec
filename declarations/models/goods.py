"""Tables of goods on their way into a draft, what was in the draft before, and how a company's columns were meant."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from declarations.models.declaration import Declaration


class GoodsFile(models.Model):
    """A table that was uploaded for a draft and is being looked at; another upload takes its place.

    `tables` are its sheets as read, `choice` the sheet, heading and columns that a person chose, `cells` what was
    written in place of single cells, by row and box. Thrown away after some days.
    """

    declaration = models.OneToOneField(Declaration, on_delete=models.CASCADE, related_name="goods_file")
    name = models.CharField(_("name"), max_length=200)
    tables = models.JSONField(default=list)
    choice = models.JSONField(default=dict)
    cells = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("table of goods")
        verbose_name_plural = _("tables of goods")

    def __str__(self) -> str:
        return self.name


class ColumnChoice(models.Model):
    """Which boxes a company meant by the columns of one kind of table, known by the names that head them."""

    company = models.ForeignKey("traders.Company", on_delete=models.CASCADE, related_name="+")
    heading = models.CharField(_("names of the columns"), max_length=64)
    columns = models.JSONField(default=list)
    used_at = models.DateTimeField(_("used"))

    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("choice of columns")
        verbose_name_plural = _("choices of columns")
        constraints = [models.UniqueConstraint(fields=["company", "heading"], name="column_choice_once")]


class DraftBefore(models.Model):
    """What a draft held before a table was written into it, so that it comes back by one click.

    `state` is the draft's state after the writing: another one means that it was changed since.
    """

    declaration = models.OneToOneField(Declaration, on_delete=models.CASCADE, related_name="before")
    content = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("earlier content of a draft")
        verbose_name_plural = _("earlier contents of drafts")
