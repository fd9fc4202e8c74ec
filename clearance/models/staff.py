"""Who is there and who takes what: absences, skills, and the switch of automatic allotment in an office."""

from datetime import date
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clearance.models.trace import person


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, date_: date) -> Self:
        """Absences on the day that nobody has ended."""
        return self.overlapping(date_, date_)

    def overlapping(self, since: date, until: date | None) -> Self:
        """Absences on some of the days that nobody has ended; `until` None: from then on."""
        begun = Q() if until is None else Q(since__lte=until)
        return self.filter(begun, Q(until=None) | Q(until__gte=since), ended_at=None)


class Absence(models.Model):
    """An officer is away: no file is allotted to that person meanwhile. It is ended once, and kept."""

    officer = person(_("officer"))
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    by = person(_("recorded by"))
    at = models.DateTimeField(_("recorded"))
    ended_by = person(_("ended by"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="absence_forwards"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="absence_end_complete",
            ),
        ]

    @property
    def days(self) -> str:
        """From when until when."""
        return f"{self.since} – {self.until or '…'}"


class Skill(models.Model):
    """What an officer takes in an office: goods by the first digits of their codes (none: any), and how many files."""

    officer = person(_("officer"))
    office_code = models.CharField(_("office"), max_length=8)
    goods = ArrayField(models.CharField(max_length=10), verbose_name=_("codes of goods"), default=list, blank=True)
    most = models.PositiveSmallIntegerField(_("files at the most"), default=15)
    by = person(_("by"))
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("skill of an officer")
        verbose_name_plural = _("skills of officers")
        constraints = [models.UniqueConstraint(fields=["officer", "office_code"], name="skill_once")]


class AllotmentSwitch(models.Model):
    """Automatic allotment of an office was switched on or off; the newest row counts. Append-only."""

    office_code = models.CharField(_("office"), max_length=8)
    is_on = models.BooleanField(_("switched on"))
    by = person(_("by"))
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["office_code", "-id"], name="allotment_switch_newest")]
