"""What is charged on a declaration beside its assessment and its fines: duty that was called, interest, fees."""

import uuid
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from declarations.models.declaration import Declaration


class Levy(models.Model):
    """A charge that came after the assessment, with everything that explains it. Its content never changes.

    `key` names what it is charged for, so that it is charged once. `facts` are the figures it was computed from.
    Until `due` it can be paid without interest. `status` says whether it is owed; another officer may drop it.
    """

    class Kind(models.TextChoices):
        CALLED = "called", _("duty that was called")
        INTEREST = "interest", _("interest for late payment")
        FEE = "fee", _("fee for a service")

    class Status(models.TextChoices):
        OWED = "owed", _("to be paid")
        DROPPED = "dropped", _("dropped")

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=120, unique=True)
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="levies")
    mrn = models.CharField("MRN", max_length=18)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    status = models.CharField(_("status"), max_length=7, choices=Status.choices, default=Status.OWED)
    tax_code = models.CharField(_("tax"), max_length=8)
    tax_name = models.CharField(_("name of the tax"), max_length=250)
    base = models.DecimalField(_("base"), max_digits=20, decimal_places=6)
    rate_text = models.CharField(_("rate"), max_length=250)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=4)
    formula = models.TextField(_("formula"))
    legal_basis = models.CharField(_("legal basis"), max_length=400)
    is_example = models.BooleanField(_("example, not published law"), default=False)
    facts = models.JSONField(_("computed from"), default=dict, encoder=DjangoJSONEncoder)
    text = models.TextField(_("for what"), blank=True)
    due = models.DateField(_("due"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    decision = models.TextField(_("decision"), blank=True)
    dropped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("dropped by")
    )
    dropped_at = models.DateTimeField(_("dropped at"), null=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("charge after the assessment")
        verbose_name_plural = _("charges after the assessment")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0) & ~Q(key=""), name="levy_positive"),
            models.CheckConstraint(condition=~Q(formula="") & ~Q(legal_basis=""), name="levy_explained"),
            models.CheckConstraint(
                condition=Q(status="owed", dropped_by=None, dropped_at=None)
                | Q(status="dropped", dropped_by__isnull=False, dropped_at__isnull=False) & ~Q(decision=""),
                name="levy_dropped_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(by=None) | Q(dropped_by=None) | ~Q(dropped_by=F("by")), name="levy_dropped_by_another"
            ),
        ]
        indexes = [
            models.Index(fields=["mrn"], name="levy_of_mrn"),
            models.Index(fields=["dropped_at"], name="levy_dropped_at", condition=Q(status="dropped")),
        ]
