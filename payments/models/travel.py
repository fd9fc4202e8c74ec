"""Travellers pay without an account: their tries at the bank's page, what was taken, what goes back to a card."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from passengers.models import TravelDeclaration
from payments.models.money import Attempt, Entry, money_field


class TravelAttempt(models.Model):
    """A try to pay a traveller's declaration at the bank's hosted page, by whoever holds the card.

    What arrives is owed to the payer (the account of refunds payable) until it pays the declaration or goes back.
    """

    Status = Attempt.Status
    OPEN = Attempt.OPEN

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    idempotency_key = models.CharField(max_length=120, unique=True)
    declaration = models.ForeignKey(
        TravelDeclaration, on_delete=models.PROTECT, related_name="attempts", verbose_name=_("traveller's declaration")
    )
    amount = money_field(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    status = models.CharField(_("status"), max_length=9, choices=Attempt.Status.choices, default=Attempt.Status.CREATED)
    bank_reference = models.CharField(_("the bank's reference"), max_length=60, blank=True)
    redirect_url = models.URLField(max_length=500, blank=True)
    created_at = models.DateTimeField(_("begun"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("traveller's payment at the bank")
        verbose_name_plural = _("travellers' payments at the bank")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="travel_attempt_amount_positive"),
            models.CheckConstraint(
                condition=Q(status__in=["created", "pending", "succeeded", "failed", "expired"]),
                name="travel_attempt_status_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], name="travel_attempt_open", condition=Q(status__in=["created", "pending"])
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class TravelPayment(models.Model):
    """Money taken for a traveller's declaration. Append-only; `entry` says for which taxes."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    declaration = models.ForeignKey(TravelDeclaration, on_delete=models.PROTECT, related_name="payments")
    attempt = models.ForeignKey(TravelAttempt, on_delete=models.PROTECT, related_name="payments")
    version = models.PositiveIntegerField(_("version"))
    amount = money_field(_("amount"))
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="travel_payment")
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("traveller's payment")
        verbose_name_plural = _("travellers' payments")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="travel_payment_positive")]


class TravelRefund(models.Model):
    """Money that goes back to the card of an attempt: asked of the bank once, booked when the bank has sent it."""

    class Status(models.TextChoices):
        ORDERED = "ordered", _("on its way to the card")
        DONE = "done", _("sent back to the card")

    class Reason(models.TextChoices):
        NOT_DUE = "not_due", _("paid twice, or more than was due")
        LESS_DUE = "less_due", _("less is due after a change")
        CANCELLED = "cancelled", _("the declaration was cancelled")
        LEFT_AGAIN = "left", _("the goods left the country again")

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    idempotency_key = models.CharField(max_length=120, unique=True)
    attempt = models.ForeignKey(TravelAttempt, on_delete=models.PROTECT, related_name="refunds")
    amount = money_field(_("amount"))
    reason = models.CharField(_("reason"), max_length=9, choices=Reason.choices)
    status = models.CharField(_("status"), max_length=7, choices=Status.choices, default=Status.ORDERED)
    at = models.DateTimeField(_("ordered"))
    done_at = models.DateTimeField(_("sent back"), null=True, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("refund to a traveller")
        verbose_name_plural = _("refunds to travellers")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="travel_refund_positive")]
        indexes = [models.Index(fields=["at"], name="travel_refund_ordered", condition=Q(status="ordered"))]
