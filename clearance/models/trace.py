"""What a decision leaves behind: the check of each instruction, and every change of lane with who agreed to it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clearance.models.case import Case, Finding
from risk.models import Criterion, Lane


def person(words: Any, **options: Any) -> Any:
    """Who did it; a link that is never lost."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=words, **options
    )


class InstructionCheck(models.Model):
    """An officer did what a criterion asks for, and says what came of it; the newest of a file counts. Append-only."""

    class Result(models.TextChoices):
        CONFORM = "conform", _("in order")
        DISCREPANCY = "discrepancy", _("discrepancy")
        IMPOSSIBLE = "impossible", _("could not be checked")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="checks")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(_("result"), max_length=11, choices=Result.choices)
    text = models.TextField(_("remark"), blank=True)
    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, null=True, blank=True, related_name="check_of")
    by = person(_("by"))
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("check of an instruction")
        verbose_name_plural = _("checks of instructions")
        constraints = [
            models.CheckConstraint(condition=Q(result="conform") | ~Q(text=""), name="check_explained"),
            models.CheckConstraint(
                condition=Q(result="discrepancy", finding__isnull=False)
                | ~Q(result="discrepancy") & Q(finding__isnull=True),
                name="check_discrepancy_is_a_finding",
            ),
        ]
        indexes = [models.Index(fields=["at"], name="check_impossible_at", condition=Q(result="impossible"))]


class Reroute(models.Model):
    """A file goes to another lane: upwards at a supervisor's word, downwards when a second officer agrees.

    Whoever asked for it or agreed to it does not release the file; a trigger on the file keeps that too.
    """

    class Outcome(models.TextChoices):
        OPEN = "", _("waits for a second officer")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reroutes")
    mrn = models.CharField("MRN", max_length=18)
    office_code = models.CharField(_("office"), max_length=8)
    lane_from = models.CharField(_("from the lane"), max_length=6, choices=Lane.choices)
    lane_to = models.CharField(_("to the lane"), max_length=6, choices=Lane.choices)
    reason = models.TextField(_("reason"))
    asked_by = person(_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome.choices, blank=True, default=Outcome.OPEN)
    answer = models.TextField(_("answer"), blank=True)
    decided_by = person(_("decided by"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("change of lane")
        verbose_name_plural = _("changes of lane")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="reroute_has_a_reason"),
            models.CheckConstraint(condition=~Q(lane_from=F("lane_to")), name="reroute_to_another_lane"),
            models.CheckConstraint(
                condition=Q(outcome="", decided_by=None, decided_at=None)
                | Q(outcome__in=("done", "refused"), decided_by__isnull=False, decided_at__isnull=False),
                name="reroute_decision_complete",
            ),
            models.CheckConstraint(
                condition=~Q(lane_from="red") | ~Q(outcome="done") | ~Q(decided_by=F("asked_by")),
                name="reroute_down_takes_two",
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(outcome=""), name="reroute_open_once"),
        ]
        indexes = [
            models.Index(fields=["mrn"], name="reroute_of_file", condition=Q(outcome="done")),
            models.Index(fields=["office_code"], name="reroute_waits", condition=Q(outcome="")),
            models.Index(fields=["decided_at"], name="reroute_done_at", condition=Q(outcome="done")),
        ]
