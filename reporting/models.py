"""Steps of ended files, figures of periods computed from them in the background, and dated targets of release times."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clearance.models import Case, WaitsFor
from lib.validity import HOLDS_ON_A_DAY, in_force, one_value_a_day
from risk.models import Lane


class Awaited(models.TextChoices):
    """For whom a file waits during a step."""

    OFFICE = "office", _("customs")
    TRADER = "trader", _("the trader")
    MONEY = "money", _("payment")
    AGENCY = "agency", _("another agency")


class Step(models.TextChoices):
    """What a file goes through between lodging and its end."""

    LANE = "lane", _("finding the lane")
    QUEUE = "queue", _("in the queue of the office")
    CHECK = "check", _("check of the file")
    EXAMINATION = "examination", _("examination")
    LABORATORY = "laboratory", _("at the laboratory")
    ANSWER = "answer", _("answer to a question")
    CONSENT = "consent", _("word on a proposal")
    MONEY = "money", _("payment")
    RELEASE = "release", _("release after payment")


class ClosedFile(models.Model):
    """A file that was released, rejected or cancelled: one row for all versions of its declaration.

    `day` is the local day of the end. `took` runs from the first lodging to the end. `target_hours` was in force on
    the day of lodging, `within` says whether the file kept it. `examined`, `found` and `findings` follow what is
    found later, after release as well; everything else is written once. `arms` are the ways of selection by which
    risk chose the file.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="+")
    mrn = models.CharField("MRN", max_length=18, db_index=True)
    day = models.DateField(_("day"))
    ended_as = models.CharField(_("ended as"), max_length=10)
    office_code = models.CharField(_("office"), max_length=8)
    lane = models.CharField(_("lane"), max_length=6, choices=Lane.choices)
    regime = models.CharField(_("regime"), max_length=8)
    trader_tin = models.CharField(_("TIN"), max_length=20)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    lodged_at = models.DateTimeField(_("lodged"))
    ended_at = models.DateTimeField(_("ended"))
    took = models.DurationField(_("took"))
    target_hours = models.PositiveSmallIntegerField(_("target, hours"), null=True)
    within = models.BooleanField(_("within the target"), null=True)
    examined = models.BooleanField(_("examined"), default=False)
    found = models.BooleanField(_("discrepancy found"), default=False)
    findings = ArrayField(models.CharField(max_length=14), verbose_name=_("findings"), default=list)
    arms = ArrayField(models.CharField(max_length=20), verbose_name=_("selected by"), default=list)

    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("ended file")
        verbose_name_plural = _("ended files")
        indexes = [
            models.Index(fields=["day"], name="closed_file_day"),
            models.Index(fields=["decided_by", "day"], name="closed_file_of_officer", condition=Q(decided_by__gt=0)),
        ]


class FileStep(models.Model):
    """A step of an ended file. The rows of a file follow each other without a gap from lodging to the end."""

    file = models.ForeignKey(ClosedFile, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(_("step"), max_length=11, choices=Step.choices)
    awaits = models.CharField(_("waits for"), max_length=6, choices=Awaited.choices)
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("step of an ended file")
        verbose_name_plural = _("steps of ended files")
        constraints = [models.CheckConstraint(condition=Q(until__gt=F("since")), name="file_step_forwards")]


class Period(models.Model):
    """Days for which figures are computed: a day, a month, or a number of days that moves on (`d30`, `d90`).

    `b30` and `b90` are as many days before those. A period is `stale` from the moment a file of its days was collected
    or changed until it is computed again; its figures are then replaced in one transaction.
    """

    class Span(models.TextChoices):
        DAY = "day", _("day")
        MONTH = "month", _("month")
        DAYS = "days", _("last days")
        BEFORE = "before", _("as many days before")

    key = models.CharField(_("period"), max_length=10, unique=True)
    span = models.CharField(_("kind"), max_length=6, choices=Span.choices)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    stale = models.BooleanField(_("to be computed"), default=True)
    at = models.DateTimeField(_("computed"), null=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["first", "key"]
        verbose_name = _("period of figures")
        verbose_name_plural = _("periods of figures")
        indexes = [models.Index(fields=["key"], name="period_stale", condition=Q(stale=True))]
        constraints = [models.CheckConstraint(condition=Q(last__gte=F("first")), name="period_forwards")]


class Figure(models.Model):
    """Times of the files released in a period. An empty office, lane, regime, step or waiter stands for all of them.

    `files` went through the step; `median` and `p90` are over them; `total` is the sum. `companies` is how many
    traders they belong to. Of `targeted` files, which had a target, `within` kept it.
    """

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="figures")
    office_code = models.CharField(_("office"), max_length=8, blank=True)
    lane = models.CharField(_("lane"), max_length=6, blank=True)
    regime = models.CharField(_("regime"), max_length=8, blank=True)
    step = models.CharField(_("step"), max_length=11, choices=Step.choices, blank=True)
    awaits = models.CharField(_("waits for"), max_length=6, choices=Awaited.choices, blank=True)
    files = models.PositiveIntegerField(_("files"))
    companies = models.PositiveIntegerField(_("companies"))
    median = models.DurationField(_("median"))
    p90 = models.DurationField(_("90th percentile"))
    total = models.DurationField(_("in all"))
    targeted = models.PositiveIntegerField(_("files with a target"))
    within = models.PositiveIntegerField(_("within the target"))

    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("figure of times")
        verbose_name_plural = _("figures of times")
        constraints = [
            models.UniqueConstraint(
                fields=["period", "office_code", "lane", "regime", "step", "awaits"], name="figure_once"
            )
        ]


class Tally(models.Model):
    """How many files there were in a period: lodged, ended, found, selected; empty office and lane stand for all.

    `key` tells apart: how a file ended, what was found, by which arm it was selected.
    """

    class About(models.TextChoices):
        LODGED = "lodged", _("lodged")
        ENDED = "ended", _("ended")
        FINDING = "finding", _("findings")
        ARM = "arm", _("selected by")

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="tallies")
    about = models.CharField(_("about"), max_length=7, choices=About.choices)
    key = models.CharField(_("which"), max_length=20, blank=True)
    office_code = models.CharField(_("office"), max_length=8, blank=True)
    lane = models.CharField(_("lane"), max_length=6, blank=True)
    files = models.PositiveIntegerField(_("files"))
    examined = models.PositiveIntegerField(_("examined"), default=0)
    found = models.PositiveIntegerField(_("with a discrepancy"), default=0)

    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("count of files")
        verbose_name_plural = _("counts of files")
        constraints = [
            models.UniqueConstraint(fields=["period", "about", "key", "office_code", "lane"], name="tally_once")
        ]


