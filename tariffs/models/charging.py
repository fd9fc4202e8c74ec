"""The law of what is charged beside duties and taxes: interest for late payment, and fees for services of customs."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lib.validity import one_value_a_day
from tariffs.models.coded import CodedLaw

INTEREST = "INTEREST"  # its line among the taxes of a declaration, and its account of revenue


class InterestRate(CodedLaw):
    """Interest on what is paid late: `percent` of it for each `days` days.

    What becomes due after release is to be paid within `term_days` days; from the day after, each day bears interest.
    """

    LATE = "LATE"

    percent = models.DecimalField(_("per cent"), max_digits=12, decimal_places=6)
    days = models.PositiveSmallIntegerField(_("for so many days"))
    term_days = models.PositiveSmallIntegerField(_("days to pay in"), default=0)

    class Meta:
        ordering = ["code", "valid_from"]
        verbose_name = _("interest rate")
        verbose_name_plural = _("interest rates")
        constraints = [
            one_value_a_day("interest_rate_once_a_day", "code"),
            models.CheckConstraint(condition=Q(percent__gte=0, days__gt=0), name="interest_rate_counts"),
        ]


class ServiceFee(CodedLaw):
    """A fee for a service: `amount` for each unit beyond the `free` ones, and for each begun `for_kg` kilograms.

    `code` is also the line under which it is booked. `for_kg` 0: whatever the mass. Never less than `least`.
    """

    class Unit(models.TextChoices):
        DAY = "day", _("day")
        HOUR = "hour", _("hour")
        PIECE = "piece", _("piece")

    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=4)
    unit = models.CharField(_("for each"), max_length=5, choices=Unit.choices)
    free = models.PositiveSmallIntegerField(_("free units"), default=0)
    for_kg = models.PositiveIntegerField(_("for so many kilograms"), default=0)
    least = models.DecimalField(_("no less than"), max_digits=18, decimal_places=4, default=0)

    class Meta:
        ordering = ["code", "valid_from"]
        verbose_name = _("fee for a service")
        verbose_name_plural = _("fees for services")
        constraints = [
            one_value_a_day("service_fee_once_a_day", "code"),
            models.CheckConstraint(condition=Q(amount__gt=0, least__gte=0), name="service_fee_positive"),
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z0-9]{1,8}$"), name="service_fee_code"),
        ]
