"""What the law charges: acts, taxes, measures with rate texts, and exchange rates."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from lib.languages import in_language
from lib.validity import one_value_a_day
from tariffs.models.codes import Dated, DatedQuerySet, Named

# An open end as the index of measures writes it.
LAST_DAY = Coalesce("valid_to", models.Value(date.max, output_field=models.DateField()))


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
        return f"{self.number} {in_language(self, 'title')}"


class Flow(models.TextChoices):
    """Which way the goods cross the border."""

    IMPORT = "import", _("import")
    EXPORT = "export", _("export")
    BOTH = "both", _("both")


class Tax(Dated, Named):
    """A duty, tax or fee as box 47 lists it: what its base is, when it is computed, how it is rounded.

    An ad-valorem part applies to `customs value (if base_includes_value) + base_taxes + base_adjustment`, and to
    `missing_adjustment` for each of `base_taxes` that the item does not have.
    A tax `per_declaration` is charged once, on the declaration's total customs value.
    """

    class Scope(models.TextChoices):
        ITEM = "item", _("each item")
        DECLARATION = "declaration", _("the declaration")

    Flow = Flow

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
    missing_adjustment = models.DecimalField(
        _("added to the base for each of these taxes that is not charged"), max_digits=18, decimal_places=4, default=0
    )
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


class Quota(Dated):
    """A tariff quota: so much of the goods may come in at the measure's rate while the balance lasts.

    One row for each period; `number` is what box 39 of a declaration names. `volume` counts in `unit` (UNECE Rec 20).
    `drawn` is the sum of the draws. A trigger alone writes it, and it cannot leave 0 to `volume`: what is asked for
    beyond the balance is refused by the database, whoever asks.
    """

    number = models.CharField(_("order number"), max_length=17)
    volume = models.DecimalField(_("volume"), max_digits=20, decimal_places=6)
    drawn = models.DecimalField(_("drawn"), max_digits=20, decimal_places=6, default=0, editable=False)
    unit = models.CharField(_("unit"), max_length=4)
    name = models.CharField(_("name"), max_length=250)
    name_ru = models.CharField(_("name in Russian"), max_length=250, blank=True)
    name_tg = models.CharField(_("name in Tajik"), max_length=250, blank=True)
    legal_act = models.ForeignKey(
        LegalAct, on_delete=models.PROTECT, related_name="quotas", verbose_name=_("legal act")
    )

    class Meta:
        ordering = ["number", "valid_from"]
        verbose_name = _("tariff quota")
        verbose_name_plural = _("tariff quotas")
        constraints = [
            one_value_a_day("quota_once_a_day", "number"),
            models.CheckConstraint(condition=Q(volume__gt=0), name="quota_volume_positive"),
            models.CheckConstraint(condition=Q(drawn__gte=0, drawn__lte=F("volume")), name="quota_never_overdrawn"),
            models.CheckConstraint(condition=~Q(number="") & ~Q(unit=""), name="quota_number_and_unit_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {in_language(self)}"

    @property
    def balance(self) -> Decimal:
        """What is left, in `unit`."""
        return self.volume - self.drawn


class QuotaDraw(models.Model):
    """What was drawn from a quota (positive) or given back to it (negative). Append-only.

    `drawn_for` names the version of a declaration that drew, in words of the later desk.
    """

    quota = models.ForeignKey(Quota, on_delete=models.PROTECT, related_name="draws", verbose_name=_("quota"))
    drawn_for = models.CharField(_("drawn for"), max_length=60)
    item = models.PositiveSmallIntegerField(_("item"))
    quantity = models.DecimalField(_("quantity"), max_digits=20, decimal_places=6)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("draw on a quota")
        verbose_name_plural = _("draws on quotas")
        constraints = [models.CheckConstraint(condition=~Q(quantity=0), name="quota_draw_not_zero")]
        indexes = [models.Index(fields=["drawn_for"], name="quota_draw_for")]

    def __str__(self) -> str:
        return f"{self.quota_id} {self.quantity} {self.drawn_for}"


# Of two measures that agree in all of these, one may be in force on a day.
MEASURE_KEY = (
    "kind",
    "tax_code",
    "flow",
    "commodity_prefix",
    "origin",
    "procedure",
    "national_procedure",
    "preference",
    "document_code",
    "quota_number",
    "season_from",
    "season_to",
    "additive",
)


class MeasureQuerySet(DatedQuerySet[Any]):
    def covering(self, prefixes: Iterable[str], *, on: date) -> Self:
        """Measures in force on the date whose prefix is one of these.

        The end is compared as the index has it, so that what ended before `on` is not even read.
        """
        return self.not_ended(prefixes, on=on).filter(valid_from__lte=on)

    def not_ended(self, prefixes: Iterable[str], *, on: date) -> Self:
        """The same with those that begin after the date."""
        return self.alias(last_day=LAST_DAY).filter(commodity_prefix__in=list(prefixes), last_day__gte=on)


class Measure(Dated):
    """A rate of a tax for goods, or a restriction: goods that need a paper, or are prohibited.

    Of several rates that fit, `tariffs.selectors` takes one; additive ones come on top. The one for a procedure goes
    before the one without, then a quota, a preference or paper, then the more exact origin, then a season; among
    equals the longest commodity prefix wins. `origin` is a country, a country group, or empty (any). `procedure` is a
    prefix of box 37. A rate with `preference` or `document_code` applies only where the item claims that preference or
    carries that paper; one with `quota_number` only where box 39 names the quota and its balance lasts; one with a
    season (`MM-DD`, both inclusive, it may run over the new year) only within it. A restriction asks for
    `document_code` or one of `alternative_documents`. What the two `excluded` lists name is outside the measure.
    `rate_text` is kept as the law writes it and was readable when it was published.
    """

    class Kind(models.TextChoices):
        RATE = "rate", _("rate")
        RESTRICTION = "restriction", _("restriction: a paper is needed")
        PROHIBITION = "prohibition", _("prohibition")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.RATE)
    tax_code = models.CharField(_("tax"), max_length=8, blank=True, db_index=True)
    flow = models.CharField(
        _("flow"),
        max_length=6,
        choices=Flow.choices,
        blank=True,
        help_text=_("Of a restriction. A rate has its tax's."),
    )
    commodity_prefix = models.CharField(_("commodity"), max_length=11, blank=True)
    excluded_commodities = ArrayField(
        models.CharField(max_length=11), verbose_name=_("but not the commodities"), default=list, blank=True
    )
    origin = models.CharField(_("origin"), max_length=8, blank=True)
    excluded_origins = ArrayField(
        models.CharField(max_length=8), verbose_name=_("but not the countries"), default=list, blank=True
    )
    procedure = models.CharField(_("procedure"), max_length=4, blank=True)
    national_procedure = models.CharField(_("national procedure"), max_length=4, blank=True)
    preference = models.CharField(_("preference"), max_length=8, blank=True)
    document_code = models.CharField(_("document"), max_length=5, blank=True)
    alternative_documents = ArrayField(
        models.CharField(max_length=5), verbose_name=_("or one of the documents"), default=list, blank=True
    )
    quota_number = models.CharField(_("quota"), max_length=17, blank=True)
    season_from = models.CharField(_("season from"), max_length=5, blank=True, help_text=_("Month and day: 06-01."))
    season_to = models.CharField(_("season to"), max_length=5, blank=True, help_text=_("Month and day: 11-30."))
    rate_text = models.CharField(_("rate"), max_length=250, blank=True)
    additive = models.BooleanField(_("added to other measures"), default=False)
    note = models.CharField(_("note"), max_length=300, blank=True)
    note_ru = models.CharField(_("note in Russian"), max_length=300, blank=True)
    note_tg = models.CharField(_("note in Tajik"), max_length=300, blank=True)
    is_example = models.BooleanField(_("example, not published law"), default=False)
    legal_act = models.ForeignKey(
        LegalAct, on_delete=models.PROTECT, related_name="measures", verbose_name=_("legal act")
    )

    objects: ClassVar[Any] = MeasureQuerySet.as_manager()

    KEY = MEASURE_KEY

    class Meta:
        ordering = ["tax_code", "commodity_prefix", "origin", "valid_from"]
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        constraints = [
            one_value_a_day("measure_once_a_day", *MEASURE_KEY),
            models.CheckConstraint(condition=Q(commodity_prefix__regex=r"^\d{0,11}$"), name="measure_prefix_digits"),
            models.CheckConstraint(
                condition=Q(kind="rate", flow="") & ~Q(tax_code="") & ~Q(rate_text="")
                | ~Q(kind="rate") & Q(tax_code="", rate_text="", quota_number="", additive=False) & ~Q(flow=""),
                name="measure_rate_or_restriction",
            ),
            models.CheckConstraint(
                condition=~Q(kind="restriction") | ~Q(document_code=""), name="measure_restriction_names_paper"
            ),
            models.CheckConstraint(
                condition=Q(season_from="", season_to="")
                | Q(season_from__regex=r"^\d\d-\d\d$", season_to__regex=r"^\d\d-\d\d$"),
                name="measure_season_whole",
            ),
        ]
        indexes = [
            models.Index(F("commodity_prefix"), LAST_DAY, name="measure_lookup"),
            models.Index(fields=["preference"], name="measure_preference", condition=~Q(preference="")),
        ]

    def __str__(self) -> str:
        what = self.rate_text or self.document_code or self.get_kind_display()
        return f"{self.tax_code} {self.commodity_prefix or '*'} {self.origin} {what}"


class ExchangeRate(Dated):
    """National currency units for `nominal` units of `currency`, as the central bank publishes them."""

    # Put here by `tariffs.selectors.exchange_rates_in_force`: days since it began, and whether that is long.
    age: int = 0
    is_old: bool = False

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
