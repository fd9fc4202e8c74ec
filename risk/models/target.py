"""How many files an office can take: dated rows by lane, for an hour and for a day."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lib.validity import HOLDS_ON_A_DAY, in_force, one_value_a_day

OFFICER_LANES = [("yellow", _("yellow")), ("red", _("red"))]


class OfficeTargetQuerySet(models.QuerySet["OfficeTarget"]):
    def on(self, date_: date) -> Self:
        """Targets in force on the day."""
        return self.filter(in_force(date_))


class OfficeTarget(models.Model):
    """What an office can take of yellow or red files; empty: without a limit. A change is a new row, and all are kept.

    One that was ended on the day it began ends the day before: it held on no day.
    """

    office_code = models.CharField(_("office"), max_length=8)
    lane = models.CharField(_("lane"), max_length=6, choices=OFFICER_LANES)
    per_hour = models.PositiveIntegerField(_("files an hour"), null=True, blank=True)
    per_day = models.PositiveIntegerField(_("files a day"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    at = models.DateTimeField(_("made"))
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ended by"),
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = OfficeTargetQuerySet.as_manager()

    class Meta:
        ordering = ["office_code", "lane", "-valid_from", "-pk"]
        verbose_name = _("target of an office")
        verbose_name_plural = _("targets of offices")
        constraints = [
            one_value_a_day("office_target_once_a_day", "office_code", "lane", condition=HOLDS_ON_A_DAY),
            models.CheckConstraint(condition=Q(lane__in=["yellow", "red"]), name="office_target_lane_known"),
            models.CheckConstraint(
                condition=Q(per_hour__isnull=False) | Q(per_day__isnull=False), name="office_target_says_something"
            ),
            models.CheckConstraint(
                condition=Q(per_hour__isnull=True) | Q(per_day__isnull=True) | Q(per_hour__lte=F("per_day")),
                name="office_target_hour_within_day",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="office_target_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.office_code} {self.lane}"
