"""What an examination gathers beside its findings: photographs, samples, and who was there."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clearance.models.case import Examination, Finding
from clearance.models.trace import person


class ExaminationPhoto(models.Model):
    """A photograph, made small, under a random name; `key` is the phone's: sent twice it is there once. Append-only."""

    examination = models.ForeignKey(Examination, on_delete=models.PROTECT, related_name="photos")
    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    key = models.UUIDField(_("key"), unique=True)
    file = models.FileField(_("file"), upload_to="examinations")
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    by = person(_("by"))
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("photograph of an examination")
        verbose_name_plural = _("photographs of examinations")


class Sample(models.Model):
    """A sample that was taken, and once what the laboratory says of it. A discrepancy is a finding of its own."""

    examination = models.ForeignKey(Examination, on_delete=models.PROTECT, related_name="samples")
    key = models.UUIDField(_("key"), unique=True)
    item_number = models.PositiveSmallIntegerField(_("item"), default=0)
    number = models.CharField(_("number or seal of the sample"), max_length=60)
    quantity = models.CharField(_("how much was taken"), max_length=60)
    laboratory = models.CharField(_("laboratory"), max_length=200)
    question = models.CharField(_("what is asked"), max_length=400)
    taken_by = person(_("taken by"))
    taken_at = models.DateTimeField(_("taken"))
    conforms = models.BooleanField(_("conforms"), null=True, blank=True)
    result = models.TextField(_("result"), blank=True)
    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, null=True, blank=True, related_name="sample")
    result_by = person(_("result recorded by"), null=True, blank=True)
    result_at = models.DateTimeField(_("result recorded"), null=True, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("sample")
        verbose_name_plural = _("samples")
        constraints = [
            models.CheckConstraint(
                condition=Q(conforms=None, result="", finding=None, result_by=None, result_at=None)
                | Q(conforms=True, finding=None, result_by__isnull=False, result_at__isnull=False) & ~Q(result="")
                | Q(conforms=False, finding__isnull=False, result_by__isnull=False, result_at__isnull=False)
                & ~Q(result=""),
                name="sample_result_complete",
            )
        ]


class Presence(models.Model):
    """Who was there at an examination, and how that person signed. Append-only."""

    class Capacity(models.TextChoices):
        DECLARANT = "declarant", _("declarant or its representative")
        CARRIER = "carrier", _("carrier")
        WAREHOUSE = "warehouse", _("keeper of the warehouse")
        AUTHORITY = "authority", _("another authority")
        WITNESS = "witness", _("witness")

    class Signed(models.TextChoices):
        DRAWN = "drawn", _("signed on the screen")
        PAPER = "paper", _("signed on paper")
        REFUSED = "refused", _("refused to sign")

    examination = models.ForeignKey(Examination, on_delete=models.PROTECT, related_name="presences")
    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    key = models.UUIDField(_("key"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    capacity = models.CharField(_("as"), max_length=10, choices=Capacity.choices)
    signed = models.CharField(_("signature"), max_length=7, choices=Signed.choices)
    remark = models.CharField(_("remark"), max_length=400, blank=True)
    signature = models.FileField(_("signature"), upload_to="examinations", blank=True)
    by = person(_("by"))
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("person at an examination")
        verbose_name_plural = _("persons at examinations")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="presence_named"),
            models.CheckConstraint(condition=~Q(signed="refused") | ~Q(remark=""), name="presence_refusal_explained"),
            models.CheckConstraint(
                condition=Q(signed="drawn") & ~Q(signature="") | ~Q(signed="drawn") & Q(signature=""),
                name="presence_drawn_has_a_picture",
            ),
        ]
