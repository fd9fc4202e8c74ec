"""The random share: a secret seed for each day and lane, published by its hash before the day and revealed after it."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from risk.models.criterion import Criterion, Lane


class DrawSeed(models.Model):
    """The seed of a day and lane. `sha256` is the hash of `seed`, shown from the first; the seed once the day is over.

    Append-only: a hash that was shown cannot be given another seed.
    """

    day = models.DateField(_("day"))
    lane = models.CharField(_("lane"), max_length=6, choices=Lane.choices)
    seed = models.CharField(_("seed"), max_length=64)
    sha256 = models.CharField("SHA-256", max_length=64)
    made_at = models.DateTimeField(_("made"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-day", "lane"]
        verbose_name = _("seed of a draw")
        verbose_name_plural = _("seeds of draws")
        constraints = [
            models.UniqueConstraint(fields=["day", "lane"], name="draw_seed_once_a_day_and_lane"),
            models.CheckConstraint(condition=Q(lane__in=Lane.values), name="draw_seed_lane_known"),
        ]


class HitCount(models.Model):
    """What criteria selected on a day of scoring and what came of it, counted in the background.

    Without a criterion: an arm as a whole, each declaration once. `random` is the arm of those that only the random
    share selected, the other that of conditions.
    """

    criterion = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("criterion")
    )
    random = models.BooleanField(_("random share"))
    day = models.DateField(_("day"))
    hits = models.PositiveIntegerField(_("hits"))
    selected = models.PositiveIntegerField(_("selected"))
    examined = models.PositiveIntegerField(_("examined"))
    right = models.PositiveIntegerField(_("with a discrepancy"))

    objects: Any = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["criterion", "random", "day"], nulls_distinct=False, name="hit_count_once")
        ]
        indexes = [models.Index(fields=["day"], name="hit_count_day")]


class HitsCounted(models.Model):
    """Up to which score and which outcome hits were counted: one row, the key of the last of each."""

    score_key = models.BigIntegerField(default=0)
    outcome_key = models.BigIntegerField(default=0)

    objects: Any = models.Manager()
