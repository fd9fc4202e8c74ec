"""New exchange rates on their way into force: what the central bank's file or a person brings, and who confirmed it."""

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ExchangeRateList(models.Model):
    """Rates that begin on one day. A file without flags is published at once, all else by a second person.

    `missing` names currencies that have a rate in force and are not in the list.
    """

    class Way(models.TextChoices):
        FILE = "file", _("file of the central bank")
        HAND = "hand", _("by hand")

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting for a second person")
        PUBLISHED = "published", _("published")
        REFUSED = "refused", _("refused")

    valid_from = models.DateField(_("valid from"))
    source = models.CharField(_("source"), max_length=120)
    way = models.CharField(_("way"), max_length=4, choices=Way.choices)
    file_name = models.CharField(_("file"), max_length=120, blank=True)
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.WAITING)
    is_flagged = models.BooleanField(_("something is flagged"), default=False)
    missing = ArrayField(
        models.CharField(max_length=3), verbose_name=_("currencies not in it"), default=list, blank=True
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("entered by")
    )
    made_at = models.DateTimeField(_("entered"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("list of exchange rates")
        verbose_name_plural = _("lists of exchange rates")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(made_by__isnull=True) | ~Q(decided_by=F("made_by")),
                name="exchange_rate_list_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(decided_by__isnull=False) | Q(way="file", is_flagged=False),
                name="exchange_rate_list_published_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from} {self.source}"


class ExchangeRateEntry(models.Model):
    """One rate of a list: national currency for `nominal` units. `before` is the rate in force for one unit."""

    rate_list = models.ForeignKey(
        ExchangeRateList, on_delete=models.CASCADE, related_name="entries", verbose_name=_("list of exchange rates")
    )
    currency = models.CharField(_("currency"), max_length=3)
    nominal = models.PositiveIntegerField(_("for how many units"), default=1)
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8)
    before = models.DecimalField(_("rate before, for one"), max_digits=24, decimal_places=12, null=True)
    before_from = models.DateField(_("rate before, since"), null=True)
    flags = ArrayField(models.CharField(max_length=4), verbose_name=_("flags"), default=list, blank=True)

    class Meta:
        ordering = ["currency"]
        verbose_name = _("rate of a list")
        verbose_name_plural = _("rates of a list")
        constraints = [
            models.UniqueConstraint(fields=["rate_list", "currency"], name="exchange_rate_entry_once"),
            models.CheckConstraint(condition=Q(rate__gt=0, nominal__gt=0), name="exchange_rate_entry_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.nominal} {self.currency} = {self.rate}"

    @property
    def change(self) -> Decimal | None:
        """By how many per cent it differs from the rate before."""
        return None if not self.before else (self.rate / self.nominal / self.before - 1) * 100
