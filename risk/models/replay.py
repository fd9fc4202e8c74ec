"""What criteria would have done to what is past: a replay, its progress and its result."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from risk.models.criterion import About, Criterion


class Replay(models.Model):
    """A version tried on what was scored in the last days; without a version, all criteria in force.

    `done` of `total` is the progress, `cursor` the key of the last one looked at: who goes on begins there. `data`, as
    far as it was counted: total, hits, selected, changed (other lane), before and after by lane of what it meets,
    sample; of all criteria, `codes` with the figures of each. Once it has ended it never changes.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("is being worked out")
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped")

    criterion = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, null=True, blank=True, related_name="replays", verbose_name=_("criterion")
    )
    about = models.CharField(_("scores"), max_length=12, choices=About.choices, default=About.DECLARATIONS)
    days = models.PositiveSmallIntegerField(_("days"))
    status = models.CharField(_("status"), max_length=7, choices=Status.choices, default=Status.WAITING)
    total = models.PositiveIntegerField(_("to look at"), null=True, blank=True)
    done = models.PositiveIntegerField(_("looked at"), default=0)
    cursor = models.BigIntegerField(_("last looked at"), null=True, blank=True)
    data = models.JSONField(_("result"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    asked_at = models.DateTimeField(_("asked"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("replay")
        verbose_name_plural = _("replays")
        constraints = [
            models.UniqueConstraint(
                fields=["criterion", "about"], condition=Q(status="waiting"), nulls_distinct=False,
                name="replay_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(status="waiting", done_at=None) | (~Q(status="waiting") & Q(done_at__isnull=False)),
                name="replay_ended_has_instant",
            ),
        ]  # fmt: skip
