"""The value control table: what goods of a code and origin were declared at, counted anew each night.

It tells an officer what is usual. It is never a reference price: nothing that computes a duty reads it.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

FIGURES = ("least", "p5", "p10", "p25", "p50", "p75", "p90", "mean", "most")


def _figure(label: Any) -> Any:
    return models.DecimalField(label, max_digits=24, decimal_places=6)


class ValueGeneration(models.Model):
    """The table as of a day: declarations lodged in the twelve months before `on`. It is replaced as a whole."""

    on = models.DateField(_("as of"), unique=True)
    since = models.DateField(_("declarations since"))
    at = models.DateTimeField(_("computed"))
    declarations = models.PositiveIntegerField(_("declarations"), default=0)
    rows = models.PositiveIntegerField(_("rows"), default=0)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-on"]
        verbose_name = _("value control table")
        verbose_name_plural = _("value control tables")


class ValueRow(models.Model):
    """One line of the table: a code of 10, 8 or 6 digits, an origin (empty: every origin), and what is measured.

    Values are in national currency for a kilogram net or a supplementary unit, masses in kilograms for such a unit.
    `count` is how many declarations there were; there is no line with fewer than `values.LEAST` of them.
    """

    class Measure(models.TextChoices):
        KILOGRAM = "kg", _("value per kilogram")
        UNIT = "unit", _("value per supplementary unit")
        MASS = "mass", _("net mass per supplementary unit")

    generation = models.ForeignKey(ValueGeneration, on_delete=models.PROTECT, related_name="lines")
    flow = models.CharField(_("flow"), max_length=6, choices=[("import", _("import")), ("export", _("export"))])
    code = models.CharField(_("commodity code"), max_length=10)
    origin = models.CharField(_("origin"), max_length=2, blank=True)
    measure = models.CharField(_("measure"), max_length=4, choices=Measure.choices)
    unit = models.CharField(_("unit"), max_length=4, blank=True)
    count = models.PositiveIntegerField(_("declarations"))
    least = _figure(_("least"))
    p5 = _figure(_("5th percentile"))
    p10 = _figure(_("10th percentile"))
    p25 = _figure(_("25th percentile"))
    p50 = _figure(_("median"))
    p75 = _figure(_("75th percentile"))
    p90 = _figure(_("90th percentile"))
    mean = _figure(_("mean"))
    most = _figure(_("most"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["code", "origin", "measure", "unit", "flow"]
        verbose_name = _("line of the value control table")
        verbose_name_plural = _("lines of the value control table")
        constraints = [
            models.UniqueConstraint(
                fields=["generation", "code", "flow", "origin", "measure", "unit"], name="value_row_once"
            )
        ]
