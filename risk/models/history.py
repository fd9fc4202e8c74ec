"""What is known of a company's past, kept so that scoring asks by key: first uses, and counts by day.

Made from lodged declarations and outcomes in the background (`services.history`), and of use as of any past moment.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from traders.models import Company


class FirstUse(models.Model):
    """When a company first declared something, and in which declaration.

    `value` is the heading (four digits), the origin, or the first line of the other party's name; for the first
    declaration of all it is empty and so is `flow`.
    """

    class Kind(models.TextChoices):
        DECLARATION = "first", _("declaration")
        HEADING = "heading", _("heading")
        ORIGIN = "origin", _("origin")
        SENDER = "sender", _("other party")

    trader = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    flow = models.CharField(max_length=6, blank=True)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    value = models.CharField(max_length=70, blank=True)
    at = models.DateTimeField(_("lodged"))
    mrn = models.CharField("MRN", max_length=18)

    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("first use")
        verbose_name_plural = _("first uses")
        constraints = [models.UniqueConstraint(fields=["trader", "flow", "kind", "value"], name="first_use_once")]


class CompanyDay(models.Model):
    """How many declarations a company lodged on a day, and how many examinations then found a discrepancy."""

    trader = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField(_("day"))
    declarations = models.PositiveIntegerField(_("declarations"), default=0)
    discrepancies = models.PositiveIntegerField(_("discrepancies"), default=0)

    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("day of a company")
        verbose_name_plural = _("days of companies")
        constraints = [models.UniqueConstraint(fields=["trader", "day"], name="company_day_once")]


class HistoryUpTo(models.Model):
    """Up to which moment scores and outcomes are in the history: one row, moved on by each run."""

    upto = models.DateTimeField(_("up to"))

    objects: Any = models.Manager()
