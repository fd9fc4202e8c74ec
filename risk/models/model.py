"""Models that rank files: the row of each, its file, what it said of each score, and the shares it may choose."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from risk.models.criterion import Lane
from risk.models.score import Score

LARGEST_FILE = 32 * 1024 * 1024


def _person(label: Any, **given: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=label, **given
    )


class Model(models.Model):
    """A model that was asked for, and what came of it. What training wrote never changes; states write `status`.

    `figures` are those of lines that it did not learn from (see `services.train`), `sha256` is of its file.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("learning")
        FAILED = "failed", _("not made")
        READY = "ready", _("ready")
        CHALLENGER = "challenger", _("challenger")
        CHAMPION = "champion", _("champion")
        RETIRED = "retired", _("retired")

    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.WAITING)
    asked_by = _person(_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    since = models.DateField(_("learnt from"))
    until = models.DateField(_("learnt until"))
    progress = models.PositiveSmallIntegerField(_("progress, %"), default=0)
    tries = models.PositiveSmallIntegerField(_("begun"), default=0)
    made_at = models.DateTimeField(_("made"), null=True, blank=True)
    library = models.CharField(_("library"), max_length=40, blank=True)
    features = models.JSONField(_("features"), default=list, blank=True)
    figures = models.JSONField(_("figures"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    size = models.PositiveIntegerField(_("bytes"), default=0)
    fault = models.CharField(_("why it was not made"), max_length=500, blank=True)
    proposed_by = _person(_("proposed by"), null=True, blank=True)
    activated_by = _person(_("activated by"), null=True, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("model")
        verbose_name_plural = _("models")
        constraints = [
            models.UniqueConstraint(fields=["status"], condition=Q(status="champion"), name="model_one_champion"),
            models.UniqueConstraint(fields=["status"], condition=Q(status="challenger"), name="model_one_challenger"),
            models.UniqueConstraint(fields=["status"], condition=Q(status="waiting"), name="model_one_learns"),
            models.CheckConstraint(condition=Q(since__lte=F("until")), name="model_window_in_order"),
            models.CheckConstraint(
                condition=Q(activated_by=None) | ~Q(activated_by=F("proposed_by")), name="model_second_person"
            ),
        ]

    def __str__(self) -> str:
        return f"M{self.pk}"


class ModelFile(models.Model):
    """What a model is made of, packed: features, trees, memory, reference (see `services.model_files`). Append-only."""

    model = models.OneToOneField(Model, on_delete=models.PROTECT, related_name="file")
    content = models.BinaryField()

    objects: Any = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.lookups.LessThanOrEqual(
                    models.Func(F("content"), function="octet_length", output_field=models.IntegerField()), LARGEST_FILE
                ),
                name="model_file_bounded",
            )
        ]


class ModelEvent(models.Model):
    """Who asked for, proposed, activated, retired or evaluated a model, or set what it may choose. Append-only."""

    model = models.ForeignKey(Model, on_delete=models.PROTECT, related_name="events", null=True, blank=True)
    at = models.DateTimeField(_("at"))
    by = _person(_("by"), null=True, blank=True)
    verb = models.CharField(_("what"), max_length=20)
    data = models.JSONField(_("details"), default=dict, blank=True, encoder=DjangoJSONEncoder)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]


class ModelThreshold(models.Model):
    """From a day on: above which percentiles the champion makes a file red or yellow. Append-only: the newest holds.

    `office` empty is every office without a row of its own. `explore` is how many files are drawn at random from those
    that the model passes over, for each hundred that it picks.
    """

    office = models.CharField(_("office"), max_length=8, blank=True)
    valid_from = models.DateField(_("valid from"))
    red_above = models.DecimalField(_("red above the percentile"), max_digits=5, decimal_places=2)
    yellow_above = models.DecimalField(_("yellow above the percentile"), max_digits=5, decimal_places=2)
    explore = models.DecimalField(_("exploration, %"), max_digits=4, decimal_places=2, default=10)
    set_by = _person(_("set by"))
    set_at = models.DateTimeField(_("set"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["office", "-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(yellow_above__gte=50, red_above__gte=F("yellow_above"), red_above__lte=100),
                name="model_threshold_in_order",
            ),
            models.CheckConstraint(condition=Q(explore__gte=0, explore__lte=50), name="model_threshold_explore"),
        ]


class ModelScore(models.Model):
    """What a model said of a scored declaration. Append-only; the challenger's never decides.

    `percentile` is the rank among the files of its office that the model was measured on. `lane` is what the champion
    chose (empty: nothing); `explored` tells a random draw, at `rate` per cent of what it passes over.
    """

    class Part(models.TextChoices):
        CHAMPION = "champion", _("champion")
        CHALLENGER = "challenger", _("challenger")

    score = models.ForeignKey(Score, on_delete=models.PROTECT, related_name="models")
    model = models.ForeignKey(Model, on_delete=models.PROTECT, related_name="scores")
    part = models.CharField(_("part"), max_length=10, choices=Part.choices)
    probability = models.DecimalField(_("probability"), max_digits=7, decimal_places=6)
    percentile = models.DecimalField(_("percentile"), max_digits=5, decimal_places=2)
    item = models.PositiveSmallIntegerField(_("item"))
    reasons = models.JSONField(_("reasons"), default=list, blank=True)
    lane = models.CharField(_("lane"), max_length=6, choices=Lane.choices, blank=True)
    explored = models.BooleanField(_("drawn at random"), default=False)
    rate = models.DecimalField(_("rate of the draw, %"), max_digits=5, decimal_places=2, default=0)
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["score", "part"], name="model_score_once"),
            models.CheckConstraint(condition=Q(probability__gte=0, probability__lte=1), name="model_probability"),
            models.CheckConstraint(condition=Q(part="champion") | Q(lane=""), name="model_challenger_never_decides"),
        ]
        indexes = [models.Index(fields=["model", "-at"], name="model_score_newest")]


class ModelDrift(models.Model):
    """How far a month lies from what a model learnt: stability index of each feature and of the scores. Append-only."""

    model = models.ForeignKey(Model, on_delete=models.PROTECT, related_name="drifts")
    month = models.DateField(_("month"))
    at = models.DateTimeField(_("at"))
    data = models.JSONField(_("indices"), encoder=DjangoJSONEncoder)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-month", "-pk"]
        constraints = [models.UniqueConstraint(fields=["model", "month"], name="model_drift_once")]
