"""A vehicle that may stay for a term: from its entry until it leaves or becomes the subject of a declaration."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from passengers.models.declaration import TravelDeclaration
from passengers.models.version import Vehicle


class VehicleStay(models.Model):
    """Temporary import of a vehicle by a traveller; begun by the release of its entry.

    `leave_by` only grows, by extensions. `plate_key` is the plate without spaces and dashes. `phone` and `email` are
    for the reminder alone, if they were left; `reminded_for` is the last day that was reminded of. `declared_as` is the
    ordinary declaration that was begun for it.
    """

    class Status(models.TextChoices):
        HERE = "here", _("in the country")
        LEFT = "left", _("has left")
        CONVERTED = "converted", _("declared for home use")

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    vehicle = models.OneToOneField(Vehicle, on_delete=models.PROTECT, related_name="stay")
    declaration = models.ForeignKey(TravelDeclaration, on_delete=models.PROTECT, related_name="stays")
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.HERE)
    make = models.CharField(_("make and model"), max_length=80, blank=True)
    plate = models.CharField(_("plate"), max_length=20, blank=True)
    plate_key = models.CharField(max_length=20, blank=True)
    vin = models.CharField("VIN", max_length=30, blank=True)
    country = models.CharField(_("country of the plate"), max_length=2, blank=True)
    post = models.CharField(_("post of entry"), max_length=8)
    begun_on = models.DateField(_("entered on"))
    leave_by = models.DateField(_("to leave by"))
    phone = models.CharField(_("telephone"), max_length=16, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    reminded_for = models.DateField(_("reminded of"), null=True, blank=True)
    declared_as = models.UUIDField(_("declaration"), null=True, blank=True, unique=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    ended_post = models.CharField(_("post of exit"), max_length=8, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: Any = models.Manager()

    class Meta:
        ordering = ["leave_by", "pk"]
        verbose_name = _("stay of a vehicle")
        verbose_name_plural = _("stays of vehicles")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=["here", "left", "converted"]), name="stay_status_known"),
            models.CheckConstraint(
                condition=Q(status="here", ended_on=None) | ~Q(status="here") & Q(ended_on__isnull=False),
                name="stay_ended_has_day",
            ),
            models.CheckConstraint(condition=Q(leave_by__gte=F("begun_on")), name="stay_leaves_after_it_came"),
        ]
        indexes = [
            models.Index(fields=["leave_by"], name="stay_here_until", condition=Q(status="here")),
            models.Index(fields=["plate_key"], name="stay_plate"),
            models.Index(fields=["vin"], name="stay_vin"),
        ]

    def __str__(self) -> str:
        return self.plate or str(self.public_id)


class StayExtension(models.Model):
    """The traveller asks for a longer stay; an officer grants a day (`until`) or refuses, with a reason."""

    class Outcome(models.TextChoices):
        OPEN = "", _("waits for an officer")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")

    stay = models.ForeignKey(VehicleStay, on_delete=models.PROTECT, related_name="extensions")
    asked_until = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=500)
    asked_at = models.DateTimeField(_("asked"))
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome.choices, blank=True, default=Outcome.OPEN)
    until = models.DateField(_("granted until"), null=True, blank=True)
    decision = models.CharField(_("decision"), max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("extension of a stay")
        verbose_name_plural = _("extensions of stays")
        constraints = [
            models.UniqueConstraint(fields=["stay"], condition=Q(outcome=""), name="stay_extension_one_open"),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at=None, until=None)
                | Q(outcome="granted", decided_at__isnull=False, until__isnull=False)
                | Q(outcome="refused", decided_at__isnull=False, until=None),
                name="stay_extension_decision_complete",
            ),
        ]


class StayConsequence(models.Model):
    """What came of a vehicle that stayed too long: said by an officer. Append-only."""

    class Kind(models.TextChoices):
        WARNING = "warning", _("warning")
        PROTOCOL = "protocol", _("protocol of an offence")
        EXCUSED = "excused", _("excused: illness, accident, force majeure")

    stay = models.ForeignKey(VehicleStay, on_delete=models.PROTECT, related_name="consequences")
    kind = models.CharField(_("what"), max_length=8, choices=Kind.choices)
    number = models.CharField(_("number of the paper"), max_length=40, blank=True)
    text = models.CharField(_("explanation"), max_length=500)
    days_over = models.PositiveIntegerField(_("days too long"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("consequence of a stay")
        verbose_name_plural = _("consequences of stays")
        constraints = [models.CheckConstraint(condition=Q(days_over__gt=0), name="stay_consequence_of_days")]
