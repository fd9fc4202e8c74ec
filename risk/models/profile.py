"""What customs hold of a company for a time: an authorised operator, a company to watch, a new one."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lib.validity import HOLDS_ON_A_DAY, in_force, one_value_a_day
from traders.models import Company


class ProfileQuerySet(models.QuerySet["CompanyProfile"]):
    def on(self, date_: date) -> Self:
        """Profiles that were agreed to and hold on the day."""
        return self.filter(in_force(date_), outcome=CompanyProfile.Outcome.AGREED)


def _person(label: Any, **more: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=label, **more
    )


class CompanyProfile(models.Model):
    """A profile of a company, dated. An authorised operator and a watch need a second person; all rows are kept.

    One that was ended on the day it began ends the day before: it held on no day.
    """

    class Kind(models.TextChoices):
        OPERATOR = "aeo", _("authorised economic operator")
        WATCH = "watch", _("to watch")
        NEW = "new", _("new")

    class Outcome(models.TextChoices):
        ASKED = "", _("waits for a second person")
        AGREED = "agreed", _("agreed")
        REFUSED = "refused", _("refused")

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="profiles", verbose_name=_("company"))
    kind = models.CharField(_("kind"), max_length=5, choices=Kind.choices)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    asked_by = _person(_("made by"))
    asked_at = models.DateTimeField(_("made"))
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome.choices, blank=True, default="")
    decided_by = _person(_("decided by"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    ended_by = _person(_("ended by"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=500, blank=True)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("profile of a company")
        verbose_name_plural = _("profiles of companies")
        constraints = [
            one_value_a_day("profile_once_a_day", "company_id", "kind", condition=Q(outcome="agreed") & HOLDS_ON_A_DAY),
            models.CheckConstraint(condition=Q(kind__in=["aeo", "watch", "new"]), name="profile_kind_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="profile_has_a_reason"),
            models.CheckConstraint(
                condition=Q(outcome="", decided_by=None, decided_at=None)
                | Q(outcome__in=["agreed", "refused"], decided_by__isnull=False, decided_at__isnull=False),
                name="profile_decision_complete",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="agreed") | Q(kind="new") | ~Q(decided_by=F("asked_by")),
                name="profile_agreed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None, ended_at=None, end_reason="")
                | Q(ended_by__isnull=False, ended_at__isnull=False) & ~Q(end_reason=""),
                name="profile_end_complete",
            ),
            models.UniqueConstraint(
                fields=["company", "kind"], condition=Q(outcome=""), name="profile_asked_once_a_company"
            ),
        ]
        indexes = [models.Index(fields=["company", "-id"], name="profile_of_company")]

    def __str__(self) -> str:
        return f"{self.company} · {self.get_kind_display()}"
