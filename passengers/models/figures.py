"""Totals of travellers' declarations by day, post and way: they stay when personal content is gone."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from lib.figures import ZERO


class TravelChart(models.Model):
    """A chart for the public page, drawn by the worker for a period and a language."""

    days = models.PositiveIntegerField(_("days"))
    language = models.CharField(_("language"), max_length=2)
    svg = models.TextField()
    sha256 = models.CharField(max_length=64)
    drawn_at = models.DateTimeField(_("drawn"))

    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("chart of travellers")
        verbose_name_plural = _("charts of travellers")
        constraints = [models.UniqueConstraint(fields=["days", "language"], name="travel_chart_once")]


class TravelFigures(models.Model):
    """One day at one post by one way. `minutes` from presentation to release, of each, in order: they tell percentiles.

    `payers` paid something, `paid` is the sum; `red` had something to show; `hits`: an officer found something.
    """

    day = models.DateField(_("day"))
    post = models.CharField(_("post"), max_length=8)
    way = models.CharField(_("way of travel"), max_length=5)
    direction = models.CharField(_("direction"), max_length=5)
    declared = models.PositiveIntegerField(_("declared"))
    payers = models.PositiveIntegerField(_("paid something"))
    paid = models.DecimalField(_("paid"), max_digits=20, decimal_places=4, default=ZERO)
    red = models.PositiveIntegerField(_("red channel"))
    hits = models.PositiveIntegerField(_("hits"))
    minutes = ArrayField(models.PositiveIntegerField(), default=list)
    counted_at = models.DateTimeField(_("counted"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["day", "post", "way", "direction"]
        verbose_name = _("figures of travellers")
        verbose_name_plural = _("figures of travellers")
        constraints = [
            models.UniqueConstraint(fields=["day", "post", "way", "direction"], name="travel_figures_once"),
        ]
