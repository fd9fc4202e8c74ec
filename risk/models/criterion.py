"""Selectivity criteria as dated versions, and their history."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lib.validity import in_force, one_value_a_day


class Lane(models.TextChoices):
    """How much control a declaration gets. The order is red > yellow > blue > green."""

    GREEN = "green", _("green")
    BLUE = "blue", _("blue")
    YELLOW = "yellow", _("yellow")
    RED = "red", _("red")


class About(models.TextChoices):
    """What a criterion scores."""

    DECLARATIONS = "declarations", _("declarations")
    TRAVELLERS = "travellers", _("travellers")


def _person(words: Any) -> Any:
    """Somebody who acted, or nobody yet; a link that is never lost."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=words
    )


class CriterionQuerySet(models.QuerySet["Criterion"]):
    def switched_on(self, *, on: date) -> Self:
        """Versions that take part in scoring on the day."""
        return self.filter(in_force(on), switched_on=True)


class Criterion(models.Model):
    """A version of a selectivity criterion. `conditions` is a list of `{"field", "op", "value"}` (see `scoring`), with
    the name of an alternative as "group" where there are several: it is met where all conditions of one of them hold.

    A version never changes but in its switch and its last day; an edit is a new version. No two versions of a code
    are switched on for the same day. Without conditions it meets every declaration: with a share, a random selection.

    What a person made goes live by two: one proposes it with the replay that was looked at (`reason`: why all the same,
    where the replay asked), another approves. What a country's file says has neither maker nor approver.
    """

    code = models.CharField(_("code"), max_length=20)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    about = models.CharField(_("scores"), max_length=12, choices=About.choices, default=About.DECLARATIONS)
    name = models.CharField(_("name"), max_length=200)
    name_ru = models.CharField(_("name in Russian"), max_length=200, blank=True)
    name_tg = models.CharField(_("name in Tajik"), max_length=200, blank=True)
    conditions = models.JSONField(_("conditions"), default=list, blank=True)
    lane = models.CharField(_("lane"), max_length=6, choices=Lane.choices)
    instruction = models.TextField(_("instruction to the officer"), blank=True)
    instruction_ru = models.TextField(_("instruction in Russian"), blank=True)
    instruction_tg = models.TextField(_("instruction in Tajik"), blank=True)
    share = models.DecimalField(_("share of hits to select, %"), max_digits=5, decimal_places=2, default=100)
    general = models.BooleanField(_("general: an authorised operator is spared"), default=False)
    may_yield = models.BooleanField(_("may yield to the capacity of the office"), default=False)
    offices = ArrayField(models.CharField(max_length=8), verbose_name=_("offices"), default=list, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    switched_on = models.BooleanField(_("switched on"), default=False)
    made_at = models.DateTimeField(_("made"))
    made_by = _person(_("made by"))
    replay = models.ForeignKey(
        "risk.Replay", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("replay")
    )
    reason = models.CharField(_("why all the same"), max_length=500, blank=True)
    proposed_at = models.DateTimeField(_("proposed"), null=True, blank=True)
    proposed_by = _person(_("proposed by"))
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    approved_by = _person(_("approved by"))

    objects = CriterionQuerySet.as_manager()

    class Meta:
        ordering = ["code", "-version"]
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="criterion_version_once"),
            one_value_a_day("criterion_one_version_a_day", "code", condition=Q(switched_on=True)),
            models.CheckConstraint(condition=Q(share__gte=0, share__lte=100), name="criterion_share_0_to_100"),
            models.CheckConstraint(condition=Q(lane__in=Lane.values), name="criterion_lane_known"),
            models.CheckConstraint(
                condition=Q(about="declarations") | Q(about="travellers", lane__in=["green", "red"]),
                name="criterion_lane_of_what_it_scores",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by=None, proposed_at=None, replay=None)
                | Q(proposed_by__isnull=False, proposed_at__isnull=False, replay__isnull=False),
                name="criterion_proposed_with_its_replay",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None)
                | (
                    Q(approved_at__isnull=False, proposed_by__isnull=False)
                    & ~Q(approved_by=F("proposed_by"))
                    & (Q(made_by=None) | ~Q(approved_by=F("made_by")))
                ),
                name="criterion_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(switched_on=False) | Q(made_by=None) | Q(approved_by__isnull=False),
                name="criterion_live_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class CriterionEvent(models.Model):
    """Who made, replayed, proposed, approved, switched or ended a version, and when. Append-only."""

    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    verb = models.CharField(_("what"), max_length=20)
    note = models.TextField(_("note"), blank=True)
    data = models.JSONField(_("details"), default=dict, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["-at", "-pk"]
