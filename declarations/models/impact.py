"""What a change of the tariff would have meant for past declarations: asked for, and answered. Both only grow."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ImpactReport(models.Model):
    """Somebody asked what a change set, as it stood in `version`, means for the `last` lodged declarations."""

    change_set = models.ForeignKey("tariff_changes.ChangeSet", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(_("version of the change set"))
    last = models.PositiveIntegerField(_("declarations"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"))

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("impact of a change set")
        verbose_name_plural = _("impacts of change sets")
        constraints = [models.CheckConstraint(condition=Q(last__gte=1, last__lte=5000), name="impact_last_in_bounds")]

    def __str__(self) -> str:
        return f"{self.change_set_id} v{self.version} {self.last}"


class ImpactResult(models.Model):
    """The answer: sums without and with the set, as `declarations.services.trial` makes them; or why there is none."""

    report = models.OneToOneField(ImpactReport, on_delete=models.PROTECT, related_name="result")
    at = models.DateTimeField(_("at"))
    data = models.JSONField(_("result"), encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("result of an impact")
        verbose_name_plural = _("results of impacts")
