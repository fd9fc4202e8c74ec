"""Code lists a declaration is written in. International lists keep their standard codes."""

from datetime import date
from typing import Any, Self, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lib.languages import in_language
from lib.validity import in_force, one_value_a_day

M = TypeVar("M", bound=models.Model)


class DatedQuerySet(models.QuerySet[M]):
    def on(self, date_: date) -> Self:
        """Rows in force on `date_`."""
        return self.filter(in_force(date_))


class Dated(models.Model):
    """A row of law with a validity; both ends are inclusive, an empty end is open."""

    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects: Any = DatedQuerySet.as_manager()

    class Meta:
        abstract = True


class Named(models.Model):
    """A code with its name in three languages."""

    name = models.CharField(_("name"), max_length=250)
    name_ru = models.CharField(_("name in Russian"), max_length=250, blank=True)
    name_tg = models.CharField(_("name in Tajik"), max_length=250, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{getattr(self, 'code', '')} {in_language(self)}".strip()


class Territory(Named):
    """The customs territory whose law is loaded: exactly one row, written by `load_country`.

    The decimals of `currency` are those of its row in the list of currencies. `trade_currencies` are those in which
    most goods are invoiced, the most usual first. `edition` rises with every load and edit of a code list, so that a
    process knows when what it remembers is old.
    """

    code = models.CharField(_("country code"), max_length=2, unique=True)
    currency = models.CharField(_("currency"), max_length=3)
    trade_currencies = ArrayField(
        models.CharField(max_length=3), default=list, blank=True, verbose_name=_("currencies of most invoices")
    )
    tin_pattern = models.CharField(_("pattern of a TIN"), max_length=80, default=r"\d{9}")
    commodity_code_length = models.PositiveSmallIntegerField(_("digits of a commodity code"), default=10)
    language = models.CharField(_("language"), max_length=2, default="en")
    exchange_rate_jump = models.PositiveSmallIntegerField(_("jump of an exchange rate that is flagged, %"), default=10)
    exchange_rate_age = models.PositiveSmallIntegerField(_("days after which an exchange rate is old"), default=7)
    edition = models.PositiveBigIntegerField(_("edition of the tables"), default=0, editable=False)

    class Meta:
        verbose_name = _("customs territory")
        verbose_name_plural = _("customs territories")
        constraints = [models.UniqueConstraint(models.Value(1), name="one_territory")]


class Country(Named):
    """ISO 3166-1 alpha-2."""

    code = models.CharField(_("code"), max_length=2, unique=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("country")
        verbose_name_plural = _("countries")


class CountryGroup(Named):
    """Countries that share a treatment, such as the members of a free-trade agreement."""

    code = models.CharField(_("code"), max_length=8, unique=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("country group")
        verbose_name_plural = _("country groups")


class CountryGroupMember(Dated):
    """`country` belongs to `group` for a time."""

    group = models.ForeignKey(CountryGroup, on_delete=models.PROTECT, related_name="members", verbose_name=_("group"))
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="groups", verbose_name=_("country"))

    class Meta:
        verbose_name = _("member of a country group")
        verbose_name_plural = _("members of country groups")
        constraints = [one_value_a_day("group_member_once_a_day", "group_id", "country_id")]


class Currency(Named):
    """ISO 4217."""

    code = models.CharField(_("code"), max_length=3, unique=True)
    decimals = models.PositiveSmallIntegerField(_("decimals"))

    class Meta:
        ordering = ["code"]
        verbose_name = _("currency")
        verbose_name_plural = _("currencies")


class Unit(Named):
    """A unit of measure, UNECE Recommendation 20, with how many of `base` it makes (1000 g = 1 kg)."""

    code = models.CharField(_("code"), max_length=4, unique=True)
    symbol = models.CharField(_("symbol"), max_length=20, blank=True)
    base = models.CharField(_("base unit"), max_length=4, blank=True)
    factor = models.DecimalField(_("how many of the base unit"), max_digits=18, decimal_places=9, default=1)

    class Meta:
        ordering = ["code"]
        verbose_name = _("unit")
        verbose_name_plural = _("units")


class PackageKind(Named):
    """A kind of package, UNECE Recommendation 21."""

    code = models.CharField(_("code"), max_length=3, unique=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("kind of package")
        verbose_name_plural = _("kinds of package")


class DeliveryTerm(Named):
    """Incoterms 2020. The flags say which costs the price already holds."""

    code = models.CharField(_("code"), max_length=3, unique=True)
    includes_freight = models.BooleanField(_("price includes external freight"), default=False)
    includes_insurance = models.BooleanField(_("price includes insurance"), default=False)

    class Meta:
        ordering = ["code"]
        verbose_name = _("delivery term")
        verbose_name_plural = _("delivery terms")


class TransportMode(Named):
    """A mode of transport (box 25 and 26)."""

    code = models.CharField(_("code"), max_length=3, unique=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("mode of transport")
        verbose_name_plural = _("modes of transport")


class DocumentType(Named):
    """A paper of box 44: invoice, waybill, certificate of origin.

    `one_consignment`: it belongs to the goods it came with, and proves nothing about later ones. `valid_days` count
    from the day of the paper; None: the paper itself says how long it holds, or has no end.
    """

    code = models.CharField(_("code"), max_length=5, unique=True)
    proves_origin = models.BooleanField(_("proves origin"), default=False)
    is_invoice = models.BooleanField(_("is an invoice"), default=False)
    is_transport = models.BooleanField(_("is a transport document"), default=False)
    one_consignment = models.BooleanField(_("for one consignment"), default=False)
    valid_days = models.PositiveIntegerField(_("valid for, days"), null=True, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("document type")
        verbose_name_plural = _("document types")


class CodeListEntry(Named):
    """A short list without a table of its own: types of declaration, general procedures, valuation methods."""

    code_list = models.CharField(_("list"), max_length=20)
    code = models.CharField(_("code"), max_length=8)

    class Meta:
        ordering = ["code_list", "code"]
        verbose_name = _("entry of a short list")
        verbose_name_plural = _("entries of short lists")
        constraints = [models.UniqueConstraint(fields=["code_list", "code"], name="code_list_entry_once")]


class CorrectionRule(Dated):
    """Whether a correction of a lodged declaration needs an officer's consent, and how long it may be asked for.

    `moment` is how far the declaration has come, `effect` what the correction does to what is due. `days` count from
    the day of lodging, after release from the day of release; None: without a term. `act` is the number of the law.
    """

    class Moment(models.TextChoices):
        BEFORE_PAYMENT = "before_payment", _("before payment")
        AFTER_PAYMENT = "after_payment", _("after payment, before release")
        AFTER_RELEASE = "after_release", _("after release")

    class Effect(models.TextChoices):
        MORE = "more", _("more is due")
        LESS = "less", _("less is due")
        SAME = "same", _("the same is due")

    moment = models.CharField(_("moment"), max_length=14, choices=Moment.choices)
    effect = models.CharField(_("effect"), max_length=4, choices=Effect.choices)
    needs_consent = models.BooleanField(_("needs an officer's consent"), default=False)
    days = models.PositiveSmallIntegerField(_("days within which it may be asked for"), null=True, blank=True)
    act = models.CharField(_("legal act"), max_length=60)
    is_example = models.BooleanField(_("example, not published law"), default=False)

    class Meta:
        ordering = ["moment", "effect", "valid_from"]
        verbose_name = _("rule of corrections")
        verbose_name_plural = _("rules of corrections")
        constraints = [
            one_value_a_day("correction_rule_once_a_day", "moment", "effect"),
            models.CheckConstraint(
                condition=Q(moment__in=["before_payment", "after_payment", "after_release"])
                & Q(effect__in=["more", "less", "same"]),
                name="correction_rule_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_moment_display()}, {self.get_effect_display()}"


class RefundRule(Dated):
    """On what ground money that was paid rightly or wrongly is claimed back, and within how many days.

    `claim_days` count from the last payment; None: without a term. `decide_days` is the clock of customs, from the day
    of the claim. `by_correction`: it is asked for by correcting the declaration, never by a claim. `needs_paper`: a
    claim without a paper is not taken. `act` is the number of the law.
    """

    class Kind(models.TextChoices):
        NOT_OWED = "not_owed", _("paid, though it was not owed")
        REMISSION = "remission", _("remission in special circumstances")
        RETURNED = "returned", _("goods faulty or not as ordered, sent back or destroyed")
        RELIEF = "relief", _("relief or preference claimed late")
        ERROR = "error", _("something was declared wrongly")

    kind = models.CharField(_("ground"), max_length=9, choices=Kind.choices)
    by_correction = models.BooleanField(_("asked for by a correction of the declaration"), default=False)
    needs_paper = models.BooleanField(_("needs a paper"), default=False)
    claim_days = models.PositiveSmallIntegerField(_("days within which it may be claimed"), null=True, blank=True)
    decide_days = models.PositiveSmallIntegerField(_("days within which customs decide"))
    act = models.CharField(_("legal act"), max_length=60)
    is_example = models.BooleanField(_("example, not published law"), default=False)

    class Meta:
        ordering = ["kind", "valid_from"]
        verbose_name = _("rule of refunds")
        verbose_name_plural = _("rules of refunds")
        constraints = [
            one_value_a_day("refund_rule_once_a_day", "kind"),
            models.CheckConstraint(
                condition=Q(kind__in=["not_owed", "remission", "returned", "relief", "error"]), name="refund_rule_known"
            ),
            models.CheckConstraint(condition=Q(decide_days__gt=0), name="refund_rule_has_a_clock"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class Procedure(Dated, Named):
    """Box 37: requested + previous procedure, four digits, or a three-character national code (`is_national`).

    `suspends` means charges are secured by a guarantee and not paid; `without_guarantee`: nothing is held for them.
    `opens_account`: what it releases becomes stock, to be accounted for within `term_days` (empty: no term).
    That term is extended `extensions` times at most, by `extension_days` each at most (empty: no such limit).
    `draws_stock`: its goods come out of the stock of the `previous` procedure, and are the same goods unless
    `goods_may_differ`. They are accounted for when they are released, or where it `ends_at_exit` when they have left.
    `relief`: charges are not due in full, because the goods were here or abroad before; so for no more than came in.
    `papers` are those that box 44 must name.
    """

    code = models.CharField(_("code"), max_length=4)
    is_national = models.BooleanField(_("national code"), default=False)
    general_procedure = models.CharField(
        _("goes with box 1"), max_length=4, blank=True, help_text=_("Such as IM4; empty: any.")
    )
    suspends = models.BooleanField(_("suspends charges"), default=False)
    without_guarantee = models.BooleanField(_("asks for no guarantee"), default=False)
    needs_previous = models.BooleanField(_("needs a previous declaration"), default=False)
    draws_stock = models.BooleanField(_("draws on stock of the previous procedure"), default=False)
    goods_may_differ = models.BooleanField(_("goods may be others than those drawn on"), default=False)
    opens_account = models.BooleanField(_("opens a stock account"), default=False)
    term_days = models.PositiveIntegerField(_("term of the stock in days"), null=True, blank=True)
    extensions = models.PositiveIntegerField(_("extensions of the term at most"), null=True, blank=True)
    extension_days = models.PositiveIntegerField(_("days of an extension at most"), null=True, blank=True)
    ends_at_exit = models.BooleanField(_("ends when the goods have left"), default=False)
    relief = models.BooleanField(_("relieves of charges"), default=False)
    papers = ArrayField(models.CharField(max_length=5), verbose_name=_("papers it asks for"), default=list, blank=True)

    class Meta:
        ordering = ["is_national", "code"]
        verbose_name = _("procedure")
        verbose_name_plural = _("procedures")
        constraints = [
            one_value_a_day("procedure_once_a_day", "code", "is_national"),
            models.CheckConstraint(condition=~Q(code=""), name="procedure_code_not_empty"),
            models.CheckConstraint(
                condition=Q(opens_account=True) | Q(term_days__isnull=True), name="procedure_term_is_of_an_account"
            ),
        ]

    @property
    def requested(self) -> str:
        """The procedure that the goods enter: 71 of 7100."""
        return self.code[:2]

    @property
    def previous(self) -> str:
        """The procedure that the goods were under: 71 of 4071, whose stock it draws on."""
        return self.code[2:]