class OfficerFigure(models.Model):
    """What an officer decided in a period and how long it took; only that officer sees it."""

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="officers")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    files = models.PositiveIntegerField(_("files"))
    median = models.DurationField(_("median"))
    p90 = models.DurationField(_("90th percentile"))
    office_median = models.DurationField(_("median of the time at customs"))
    office_p90 = models.DurationField(_("90th percentile of the time at customs"))

    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("figure of an officer")
        verbose_name_plural = _("figures of officers")
        constraints = [models.UniqueConstraint(fields=["period", "officer"], name="officer_figure_once")]


class Waiting(models.Model):
    """Open files by office, lane, what they wait for and age, as they stood when they were last counted."""

    office_code = models.CharField(_("office"), max_length=8)
    lane = models.CharField(_("lane"), max_length=6, choices=Lane.choices)
    waits = models.CharField(_("waits for"), max_length=7, choices=WaitsFor.choices)
    age = models.PositiveSmallIntegerField(_("age"))
    files = models.PositiveIntegerField(_("files"))
    late = models.PositiveIntegerField(_("late"))

    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("waiting files")
        verbose_name_plural = _("waiting files")
        constraints = [models.UniqueConstraint(fields=["office_code", "lane", "waits", "age"], name="waiting_once")]


class Count(models.Model):
    """How far counting has come: the one row is locked by whoever counts."""

    ended_until = models.DateTimeField(null=True)
    last_outcome = models.BigIntegerField(default=0)
    at = models.DateTimeField(_("counted"), null=True)

    objects: Any = models.Manager()


class ReleaseTargetQuerySet(models.QuerySet["ReleaseTarget"]):
    def on(self, date_: date) -> Self:
        """Targets in force on the day."""
        return self.filter(in_force(date_))


class ReleaseTarget(models.Model):
    """Within how many hours of lodging goods should be released; an empty office, lane or regime means each of them.

    A row never changes but in its last day, which another target for the same sets once. Kept for good.
    """

    office_code = models.CharField(_("office"), max_length=8, blank=True)
    lane = models.CharField(_("lane"), max_length=6, choices=Lane.choices, blank=True)
    regime = models.CharField(_("regime"), max_length=8, blank=True)
    hours = models.PositiveSmallIntegerField(_("hours"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=400)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("set by")
    )
    set_at = models.DateTimeField(_("set"))

    objects = ReleaseTargetQuerySet.as_manager()

    class Meta:
        ordering = ["office_code", "lane", "regime", "-valid_from", "-pk"]
        verbose_name = _("target of release time")
        verbose_name_plural = _("targets of release times")
        constraints = [
            one_value_a_day("release_target_once_a_day", "office_code", "lane", "regime", condition=HOLDS_ON_A_DAY),
            models.CheckConstraint(condition=Q(hours__gte=1, hours__lte=8784), name="release_target_hours"),
            models.CheckConstraint(condition=~Q(reason=""), name="release_target_explained"),
        ]
