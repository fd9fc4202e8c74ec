"""Revenue as it was booked, day by day: what desks and charts read, made from the ledger in the background."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from payments.models.money import money_field


class RevenueDay(models.Model):
    """A day whose revenue was computed: from how many entries, up to which, and when."""

    day = models.DateField(_("day"), unique=True)
    entries = models.PositiveIntegerField(_("entries"))
    last_entry = models.BigIntegerField()
    at = models.DateTimeField(_("computed"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["day"]
        verbose_name = _("day of revenue")
        verbose_name_plural = _("days of revenue")


class Revenue(models.Model):
    """What was booked as revenue on a day, by tax, office and regime; below zero where more went back than came.

    The regime is box 1 of the declaration, as "IM 4"; a traveller's has none.
    """

    day = models.DateField(_("day"))
    tax_code = models.CharField(_("tax"), max_length=8)
    office_code = models.CharField(_("office"), max_length=8, blank=True)
    regime = models.CharField(_("regime"), max_length=8, blank=True)
    amount = money_field(_("amount"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["day", "tax_code", "office_code", "regime"]
        verbose_name = _("revenue")
        verbose_name_plural = _("revenue")
        constraints = [
            models.UniqueConstraint(fields=["day", "tax_code", "office_code", "regime"], name="revenue_once_a_day")
        ]


class RevenueChart(models.Model):
    """A chart of revenue as a drawing (SVG), in one language; `name` says of what."""

    name = models.CharField(max_length=20)
    language = models.CharField(max_length=2)
    drawn_from = models.CharField(max_length=64)
    svg = models.TextField()
    at = models.DateTimeField(_("drawn"))

    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("chart of revenue")
        verbose_name_plural = _("charts of revenue")
        constraints = [models.UniqueConstraint(fields=["name", "language"], name="revenue_chart_once")]
