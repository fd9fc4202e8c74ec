"""The score each lodged declaration got, with its hits, and what came of it."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from declarations.models import Declaration
from risk.models.criterion import Criterion, Lane


class Score(models.Model):
    """The lane a version of a declaration got, and why. Append-only; an officer's change of lane is in clearance.

    A reason of a random share has its ticket and its share; `drawn_on` is the day whose seeds (`DrawSeed`) drew.
    """

    declaration = models.OneToOneField(Declaration, on_delete=models.PROTECT, related_name="score")
    lane = models.CharField(_("lane"), max_length=6, choices=Lane.choices)
    reasons = models.JSONField(_("reasons"), default=list, blank=True, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(_("at"))
    drawn_on = models.DateField(_("day of the draw"), null=True, blank=True)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [models.CheckConstraint(condition=Q(lane__in=Lane.values), name="score_lane_known")]
        indexes = [
            models.Index(fields=["-at"], name="score_newest"),
            models.Index(fields=["at"], name="score_of_officers", condition=Q(lane__in=["yellow", "red"])),
        ]


class Hit(models.Model):
    """A criterion that a declaration met. `selected` False: met, but not drawn for its share. Append-only."""

    score = models.ForeignKey(Score, on_delete=models.PROTECT, related_name="hits")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="hits")
    items = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("items"), default=list, blank=True)
    selected = models.BooleanField(_("selected"), default=True)

    objects: Any = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["score", "criterion"], name="hit_once")]
        indexes = [models.Index(fields=["criterion"], condition=Q(selected=True), name="hit_selected")]


class Outcome(models.Model):
    """What an examination found, told by clearance: it flows back into the hit rates. Append-only."""

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="outcomes")
    discrepancy = models.BooleanField(_("discrepancy found"))
    at = models.DateTimeField(_("at"))

    class Meta:
        indexes = [models.Index(fields=["at"], name="outcome_by_time")]
