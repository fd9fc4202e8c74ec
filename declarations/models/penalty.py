"""Fines: what an officer decides that is due beside the charges of the law."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from declarations.models.declaration import Declaration

FINE = "FINE"  # its line among the taxes of a declaration, and its account of revenue


class Penalty(models.Model):
    """A fine on a declaration, under whatever version. Its content never changes; `status` says whether it is owed."""

    class Status(models.TextChoices):
        STANDING = "standing", _("to be paid")
        CONTESTED = "contested", _("contested")
        UPHELD = "upheld", _("upheld")
        DROPPED = "dropped", _("dropped")

    OWED = (Status.STANDING, Status.CONTESTED, Status.UPHELD)

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="penalties")
    mrn = models.CharField("MRN", max_length=18)
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.STANDING)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=4)
    legal_basis = models.CharField(_("legal basis"), max_length=400)
    text = models.TextField(_("for what"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    contest = models.TextField(_("why it is contested"), blank=True)
    contested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("contested by"), null=True
    )
    contested_at = models.DateTimeField(_("contested at"), null=True)
    decision = models.TextField(_("decision"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("decided by"), null=True
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("fine")
        verbose_name_plural = _("fines")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="penalty_positive"),
            models.CheckConstraint(condition=~Q(text="") & ~Q(legal_basis=""), name="penalty_explained"),
            models.CheckConstraint(
                condition=Q(status="standing") | ~Q(contest="") & Q(contested_by__isnull=False),
                name="penalty_contest_explained",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["standing", "contested"])
                | Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=models.F("by")),
                name="penalty_decided_by_another",
            ),
        ]
        indexes = [models.Index(fields=["mrn"], name="penalty_of_mrn")]
