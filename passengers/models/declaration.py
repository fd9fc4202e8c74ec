"""A traveller's declaration: who opens it, where it stands, and its working copy; its history and photographs."""

import uuid
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lib.figures import ZERO


class Status(models.TextChoices):
    """Where a traveller's declaration stands."""

    DRAFT = "draft", _("not sent yet")
    SUBMITTED = "submitted", _("sent")
    TO_PAY = "to_pay", _("to be paid")
    PAID = "paid", _("paid")
    PRESENTED = "presented", _("presented at the post")
    EXAMINED = "examined", _("examined")
    CORRECTED = "corrected", _("corrected by an officer")
    RELEASED = "released", _("released")
    GOODS_KEPT = "goods_kept", _("goods kept at the post")
    GOODS_RETURNED = "goods_returned", _("goods sent back")
    RETAINED = "retained", _("goods retained")
    CANCELLED = "cancelled", _("cancelled")


# The traveller has crossed, with all goods or without those that stayed behind.
CROSSED = (Status.RELEASED, Status.GOODS_KEPT, Status.GOODS_RETURNED, Status.RETAINED)


class TravelDeclaration(models.Model):
    """One form for a traveller or a party. Nobody signs in: `code` with a birth date opens it, until it is presented.

    `draft` is the working copy, as it was typed (see `passengers.content`); each sending makes a version of it that
    stays as it is. What stands beside it is that of the last version: queues read it. Law and exchange rates are those
    of `law_on`, the day on which it was first sent; it is valid until `valid_until`. `paid` is what payments holds for
    it as revenue; payments alone has it written. Since `forgotten_at` it holds totals alone, nothing of a person.
    `saved_keys` are those of the last savings: what a phone sends again, since it never heard an answer, is saved once.
    """

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    code = models.CharField(_("code"), max_length=9, unique=True)
    reference = models.CharField(_("reference"), max_length=16, blank=True)
    status = models.CharField(_("status"), max_length=14, choices=Status.choices, default=Status.DRAFT)
    draft = models.JSONField(_("working copy"), default=dict, encoder=DjangoJSONEncoder)
    draft_version = models.PositiveIntegerField(_("saved so many times"), default=0)
    saved_keys = models.JSONField(default=list, blank=True)
    language = models.CharField(_("language"), max_length=2, default="en")
    submit_key = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(_("version"), default=0)
    direction = models.CharField(_("direction"), max_length=5, blank=True)
    way = models.CharField(_("way of travel"), max_length=5, blank=True)
    post = models.CharField(_("post"), max_length=8, blank=True)
    carriage = models.CharField(_("flight, train or plate"), max_length=30, blank=True)
    travel_day = models.DateField(_("day of travel"), null=True, blank=True)
    channel = models.CharField(_("channel"), max_length=5, blank=True)
    payable = models.DecimalField(_("payable"), max_digits=18, decimal_places=4, default=ZERO)
    paid = models.DecimalField(_("paid"), max_digits=18, decimal_places=4, default=ZERO)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    law_on = models.DateField(_("law of"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    created_at = models.DateTimeField(_("begun"))
    updated_at = models.DateTimeField(_("changed"))
    submitted_at = models.DateTimeField(_("sent"), null=True, blank=True)
    presented_at = models.DateTimeField(_("presented"), null=True, blank=True)
    presented_post = models.CharField(_("presented at"), max_length=8, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    forgotten_at = models.DateTimeField(_("personal content deleted"), null=True, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("traveller's declaration")
        verbose_name_plural = _("travellers' declarations")
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="travel_reference_once", condition=~Q(reference="")),
            models.CheckConstraint(condition=Q(payable__gte=0, paid__gte=0), name="travel_payable_not_negative"),
            models.CheckConstraint(
                condition=Q(version=0, status__in=["draft", "cancelled"])
                | Q(version__gt=0, law_on__isnull=False, valid_until__isnull=False) & ~Q(status="draft"),
                name="travel_sent_has_version",
            ),
        ]
        indexes = [
            models.Index(fields=["post", "travel_day", "status"], name="travel_queue"),
            models.Index(fields=["valid_until"], name="travel_valid", condition=Q(closed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.reference or str(self.public_id)


class Event(models.Model):
    """A row of history: who did what, when, and how the status changed. Append-only. Nobody: the traveller."""

    declaration = models.ForeignKey(TravelDeclaration, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    verb = models.CharField(_("what"), max_length=30)
    old_status = models.CharField(_("status before"), max_length=14, blank=True)
    new_status = models.CharField(_("status after"), max_length=14, blank=True)
    note = models.TextField(_("note"), blank=True)
    data = models.JSONField(_("details"), default=dict, blank=True, encoder=DjangoJSONEncoder)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("event of a traveller's declaration")
        verbose_name_plural = _("events of travellers' declarations")


class Photo(models.Model):
    """A photograph of goods whose price the traveller does not know. It lies under a random name."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    declaration = models.ForeignKey(TravelDeclaration, on_delete=models.PROTECT, related_name="photos")
    name = models.CharField(_("name"), max_length=200)
    file = models.FileField(_("file"), upload_to="travel")
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("photograph")
        verbose_name_plural = _("photographs")
