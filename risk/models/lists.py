"""Lists that conditions refer to by name: codes, traders, containers. Kept in dated versions by two persons."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

MOST_ENTRIES = 10_000


class RiskList(models.Model):
    """A list by its code. `kind` says what it lists: which fields may be compared with it."""

    class Kind(models.TextChoices):
        COMMODITY = "commodity", _("commodity codes or their beginnings")
        TRADER = "trader", _("traders by TIN")
        COUNTRY = "country", _("countries")
        OFFICE = "office", _("offices")
        DOCUMENT = "document_type", _("codes of documents")
        CONTAINER = "container", _("containers")
        PLATE = "plate", _("means of transport")
        TEXT = "text", _("other texts, word for word")

    code = models.CharField(_("code"), max_length=20, unique=True)
    kind = models.CharField(_("lists"), max_length=20, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=200)
    name_ru = models.CharField(_("name in Russian"), max_length=200, blank=True)
    name_tg = models.CharField(_("name in Tajik"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("made"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("list of risk")
        verbose_name_plural = _("lists of risk")

    def __str__(self) -> str:
        return self.code


class RiskListVersion(models.Model):
    """What a list holds from a day on: the newest approved version whose day has come counts. Content never changes."""

    listed = models.ForeignKey(RiskList, on_delete=models.PROTECT, related_name="versions", verbose_name=_("list"))
    number = models.PositiveIntegerField(_("version"))
    entries = ArrayField(models.CharField(max_length=80), verbose_name=_("entries"), default=list)
    valid_from = models.DateField(_("valid from"))
    note = models.CharField(_("what was changed and why"), max_length=500)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("approved by"),
    )  # fmt: skip

    objects: Any = models.Manager()

    class Meta:
        ordering = ["listed", "-number"]
        verbose_name = _("version of a list")
        verbose_name_plural = _("versions of lists")
        constraints = [
            models.UniqueConstraint(fields=["listed", "number"], name="risk_list_version_once"),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None)
                | (Q(approved_at__isnull=False) & ~Q(approved_by=F("made_by"))),
                name="risk_list_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listed.code} v{self.number}"
