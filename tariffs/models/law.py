"""What the law charges: acts, taxes, measures with rate texts, and exchange rates."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customs_portal.lib.validity import one_value_a_day
from tariffs.models.codes import Dated, Named


class LegalAct(models.Model):
    """An act of law that a tax or measure rests on."""

    number = models.CharField(_("number"), max_length=60, unique=True)
    date = models.DateField(_("date"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=300)
    title_ru = models.CharField(_("title in Russian"), max_length=300, blank=True)
    title_tg = models.CharField(_("title in Tajik"), max_length=300, blank=True)
    link = models.URLField(_("link"), blank=True)

    class Meta:
        ordering = ["-date", "number"]
        verbose_name = _("legal act")
        verbose_name_plural = _("legal acts")

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Tax(Dated, Named):
    """A duty, tax or fee as box 47 lists it: what its base is, when it is computed, how it is rounded.

    An ad-valorem part applies to `customs value (if base_includes_value) + base_taxes + base_adjustment`.
    A tax `per_declaration` is charged once, on the declaration's total customs value.
    """

    class Scope(models.TextChoices):
        ITEM = "item", _("each item")
        DECLARATION = "declaration", _("the declaration")

    class Flow(models.TextChoices):
        IMPORT = "import", _("import")
        EXPORT = "export", _("export")
        BOTH = "both", _("both")

    class Rounding(models.TextChoices):
        HALF_UP = "half_up", _("half up")
        UP = "up", _("up to the next unit")
        DOWN = "down", _("down")

    code = models.CharField(_("code"), max_length=8)
    sequence = models.PositiveSmallIntegerField(_("order of computation"))
    scope = models.CharField(_("charged on"), max_length=12, choices=Scope.choices, default=Scope.ITEM)
    flow = models.CharField(_("flow"), max_length=6, choices=Flow.choices, default=Flow.IMPORT)
    base_includes_value = models.BooleanField(_("base includes the customs value"), default=True)
    base_taxes = ArrayField(
        models.CharField(max_length=8), verbose_name=_("base includes taxes"), default=list, blank=True
    )
    base_adjustment = models.DecimalField(_("added to the base"), max_digits=18, decimal_places=4, default=0)
    decimals = models.PositiveSmallIntegerField(_("decimals of the amount"), default=2)
    rounding = models.CharField(_("rounding"), max_length=8, choices=Rounding.choices, default=Rounding.HALF_UP)
    is_suspended = models.BooleanField(_("secured, not paid, under a suspending procedure"), default=True)
    legal_act = models.ForeignKey(LegalAct, on_delete=models.PROTECT, related_name="taxes", verbose_name=_("legal act"))

    class Meta:
        ordering = ["sequence", "code"]
        verbose_name = _("tax")
        verbose_name_plural = _("taxes")
        constraints = [
            one_value_a_day("tax_once_a_day", "code"),
            one_value_a_day("tax_sequence_once_a_day", "sequence"),
        ]


class Measure(Dated):
    """A rate of a tax for goods. Of several that fit, `tariffs.selectors` takes one; additive ones come on top.

    The one for a procedure goes before the one without, then a preference or paper, then the more exact origin;
    among equals the longest commodity prefix wins. `origin` is a country, a country group, or empty (any).
    `procedure` is a prefix of box 37. A measure with `preference` or `document_code` applies only where the item
    claims that preference or carries that paper. `rate_text` is kept as the law writes it and was readable when it
    was loaded.
    """

    tax_code = models.CharField(_("tax"), max_length=8, db_index=True)
    commodity_prefix = models.CharField(_("commodity"), max_length=11, blank=True)
    origin = models.CharField(_("origin"), max_length=8, blank=True)
    procedure = models.CharField(_("procedure"), max_length=4, blank=True)
    national_procedure = models.CharField(_("national procedure"), max_length=4, blank=True)
    preference = models.CharField(_("preference"), max_length=8, blank=True)
    document_code = models.CharField(_("document"), max_length=5, blank=True)
    rate_text = models.CharField(_("rate"), max_length=250)
    additive = models.BooleanField(_("added to other measures"), default=False)
    is_example = models.BooleanField(_("example, not published law"), default=False)
    legal_act = models.ForeignKey(
        LegalAct, on_delete=models.PROTECT, related_name="measures", verbose_name=_("legal act")
    )

    class Meta:
        ordering = ["tax_code", "commodity_prefix", "origin", "valid_from"]
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        constraints = [
            one_value_a_day(
                "measure_once_a_day",
                "tax_code",
                "commodity_prefix",
                "origin",
                "procedure",
                "national_procedure",
                "preference",
                "document_code",
                "additive",
            ),
            models.CheckConstraint(condition=Q(commodity_prefix__regex=r"^\d{0,11}$"), name="measure_prefix_digits"),
            models.CheckConstraint(condition=~Q(rate_text=""), name="measure_rate_not_empty"),
        ]
        indexes = [models.Index(fields=["commodity_prefix", "valid_from"], name="measure_lookup")]

    def __str__(self) -> str:
        return f"{self.tax_code} {self.commodity_prefix or '*'} {self.origin} {self.rate_text}"


class ExchangeRate(Dated):
    """National currency units for `nominal` units of `currency`, as the central bank publishes them."""

    currency = models.CharField(_("currency"), max_length=3)
    nominal = models.PositiveIntegerField(_("for how many units"), default=1)
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8)
    source = models.CharField(_("source"), max_length=120, blank=True)
    is_example = models.BooleanField(_("example, not a published rate"), default=False)

    class Meta:
        ordering = ["currency", "-valid_from"]
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = [
            one_value_a_day("exchange_rate_once_a_day", "currency"),
            models.CheckConstraint(condition=Q(rate__gt=0, nominal__gt=0), name="exchange_rate_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.nominal} {self.currency} = {self.rate} ({self.valid_from})"
