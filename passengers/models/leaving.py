"""At the way out: cash of the entry that is taken out again, and what was paid for goods that leave again."""

import uuid
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lib.figures import ZERO
from passengers.models.declaration import TravelDeclaration
from passengers.models.version import CashRow


class CashOut(models.Model):
    """So much of a row of cash that was declared on entry went out with an exit. Append-only.

    A trigger refuses more than the row had.
    """

    row = models.ForeignKey(CashRow, on_delete=models.PROTECT, related_name="taken")
    declaration = models.ForeignKey(TravelDeclaration, on_delete=models.PROTECT, related_name="cash_out")
    amount = models.DecimalField(_("amount"), max_digits=20, decimal_places=4)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("cash of the entry that went out")
        verbose_name_plural = _("cash of entries that went out")
        constraints = [
            models.UniqueConstraint(fields=["row", "declaration"], name="travel_cash_out_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="travel_cash_out_positive"),
        ]


class ExitClaim(models.Model):
    """The traveller asks back what was paid for goods that leave again; an officer at the exit sees them.

    `goods` are places in the list of goods (from 1). `amount` is known once it is confirmed; its shares by tax are
    `ClaimShare`, and payments gives them back.
    """

    class Status(models.TextChoices):
        CLAIMED = "claimed", _("to be confirmed at the exit")
        CONFIRMED = "confirmed", _("confirmed: the money goes back")
        REFUSED = "refused", _("refused")

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    declaration = models.ForeignKey(TravelDeclaration, on_delete=models.PROTECT, related_name="claims")
    goods = models.JSONField(_("goods"), default=list, encoder=DjangoJSONEncoder)
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.CLAIMED)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=4, default=ZERO)
    claimed_at = models.DateTimeField(_("claimed"))
    post = models.CharField(_("post"), max_length=8, blank=True)
    decision = models.CharField(_("decision"), max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("claim at the exit")
        verbose_name_plural = _("claims at the exit")
        constraints = [
            models.UniqueConstraint(
                fields=["declaration"], condition=Q(status="claimed"), name="travel_claim_one_open"
            ),
            models.CheckConstraint(
                condition=Q(status="confirmed", amount__gt=0) | Q(status__in=["claimed", "refused"], amount=0),
                name="travel_claim_amount_when_confirmed",
            ),
        ]


class ClaimShare(models.Model):
    """What of a confirmed claim goes back by one tax, and why that sum. Append-only."""

    claim = models.ForeignKey(ExitClaim, on_delete=models.PROTECT, related_name="shares")
    tax_code = models.CharField(_("tax"), max_length=8)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=4)
    formula = models.CharField(_("formula"), max_length=250)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["claim_id", "tax_code"]
        verbose_name = _("share of a claim")
        verbose_name_plural = _("shares of claims")
        constraints = [
            models.UniqueConstraint(fields=["claim", "tax_code"], name="travel_claim_share_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="travel_claim_share_positive"),
        ]
