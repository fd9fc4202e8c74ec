"""What was sent: content word for word, and its rows for search, queues and totals. All of it is append-only."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from passengers.models.declaration import TravelDeclaration


class Channel(models.TextChoices):
    """Which way a traveller goes."""

    GREEN = "green", _("green channel")
    PAY = "pay", _("red channel: a sum is due")
    RED = "red", _("red channel: to be shown")


class Version(models.Model):
    """A declaration as it was sent by the traveller (`by` empty) or corrected by an officer, with the answer to it.

    `findings` are what has to be shown, brought or left, as `passengers.judgement` tells them.
    """

    declaration = models.ForeignKey(TravelDeclaration, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField(_("content"), encoder=DjangoJSONEncoder)
    sha256 = models.CharField("SHA-256", max_length=64)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    law_on = models.DateField(_("law of"))
    channel = models.CharField(_("channel"), max_length=5, choices=Channel.choices)
    payable = models.DecimalField(_("payable"), max_digits=18, decimal_places=4)
    currency = models.CharField(_("currency"), max_length=3)
    findings = models.JSONField(_("findings"), default=list, encoder=DjangoJSONEncoder)
    carried = models.JSONField(_("counted against limits"), default=list, encoder=DjangoJSONEncoder)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["declaration_id", "number"]
        verbose_name = _("version of a traveller's declaration")
        verbose_name_plural = _("versions of travellers' declarations")
        constraints = [
            models.UniqueConstraint(fields=["declaration", "number"], name="travel_version_once"),
            models.CheckConstraint(condition=Q(by__isnull=True) | ~Q(reason=""), name="travel_correction_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.declaration_id}/{self.number}"


class Traveller(models.Model):
    """A person of a version, names exactly as written; `search` holds them folded for search."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="travellers")
    position = models.PositiveSmallIntegerField(_("number"))
    family_name = models.CharField(_("family name"), max_length=200, blank=True)
    given_name = models.CharField(_("given name"), max_length=200, blank=True)
    patronymic = models.CharField(_("patronymic"), max_length=200, blank=True)
    search = models.CharField(max_length=800, blank=True)
    birth_date = models.DateField(_("date of birth"))
    citizenship = models.CharField(_("citizenship"), max_length=2, blank=True)
    document_kind = models.CharField(_("kind of document"), max_length=10, blank=True)
    document_number = models.CharField(_("number of the document"), max_length=30, blank=True)
    document_country = models.CharField(_("issued by"), max_length=2, blank=True)
    residence = models.CharField(_("country of residence"), max_length=2, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["version_id", "position"]
        verbose_name = _("traveller")
        verbose_name_plural = _("travellers")
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="traveller_once")]
        indexes = [models.Index(fields=["document_number", "document_country"], name="traveller_document")]

    def __str__(self) -> str:
        return " ".join(part for part in (self.family_name, self.given_name, self.patronymic) if part)


class CashRow(models.Model):
    """Cash, a bearer instrument or gold of a version."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="cash")
    traveller = models.ForeignKey(Traveller, on_delete=models.PROTECT, related_name="cash")
    kind = models.CharField(_("what"), max_length=6)
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.DecimalField(_("amount"), max_digits=20, decimal_places=4)
    details = models.JSONField(_("details"), default=dict, encoder=DjangoJSONEncoder)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["version_id", "pk"]
        verbose_name = _("cash of a traveller")
        verbose_name_plural = _("cash of travellers")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="travel_cash_row_positive")]


class Vehicle(models.Model):
    """A vehicle of a version, its purpose, and the last day on which it has to be gone."""

    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="vehicle")
    kind = models.CharField(_("kind"), max_length=20)
    make = models.CharField(_("make and model"), max_length=80, blank=True)
    vin = models.CharField("VIN", max_length=30, blank=True)
    plate = models.CharField(_("plate"), max_length=20, blank=True)
    country = models.CharField(_("country of the plate"), max_length=2, blank=True)
    purpose = models.CharField(_("purpose"), max_length=10)
    leave_by = models.DateField(_("to leave by"), null=True, blank=True)

    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("vehicle of a traveller")
        verbose_name_plural = _("vehicles of travellers")
        indexes = [models.Index(fields=["leave_by"], name="travel_vehicle_leaves")]


class Charge(models.Model):
    """One sum of a version with everything that explains it; `traveller` empty: of the party together."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="charges")
    sequence = models.PositiveSmallIntegerField(_("order"))
    traveller = models.ForeignKey(Traveller, on_delete=models.PROTECT, null=True, blank=True, related_name="charges")
    allowance = models.CharField(_("allowance"), max_length=20)
    allowance_name = models.CharField(_("name of the allowance"), max_length=250)
    good = models.PositiveSmallIntegerField(_("good"), null=True, blank=True)
    tax_code = models.CharField(_("tax"), max_length=8)
    tax_name = models.CharField(_("name of the tax"), max_length=250)
    base = models.DecimalField(_("base"), max_digits=20, decimal_places=6)
    rate_text = models.CharField(_("rate"), max_length=250)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=4)
    formula = models.TextField(_("formula"))
    legal_basis = models.CharField(_("legal basis"), max_length=400)
    exchange_rates = models.JSONField(_("exchange rates"), default=list, blank=True, encoder=DjangoJSONEncoder)
    is_example = models.BooleanField(_("example, not published law"), default=False)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["version_id", "sequence"]
        verbose_name = _("charge of a traveller")
        verbose_name_plural = _("charges of travellers")
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="travel_charge_not_negative")]


class AllowanceUse(models.Model):
    """How much of an allowance a traveller used by a version; it counts for the period once that is released."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="uses")
    traveller = models.ForeignKey(Traveller, on_delete=models.PROTECT, related_name="uses")
    allowance = models.CharField(_("allowance"), max_length=20)
    quantity = models.DecimalField(_("quantity"), max_digits=20, decimal_places=6)

    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("use of an allowance")
        verbose_name_plural = _("uses of allowances")
