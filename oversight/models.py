"""What integrity is asked about: marks on acts that deserve a question, and how much was decided beside them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Mark(models.Model):
    """An act that deserves a question, found in the tables of a day by the worker. No verdict; written once.

    `second` agreed to it, or is whom it was done to. `source` names the row it was found in.
    """

    class Kind(models.TextChoices):
        DOWN = "down", _("sent to less control")
        UP = "up", _("sent to more control")
        UNCHECKED = "unchecked", _("instruction could not be checked")
        WAIVED = "waived", _("discrepancy closed with a reason")
        DROPPED = "dropped", _("charge or fine dropped")
        UNSEEN = "unseen", _("released without having opened the file")
        HASTY = "hasty", _("released within a minute of opening the file")
        OWN = "own", _("released for an earlier company of one's own")
        ROLE = "role", _("role given, refused or ended")
        REFUND = "refund", _("refund decided")
        LIMIT = "limit", _("limit decided")

    kind = models.CharField(_("what"), max_length=9, choices=Kind.choices)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("officer")
    )
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False,
        verbose_name=_("with"),
    )  # fmt: skip
    office_code = models.CharField(_("office"), max_length=8, blank=True)
    at = models.DateTimeField(_("at"))
    mrn = models.CharField("MRN", max_length=18, blank=True)
    file = models.UUIDField(_("file"), null=True)
    about = models.CharField(_("about"), max_length=300, blank=True)
    source = models.CharField(max_length=40)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("mark for integrity")
        verbose_name_plural = _("marks for integrity")
        constraints = [models.UniqueConstraint(fields=["kind", "source"], name="mark_once")]
        indexes = [
            models.Index(fields=["-at", "-id"], name="mark_at"),
            models.Index(fields=["kind", "-at"], name="mark_of_kind"),
            models.Index(fields=["officer", "-at"], name="mark_of_officer"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.kind} {self.mrn or self.about}"


class Decisions(models.Model):
    """How many releases an officer decided in an office on a day: what marks are measured by."""

    day = models.DateField(_("day"))
    office_code = models.CharField(_("office"), max_length=8)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("officer")
    )
    number = models.PositiveIntegerField(_("decisions"))

    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("decisions of a day")
        verbose_name_plural = _("decisions of days")
        constraints = [models.UniqueConstraint(fields=["day", "office_code", "officer"], name="decisions_once")]


class MarkedDay(models.Model):
    """A day whose acts were looked through, and when. The newest days are looked through again."""

    day = models.DateField(_("day"), unique=True)
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("day looked through")
        verbose_name_plural = _("days looked through")
